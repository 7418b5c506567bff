"""The same inputs give the same bytes in every environment.

    python -m torture.commands.same_bytes FOLDER THREADS DAYS

runs every stage once, in this process, and prints the sha256 of each file as JSON. THREADS is the number of threads of
stages whose bytes must not depend on it. DAYS moves the clock forward.
"""

import contextlib
import datetime
import getpass
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from support import REPOSITORY

from nndigits.cli.main import main
from torture.harness.folders import draw_pictures, reproducible_files
from torture.harness.results import Result, Size, of

SECTION = "D"


class Environment(NamedTuple):
    """What can differ between two runs."""

    what: str
    variables: dict[str, str]
    threads: int = 2
    days: int = 0
    umask: int = 0o022
    folder: str = "plain"
    processors: int = 0


ALL = {
    "PYTHONHASHSEED": "1",
    "OPENBLAS_NUM_THREADS": "8",
    "OMP_NUM_THREADS": "4",
    "TZ": "Asia/Tokyo",
    "LC_ALL": "tr_TR.UTF-8",
    "LANG": "tr_TR.UTF-8",
    "USER": "somebody",
    "LOGNAME": "somebody",
}

EVERYTHING = Environment("all at once", ALL, 4, 1, 0o077, "ein Ordner/ü", 1)
ENVIRONMENTS = {
    "gate": (EVERYTHING,),
    "long": (
        Environment("two runs", {}),
        *(Environment(f"{name} {value}", {name: value}) for name, value in ALL.items()),
        *(Environment(f"hash seed {seed}", {"PYTHONHASHSEED": seed}) for seed in ("2", "random")),
        *(Environment(f"{n} workers", {}, threads=n) for n in (1, 4)),
        Environment("umask 077", {}, umask=0o077),
        Environment("another folder", {}, folder="ein Ordner/ü"),
        Environment("a day later", {}, days=1),
        Environment("one processor", {}, processors=1),
        EVERYTHING,
    ),
}
"""In the long run, also what differs one by one, which says what a difference comes from."""


def results(size: Size) -> Iterator[Result]:
    """Run the pipeline in each environment, and compare the bytes."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        first = Environment("the first run", {})
        usual = _files(first, base / "first")
        environments = ENVIRONMENTS[size]
        with ThreadPoolExecutor(2) as pool:
            others = list(pool.map(lambda item: _files(item[1], base / str(item[0])), enumerate(environments)))
        different = {
            file for other in others for file in usual.keys() | other.keys() if usual.get(file) != other.get(file)
        }
        for environment, other in zip(environments, others, strict=True):
            if other != usual:
                print(f"     {environment.what}: {sorted(file for file in usual if usual[file] != other.get(file))}")
        what = f"files with one sha256 in {len(environments) + 1} environments"
        yield Result(SECTION, what, of(len(usual) - len(different), len(usual)), "all", not different)
        personal = sorted(_personal(base / "first" / first.folder))
        for line in personal:
            print(f"     {line}")
        what = "files with a date, a host or user name, or a folder"
        yield Result(SECTION, what, str(len(personal)), "0", not personal)


def _files(environment: Environment, base: Path) -> dict[str, str]:
    """Run the pipeline in an environment; return the sha256 of each file."""
    allowed = (
        sorted(os.sched_getaffinity(0))[: environment.processors or None] if hasattr(os, "sched_getaffinity") else []
    )

    def before() -> None:
        os.umask(environment.umask)
        if allowed:
            os.sched_setaffinity(0, allowed)

    numbers = (str(environment.threads), str(environment.days))
    done = subprocess.run(
        [sys.executable, "-m", "torture.commands.same_bytes", str(base / environment.folder), *numbers],
        cwd=REPOSITORY / "tests",
        env={**os.environ, "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", **environment.variables},
        preexec_fn=before,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{environment.what}: {done.stderr[-500:]}")
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def _personal(folder: Path) -> Iterator[str]:
    """Yield what files say about who made them, where and when."""
    names = {str(folder), str(Path.home()), socket.gethostname(), getpass.getuser()} - {"root", "localhost", "/"}
    words = [re.escape(name) for name in names if len(name) > 3]
    pattern = re.compile("|".join([*words, r"\b20[2-9][0-9]-[01][0-9]-[0-3][0-9]\b"]).encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "timings.csv" and (found := pattern.search(path.read_bytes())):
            yield f"{path.name}: {found[0]!r}"


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


def run_stages(folder: Path, threads: int, days: int) -> dict[str, str]:
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
    sys.modules["pandas"] = None  # type: ignore[assignment]  # scikit-learn imports it, and it crashes under another clock
    print(json.dumps(run_stages(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
