"""Kill training and resume it: the bytes are those of an uninterrupted run; damaged unfinished work is kept.

Kills inside a save are those of ``faults.py``.
"""

import random
import signal
import tempfile
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

from nndigits.models.training.optimizers import OPTIMIZERS
from nndigits.models.training.schedules import SCHEDULES
from nndigits.stages.store import artifacts
from torture.harness.folders import digits, reproducible_files
from torture.harness.results import Result, Size, of
from torture.harness.run import Child, run

SECTION = "C"
RUNS = {"gate": 20, "long": 200}
EPOCHS = 4

OTHER_FLAGS = (
    (),
    ("--threads", "2"),
    ("--dtype", "float64", "--l2", "0.5"),
    ("--average", "0.9"),
    ("--distort", "rotate 10, translate 0.5"),
    ("--layers", "dense 12 relu, dropout 0.3, dense 10 softmax", "--cost", "log-likelihood", "--init", "he"),
    ("--keep", "last", "--max-norm", "3"),
    ("--layers", "conv 3 3x3 relu, max 2x2, dense 10 sigmoid", "--warm-up", "0.2"),
    ("--hidden", "7,5", "--batch", "37", "--l1", "0.1"),
    ("--rejects", "0.5"),
    ("--init", "N(0,1/n)", "--cost", "cross-entropy"),
)
"""Flags besides optimizer and schedule. They are eleven, so that each pair of those meets different ones over time."""


def results(size: Size) -> Iterator[Result]:
    """Kill runs of every optimizer and schedule."""
    rng = random.Random(0)
    with tempfile.TemporaryDirectory() as place:
        folder = digits(Path(place))
        same, kills, total = 0, 0, RUNS[size]
        choices = list(product(OPTIMIZERS, SCHEDULES))
        for number in range(total):
            flags = _flags(*choices[number % len(choices)], OTHER_FLAGS[number % len(OTHER_FLAGS)])
            is_same, killed = same_bytes(folder, flags, number, rng)
            same, kills = same + is_same, kills + killed
        what = f"killed twice, then resumed: {len(OPTIMIZERS)} optimizers x {len(SCHEDULES)} schedules"
        found = f"{of(same, total)} ({kills} kills)"
        yield Result(SECTION, what, found, "all the same bytes", met=same == total)


def _flags(optimizer: str, schedule: str, other: Iterable[str]) -> list[str]:
    eta = "0.01" if optimizer == "adam" else "0.5"
    flags = ["--optimizer", optimizer, "--schedule", schedule, "--epochs", str(EPOCHS), "--eta", eta, *other]
    if "--layers" not in flags and "--hidden" not in flags:
        flags += ["--hidden", "6"]
    return flags + (["--patience", "2"] if schedule == "halve" else [])


def same_bytes(folder: Path, flags: list[str], number: int, rng: random.Random) -> tuple[bool, int]:
    """Return whether a run that is killed twice ends in the same bytes, and how many kills came before its end."""
    whole, cut = folder / f"whole-{number}", folder / f"cut-{number}"
    command = ["train", "--data", folder / "data.npz", *flags, "--quiet", "-o"]
    done = run([*command, whole / "weights.npz"], folder)
    if done.code not in (0, 5):  # 5: of so few images and epochs some networks learn nothing
        raise RuntimeError(f"{flags}: {done.code}, {done.err}")
    kills = sum(kill_once([*command, cut / "weights.npz", *_resume(cut)], folder, done.seconds, rng) for _ in range(2))
    if run([*command, cut / "weights.npz", *_resume(cut)], folder).code != done.code:
        return False, kills
    return reproducible_files(whole) == reproducible_files(cut), kills


def _resume(folder: Path) -> list[str]:
    """Return ``--resume`` if there is a checkpoint, which must be valid."""
    if not (folder / "checkpoint.npz").exists():
        return []
    artifacts.load(folder / "checkpoint.npz", "checkpoint")
    return ["--resume"]


def kill_once(command: list[Any], folder: Path, seconds: float, rng: random.Random) -> bool:
    """Start a run and kill it at a random moment; return whether it was killed before its end."""
    child = Child(command, folder)
    child.run_for(rng.uniform(0, seconds))
    child.send(signal.SIGKILL)
    return child.wait().code == -signal.SIGKILL
