"""Fault injection: run each stage with its n-th system call on files failing, for n = 1, 2, 3 ...

After each run every file must be the old one or the new one, complete, and a run that ends with 0 must have made the
new ones, as without a fault. The loop ends with a run without a failed call. ``faults.c``, a library loaded before
libc, makes them fail.
"""

import errno
import json
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from small import SMALL
from support import draw_one, write_idx

from nndigits.stages.datasets.registry import MNIST
from nndigits.stages.store import artifacts
from torture.harness.folders import ram_folder
from torture.harness.results import Result, Size, all_of
from torture.harness.run import Outcome, Server, map_in_threads

SECTION = "B"


class Fault(NamedTuple):
    """How a call is disturbed: a mode of ``faults.c``, and an error or a signal."""

    mode: int
    error: int


ONCE, ALWAYS, SHORT, BEFORE, AFTER, TORN = range(6)
ERRORS = (errno.EIO, errno.ENOSPC, errno.EMFILE, errno.EPERM, errno.ENOLCK)
FAULTS = (
    *(Fault(mode, error) for mode in (ONCE, ALWAYS) for error in ERRORS),
    Fault(SHORT, 0),
    Fault(BEFORE, signal.SIGKILL),
    Fault(TORN, signal.SIGKILL),
    Fault(AFTER, signal.SIGINT),
    Fault(AFTER, signal.SIGTERM),
)
GATE = (*FAULTS[:3], Fault(BEFORE, signal.SIGKILL), Fault(ALWAYS, errno.EIO))
STEP = 3
"""In the gate, every third call of a stage meets one of these, the next one the next."""

CODES = {0, 1, 130, 143, -9}
"""Done, system error, interrupted, terminated, killed; and 3, where EPERM says that a file may not be opened."""

TIMED = ("timings.csv", "compare.md", "sweep.json", "results.csv", "report.html")
TIMED_FILE = b"there"
"""Files that contain measured times, of which only is compared that they are there."""

Files = dict[str, bytes]

PREPARED = (
    "train --data ../in.npz --hidden 3 --epochs 1 -o net.npz",
    "baseline random --data ../in.npz -o guess.npz",
    "eval --data ../in.npz guess.npz",
    "eval --data ../in.npz net.npz",
    "export net.npz -o net.safetensors",
)
"""What the folder of a stage holds before is made by these."""

MOST_CALLS = 1000

STAGES = {
    "fetch": "fetch --from {idx} -o {}/data.npz",
    "train": "train --data {in} --hidden 3 --epochs 1 -o {}/weights.npz",
    "eval": "eval --data {in} {}/net.npz -o {}/eval.json",
    "baseline random": "baseline random --data {in} -o {}/random.npz",
    "baseline darkness": "baseline darkness --data {in} -o {}/darkness.npz",
    "baseline svm": "baseline svm --data {in} -o {}/svm.npz",
    "compare": "compare {} --data {in} -o {}/compare.json",
    "report": "report {} --data {in} -o {}/report.html",
    "export": "export {}/net.npz -o {}/net.onnx",
    "import": "import {}/net.safetensors -o {}/imported.npz",
    "sweep": "sweep --data {in} --hidden 3 --epochs 1 --workers 1 -o {}/s",
}

PLOTS = {
    "find-eta --plot": "find-eta --data {in} --hidden 3 --plot {}/eta.svg",
    "show --plot": "show {in} --plot {}/digits.png",
    "show weights --plot": "show {}/net.npz --plot {}/weights.svg",
    "eval --plot": "eval --data {in} {}/net.npz -o {}/eval.json --plot {}/eval.png",
    "compare --plot": "compare {} --data {in} -o {}/compare.json --plot {}/compare.png",
    "predict --save-seen": "predict {picture} --weights {}/net.npz --save-seen {}/seen.png",
    "read --plot": "read {picture} --weights {}/net.npz --plot {}/boxes.png",
}
"""Stages for the long run, because they are slower to start."""


@dataclass(frozen=True)
class Point:
    """One run in which one call fails: whether one failed, the trace of calls, and what is wrong with its files."""

    fired: bool
    trace: str
    complaints: tuple[str, ...]


def results(size: Size) -> Iterator[Result]:
    """One result over all stages, and one for the order of the calls."""
    compiler = shutil.which("cc")
    if compiler is None:
        yield Result(SECTION, "every call on files fails, at every stage", "no C compiler", "all old or new", None)
        return
    with tempfile.TemporaryDirectory(dir=ram_folder()) as name:
        library = Path(name) / "faults.so"
        source = Path(__file__).with_name("faults.c")
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
        attack = Attack(Server(LD_PRELOAD=str(library)), Path(name))
        stages = STAGES if size == "gate" else {**STAGES, **PLOTS}
        faults = [GATE] if size == "gate" else [(fault,) for fault in FAULTS]
        loops = map_in_threads(lambda one: attack.loop(*one), product(stages, faults))
        points = [*chain(*loops)]
        complaints = [complaint for point in points for complaint in point.complaints]
        what = f"each call on files of {len(stages)} stages fails in turn: old or new, and said"
        yield all_of(SECTION, what, sum(not point.complaints for point in points), len(points), complaints)
        orders = [is_in_order(loop[-1].trace) for loop in loops]
        yield all_of(SECTION, "create, write, fsync, close, rename, fsync of the folder", sum(orders), len(orders))


