"""The most used screens of nn at 60 and 120 columns, as the text files in tests/cli/screens.

They are printed in this process, on scikit-learn's digits and on weights without training, so that they are the same on
every machine. Times, hashes, versions and folders are masked, and all numbers of a training run.

    python tests/screens.py     # write the files again, after a change that is meant
"""

import io
import os
import re
import shlex
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from support import command, seven

from nndigits.cli.main import main
from nndigits.stages.datasets.registry import EMNIST
from nndigits.stages.datasets.registry_entry import KnownSet
from nndigits.stages.evaluate import evaluate
from nndigits.stages.fetch import fetch
from nndigits.stages.own_images import pictures
from nndigits.stages.runs import network_artifacts
from nndigits.stages.runs.new_network import new_network
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts

FOLDER = Path(__file__).with_name("cli") / "screens"
WIDTHS = (60, 120)

SCREENS = {
    "overview": "nn",
    "help": "nn --help",
    "train-stuck": "nn train --epochs 3 --eta 1e-5 --init 'N(0,1/n)' -o stuck.npz",
    "recipes": "nn recipes",
    "eval": "nn eval",
    "eval-letters": "nn eval letters/weights.npz --data letters/data.npz",
    "predict-folder": "nn predict pictures",
    "show-data": "nn show artifacts/data.npz",
    "show-weights": "nn show artifacts/weights.npz",
    "compare": "nn compare",
    "status": "nn status",
    "demo-gradient-descent": "nn demo gradient-descent",
}
"""Those whose layout depends on the width: wrapped prose, tables, pictures, drawings."""

MASKS = (
    (re.compile(r"\b[0-9a-f]{64}\b"), "<sha256>"),
    (re.compile(r"\d+\.\d\d s\b"), "#.## s"),
    (re.compile(r"(?<=sha256: )[0-9a-f]{8}\b|(?<=\()[0-9a-f]{8}(?=\))"), "########"),
    (re.compile(r"^( *versions:).*(?:\n {2,}\S.*)*", re.MULTILINE), r"\1 <versions>"),
)
TRAINING = re.compile(r"(?<=: )[\d,]+(?= of)|(?<=cost )[\d.]+|kept epoch \d+|(?<=no )[\d, or]+(?= is)")


class Screen(NamedTuple):
    """What a command printed on both streams together, on stdout alone, and its exit code."""

    text: str
    stdout: str
    code: int


class Copy(io.TextIOWrapper):
    """A stream that also writes into another."""

    def __init__(self, other: io.TextIOWrapper) -> None:
        super().__init__(io.BytesIO(), "utf-8", write_through=True)
        self.other = other

    def write(self, text: str) -> int:
        """Write to both."""
        self.other.write(text)
        return super().write(text)


def make_place(folder: Path) -> None:
    """Fill a folder with data, weights without training, their evaluation, and pictures."""
    home = folder / "artifacts"
    fetch(home / "data.npz", dataset="digits")
    data = artifacts.load(home / "data.npz", "dataset")
    means = np.stack([
        data.arrays["train_images"][data.arrays["train_labels"] == digit].mean(axis=0, dtype="f8").ravel() / 255
        for digit in range(10)
    ])  # fmt: skip
    nearest_mean = {"weights_1": means, "biases_1": -(means**2).sum(axis=1) / 2}
    about = {"layers": ["dense 10 sigmoid"], "cost": "quadratic", "image": [8, 8]}
    _save_weights(home / "weights.npz", data, about, nearest_mean)
    layers = "conv 4 3x3 relu, max 2x2, dense 20 relu, dense 10 softmax"
    parameters = Parameters(hidden=(), layers=layers, cost="log-likelihood")
    network = new_network(parameters, (8, 8), 10, np.random.default_rng(0))
    arrays = network_artifacts.to_arrays(network)
    _save_weights(home / "maps.npz", data, network_artifacts.to_about(network, (8, 8)), arrays)
    evaluate(home / "maps.npz", home / "data.npz", home / "maps-eval.json")
    drawn = (255 * (0.8 - 0.6 * seven())).astype(np.uint8)
    pictures.save(folder / "seven.png", drawn)
    pictures.save(folder / "pictures" / "a seven.png", drawn)
    pictures.save(folder / "pictures" / "empty.png", np.full((50, 50), 204, np.uint8))
    pictures.save(folder / "strip.png", np.hstack([drawn, drawn, drawn]))
    (folder / "pictures" / "notes.jpg").write_bytes(b"%PDF-1.7")
    for number in range(8):
        pictures.save(folder / "shapes" / "seven" / f"{number}.png", np.roll(drawn, number, axis=0))
        pictures.save(folder / "shapes" / "upside down" / f"{number}.png", np.roll(drawn[::-1], number, axis=0))
    shutil.copy(folder / "pictures" / "empty.png", folder / "shapes" / "seven" / "empty.png")
    (folder / "shapes" / "readme.txt").write_text("mine")
    make_named(folder / "letters", EMNIST[1])


