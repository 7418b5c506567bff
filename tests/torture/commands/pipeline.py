"""Run every stage once in this process, and print the sha256 of each file as JSON.

    python -m torture.commands.pipeline FOLDER THREADS DAYS

THREADS is the number of threads of stages whose bytes must not depend on it. DAYS moves the clock forward.
"""

import contextlib
import datetime
import json
import os
import shlex
import sys
import time
from pathlib import Path

from nndigits.cli.main import main
from torture.harness.folders import draw_pictures, reproducible_files

sys.modules["pandas"] = None  # type: ignore[assignment]  # scikit-learn imports it, and it crashes under another clock
CONV = "conv 3 3x3, norm relu, max 2x2, dropout 0.2, dense 10 softmax"

COMMANDS = (
    ("fetch.json", "fetch --dataset digits --json"),
    ("", "train -q --epochs 3"),
    ("", "train -q --epochs 2 --optimizer adam --eta 0.01 --batch 128 --threads 2 --average 0.9 -o artifacts/adam.npz"),
    ("", f"train -q --epochs 2 --eta 0.5 --layers '{CONV}' --cost log-likelihood --distort -o artifacts/conv.npz"),
    ("", "find-eta -q --plot eta.svg"),
    ("eval.json", "eval --json --plot eval.png"),
    ("", "show artifacts/history.csv artifacts/adam-history.csv --plot curves.svg"),
    ("", "show artifacts/conv.npz --plot filters.png"),
    ("", "eval -q artifacts/adam.npz artifacts/conv.npz --shifts 1 -o artifacts/vote.json"),
    ("", "baseline random -q"),
    ("", "baseline darkness -q"),
    ("", "baseline svm -q --threads {threads}"),
    ("", "baseline svm -q --search --train-size 300 --threads {threads} -o artifacts/searched.npz"),
    ("", "compare -q --seeds 1 --epochs 2 --hidden 5 --plot compare.svg"),
    ("predict.json", "predict --json --index 0 --index 3 --save-seen seen.png"),
    ("read.json", "read row.png --json --plot boxes.svg"),
    ("handwriting.json", "predict pictures/digit-1.png pictures/digit-2.png --json --save-seen written.png"),
    ("show.json", "show artifacts/data.npz --index 3 --distort --plot show.png --json"),
    ("overview.txt", "demo"),
    ("demo.json", "demo sigmoid --json --plot sigmoid.svg"),
    ("steepest.json", "demo steepest --json --plot steepest.png"),
)
"""The file for stdout, if any, and the arguments."""


def run(folder: Path, threads: int, days: int) -> dict[str, str]:
    """Run all commands in a new folder; return the sha256 of each file."""
    move_clock(days)
    folder.mkdir(parents=True)
    os.chdir(folder)
    for name, arguments in COMMANDS:
        sys.argv = ["nn", *shlex.split(arguments.format(threads=threads))]
        with open(name or os.devnull, "w", encoding="utf-8") as out, contextlib.redirect_stdout(out):
            try:
                main()
            except SystemExit as end:
                if end.code not in (None, 0, 5):  # 5: of so few images and epochs some networks learn nothing
                    raise RuntimeError(f"{sys.argv}: {end.code}") from None
        if name == "fetch.json":
            draw_pictures(folder / "pictures")
    return reproducible_files(folder)


def move_clock(days: int) -> None:
    """Move Python's clocks forward."""
    ahead, now = days * 86_400, time.time

    class Later(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> "Later":
            return super().now(tz) + datetime.timedelta(days=days)

    time.time = lambda: now() + ahead
    time.time_ns = lambda: int((now() + ahead) * 10**9)
    datetime.datetime = Later  # type: ignore[misc]


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