def is_in_order(trace: str) -> bool:
    """Return whether the files are created, written, synced, closed and renamed, and then their folder is synced."""
    calls = re.sub(r"\b(mkdir|list|read|flock|fchmod) ", "", trace)
    return "rename" in calls and len(re.findall(r"create (?:write )+fsync close rename open fsync close", calls)) == (
        calls.count("rename")
    )


class Attack:
    """The inputs of the stages, and one run after the other."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server, self.folder, self.base = server, folder, folder / "base"
        self.inputs = {what: folder / name for what, name in (("in", "in.npz"), ("picture", "one.png"), ("idx", "idx"))}
        artifacts.save(self.inputs["in"], *SMALL["dataset"]())
        draw_one(self.inputs["picture"])
        self.inputs["idx"].mkdir()
        for part, count in (("train", 6), ("test", 3)):
            write_idx(self.inputs["idx"] / MNIST.file_names[f"{part}_images"], np.zeros((count, 5, 6)))
            write_idx(self.inputs["idx"] / MNIST.file_names[f"{part}_labels"], np.arange(count))
        self.base.mkdir()
        for line in PREPARED:
            self.done(line.split(), self.base)
        for name in ("timings.csv", "net-checkpoint.npz", "net-history.csv"):
            (self.base / name).unlink()

    def done(self, words: Sequence[str], folder: Path) -> None:
        """Run a command that must succeed."""
        if (ran := self.server.run(*words, folder=folder)).code:
            raise RuntimeError(f"{words} fails without a fault: {ran.err}")

    def loop(self, stage: str, faults: Sequence[Fault]) -> list[Point]:
        """Run a stage with its first call failing, its second, and so on, until no call fails."""
        place = self.place()
        self.done(self.command(stage, place), self.folder)
        before, new = outputs(self.base), outputs(place)
        # Damaged files of nn's own are replaced; unfinished work and what a sweep reads are not.
        old = {
            name: (place / name).read_bytes() + b" old"
            for name in new.keys() - before.keys()
            if "/" not in name and not name.endswith(("checkpoint.npz", "pairs.npz", "timings.csv"))
        }
        points = []
        for number in range(1, MOST_CALLS, 1 if len(faults) == 1 else STEP):
            points.append(self.run(stage, number, faults[number % len(faults)], old, new))
            if not points[-1].fired:
                return points
        raise RuntimeError(f"{stage} makes more than {MOST_CALLS} calls")

    def run(self, stage: str, number: int, fault: Fault, old: Files, new: Files) -> Point:
        """Run a stage once, over old files with the names of its outputs."""
        place = self.place()
        for name, blob in old.items():
            (place / name).write_bytes(blob)
        told = json.dumps([str(place), number, *fault])
        ran = self.server.run(*self.command(stage, place), folder=self.folder, fault=told)
        report = re.search(r"(fired|untouched): (.*)\n", ran.err)
        fired, trace = report is None or report[1] == "fired", report[2] if report else ""
        complaints = wrong(ran, fired, fault, place, old, new)
        what = f"{stage}, call {number}, {fault}"
        found = tuple(f"{what}: {complaint}" for complaint in complaints)
        shutil.rmtree(place)
        return Point(fired, trace, found)

    def command(self, stage: str, place: Path) -> list[str]:
        """Return the command with its input and output paths."""
        return [part.format(place, **self.inputs) for part in {**STAGES, **PLOTS}[stage].split()]

    def place(self) -> Path:
        """Make a folder for one run, with what the stages read."""
        place = Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copytree(self.base, place, dirs_exist_ok=True)
        return place


def wrong(ran: Outcome, fired: bool, fault: Fault, place: Path, old: Files, new: Files) -> Iterator[str]:
    """Yield what is wrong with the end of a run and with its files."""
    is_forbidden = fault.error == errno.EPERM and fault.mode in (ONCE, ALWAYS)
    if ran.hung or ran.code not in CODES | ({3} if is_forbidden else set()) or (not fired and ran.code):
        yield f"ends with {ran.code}: {ran.err[-300:]}"
    said = [line for line in ran.err.splitlines() if line.startswith("nn: ") and "cannot be locked" not in line]
    if "Traceback" in ran.err or (ran.code in (1, 3) and len(said) != 1):
        yield f"{len(said)} lines: {ran.err[:300]}"
    left = outputs(place)
    for name, blob in left.items():
        is_one = blob in (old.get(name), new.get(name), TIMED_FILE) or is_intermediate(place / name)
        if not is_one and not (is_forbidden and "Skipped" in ran.err):
            yield f"{name} is neither old nor new"
    if ran.code == 0 and not is_forbidden:
        made = {name: blob for name, blob in left.items() if name in new or not is_intermediate(place / name)}
        if other := sorted({name for name, _ in made.items() ^ new.items()}):
            yield f"ends with 0, but has other files: {other}"
    if fault.mode in (ONCE, SHORT) and list(place.rglob("*.tmp")):
        yield "leaves a temporary file"


def is_intermediate(path: Path) -> bool:
    """Return whether a file is a valid intermediate result, from which the stage can resume."""
    kind = next((kind for end, kind in (("pairs", "svm-pairs"), ("checkpoint",) * 2) if path.stem.endswith(end)), "")
    return bool(kind) and artifacts.load(path, kind).kind == kind


def outputs(place: Path) -> Files:
    """Return the files by name, without temporary and lock files."""
    return {
        str(path.relative_to(place)): TIMED_FILE if path.name in TIMED else path.read_bytes()
        for path in place.rglob("*")
        if path.is_file() and path.suffix not in (".tmp", ".lock")
    }