def make_named(folder: Path, known: KnownSet) -> None:
    """Write a data set with the classes of a known one, and a network of the nearest mean, which errs."""
    names, rng = known.class_names, np.random.default_rng(1)
    means = rng.integers(0, 200, (len(names), 8, 8))
    arrays = {}
    for split, each in (("train", 4), ("validation", 2), ("test", 30)):
        labels = np.arange(each * len(names)) % len(names)
        mixed = 0.6 * means[labels] + 0.4 * means[(labels + rng.integers(0, 4, len(labels))) % len(names)]
        noise = rng.normal(0, 60, mixed.shape)
        arrays[f"{split}_images"] = np.clip(mixed + noise, 0, 255).astype(np.uint8)
        arrays[f"{split}_labels"] = labels.astype(np.uint8)
    dataset = {"name": folder.name, "verified": False, "classes": len(names), "names": list(names), "source": {}}
    meta = artifacts.describe("dataset", parameters={"validation": 2 * len(names)}, dataset=dataset)
    artifacts.save(folder / "data.npz", meta, arrays)
    data = artifacts.load(folder / "data.npz", "dataset")
    rows = means.reshape(len(names), -1) / 255
    about = {"layers": [f"dense {len(names)} sigmoid"], "cost": "quadratic", "image": [8, 8]}
    weights = {"weights_1": rows, "biases_1": -(rows**2).sum(axis=1) / 2}
    _save_weights(folder / "weights.npz", data, about, weights)


def _save_weights(path: Path, data: artifacts.Artifact, network: dict, arrays: dict[str, np.ndarray]) -> None:
    calibration = {"temperature": 0.25, "images": 256, "error_before": 0.25, "error_after": 0.125}
    about = {**network, "epoch": 0, "validation_correct": 230, "validation_total": 256, "calibration": calibration}
    parameters = {"epochs": 1, "eta": 0.5}
    meta = artifacts.describe(
        "weights", parameters=parameters, inputs={"data": data}, dataset=data.meta["dataset"], about=about
    )
    artifacts.save(path, meta, {name: array.astype(np.float32) for name, array in arrays.items()})


def run(line: str, columns: int, folder: Path) -> Screen:
    """Run a command in this process, in a folder, and return what it printed on both streams."""
    both = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
    stdout = Copy(both)
    with _surroundings(folder, columns, [command(), *shlex.split(line)[1:]]):
        sys.stdout, sys.stderr = stdout, both
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    text, result = (stream.buffer.getvalue().decode() for stream in (both, stdout))
    return Screen("\n".join(part.rstrip() for part in text.splitlines()), result, code)


@contextmanager
def _surroundings(folder: Path, columns: int, arguments: list[str]) -> Iterator[None]:
    """Set the folder, the width, the arguments and no colours, and put everything back at the end."""
    before = sys.argv, sys.stdout, sys.stderr, dict(os.environ), Path.cwd(), sys.unraisablehook
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    os.chdir(folder)
    for name in ("NN_DEBUG", "FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS"):
        os.environ.pop(name, None)
    os.environ |= {
        "COLUMNS": str(columns),
        "NO_COLOR": "1",
        "_TYPER_FORCE_DISABLE_TERMINAL": "1",
        "XDG_CACHE_HOME": "/nowhere",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    sys.argv = arguments
    try:
        yield
    finally:
        sys.argv, sys.stdout, sys.stderr, environment, back, sys.unraisablehook = before
        os.environ.clear()
        os.environ |= environment
        os.chdir(back)
        for number, handler in handlers.items():
            signal.signal(number, handler)


def masked(name: str, text: str, folder: Path) -> str:
    """Replace what differs from run to run or from machine to machine."""
    text = text.replace(str(folder), "<folder>")
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return TRAINING.sub("#", text) if name.startswith("train") else text


def screens(folder: Path) -> dict[str, str]:
    """Return the text of each file: what a command prints at each width."""
    pages = dict.fromkeys(SCREENS, "")
    for columns in WIDTHS:
        place = folder / str(columns)
        make_place(place)
        for name, line in SCREENS.items():
            if name == "compare":
                (place / "artifacts" / "timings.csv").unlink(missing_ok=True)  # unknown times are the same everywhere
            screen = run(line, columns, place)
            head = f"$ {line}    # {columns} columns, exit code {screen.code}"
            pages[name] += f"{head}\n{masked(name, screen.text, place)}\n\n"
    return pages


def write() -> None:
    """Write the files again."""
    with tempfile.TemporaryDirectory() as folder:
        pages = screens(Path(folder))
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for name, page in pages.items():
        (FOLDER / f"{name}.txt").write_text(page)


if __name__ == "__main__":
    write()
