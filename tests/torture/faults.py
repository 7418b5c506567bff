"""Each stage with the n-th of its calls that write failing, n = 1, 2, 3 ... until it passes untouched.

After each run every file must be the old one or the new one, whole, and a run that ends with 0 must have made the new
ones. The calls fail in a library that is loaded before libc's, ``faults.c``.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np
from small import SMALL
from support import draw_one, write_idx

from nn.stages.datasets.known_sets import MNIST
from nn.stages.store import artifacts as store
from torture.door import Servers, at_once
from torture.figures import Figure, Size, of

SECTION = "B"
MODES = (
    "killed",
    "torn, then killed",
    "no space once",
    "no space from then on",
    "I/O error once",
    "I/O errors from then on",
    "a short write",
    "Ctrl-C",
    "SIGTERM",
)
GATE = ("killed", "no space once")
CODES = {0, 1, 130, 143, -9}
"""Done, the world failed, interrupted, terminated, killed."""

MOST_CALLS = 500

STAGES = {
    "fetch": ("fetch", "--from", "{idx}", "-o", "{}/data.npz"),
    "train": ("train", "--data", "{in}", "--hidden", "3", "--epochs", "1", "-o", "{}/weights.npz"),
    "eval": ("eval", "--data", "{in}", "--weights", "{weights}", "-o", "{}/eval.json"),
    "baseline random": ("baseline", "random", "--data", "{in}", "-o", "{}/random.npz"),
    "baseline darkness": ("baseline", "darkness", "--data", "{in}", "-o", "{}/darkness.npz"),
    "baseline svm": ("baseline", "svm", "--data", "{in}", "-o", "{}/svm.npz"),
    "compare": ("compare", "{}", "--data", "{in}", "-o", "{}/compare.json"),
}
PLOTS = {
    "train --find-eta --plot": ("train", "--find-eta", "--data", "{in}", "--hidden", "3", "--plot", "{}/eta.svg"),
    "show --plot": ("show", "{in}", "--plot", "{}/digits.png"),
    "show weights --plot": ("show", "{weights}", "--plot", "{}/weights.svg"),
    "eval --plot": (
        *("eval", "--data", "{in}", "--weights", "{weights}", "-o", "{}/eval.json"),
        *("--plot", "{}/eval.png"),
    ),
    "compare --plot": ("compare", "{}", "--data", "{in}", "-o", "{}/compare.json", "--plot", "{}/compare.png"),
    "predict --save-seen": ("predict", "{picture}", "--weights", "{weights}", "--save-seen", "{}/seen.png"),
    "read --plot": ("read", "{picture}", "--weights", "{weights}", "--plot", "{}/boxes.png"),
}
"""Slower to start: for the long run."""


@dataclass(frozen=True)
class Point:
    """One run with one call failing: what it ended with, and what is wrong with what it left."""

    code: int
    fired: bool
    trace: str
    complaints: tuple[str, ...]


def figures(size: Size) -> Iterator[Figure]:
    """A figure a mode, over all stages, and one for the order of the calls."""
    compiler = shutil.which("cc")
    if compiler is None:
        yield Figure(SECTION, "every call that writes fails, at every stage", "no C compiler", "all old or new", None)
        return
    with tempfile.TemporaryDirectory() as name:
        library = Path(name) / "faults.so"
        source = Path(__file__).with_suffix(".c")
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
        stages = STAGES if size == "gate" else {**STAGES, **PLOTS}
        attack = Attack(Servers(str(library)), Path(name), stages)
        for mode in MODES if size == "long" else GATE:
            points = [*chain(*at_once(partial(attack.loop, mode), stages))]
            complaints = [complaint for point in points for complaint in point.complaints]
            for complaint in complaints[:5]:
                print("   ", complaint)
            good = sum(not point.complaints for point in points)
            what = f"each call of {len(stages)} stages in turn: {mode}"
            yield Figure(SECTION, what, f"{of(good, len(points))} old or new", "all", not complaints)
        traces = [attack.run(stage, 0, MODES[0]).trace for stage in stages]
        good = sum(is_in_order(trace) for trace in traces)
        what = "create, write, fsync, close, rename, fsync of the folder"
        yield Figure(SECTION, what, f"{of(good, len(traces))} stages", "all", good == len(traces))


def is_in_order(trace: str) -> bool:
    """Whether each file is made, written, forced to the disk, closed, renamed, and its folder forced to the disk."""
    save = "(mkdir )*create (write )+fsync close rename open fsync close unlink "
    probe = "(mkdir )*create close unlink "
    gone = "unlink "
    log = "create write close "
    return re.fullmatch(f"({save}|{probe}|{gone}|{log})+", trace) is not None and "rename" in trace


class Attack:
    """The stages with their inputs, and what each leaves behind where nothing fails."""

    def __init__(self, servers: Servers, folder: Path, stages: Mapping[str, Sequence[str]]) -> None:
        self.servers, self.folder, self.stages = servers, folder, stages
        names = {"in": "in.npz", "weights": "in-weights.npz", "picture": "one.png", "idx": "idx"}
        self.inputs = {what: folder / name for what, name in names.items()}
        store.save(self.inputs["in"], *SMALL["dataset"]())
        store.save(self.inputs["weights"], *SMALL["weights"]())
        draw_one(self.inputs["picture"])
        self.inputs["idx"].mkdir()
        for part, count in (("train", 6), ("test", 3)):
            write_idx(self.inputs["idx"] / MNIST.file_names[f"{part}_images"], np.zeros((count, 5, 6)))
            write_idx(self.inputs["idx"] / MNIST.file_names[f"{part}_labels"], np.arange(count))
        self.new = {stage: self.control(stage) for stage in stages}

    def control(self, stage: str) -> dict[str, bytes]:
        """What the stage makes."""
        place = self.place()
        ran = self.servers.run(*self.command(stage, place), folder=self.folder)
        if ran.code:
            raise RuntimeError(f"{stage} does not even work untouched: {ran.err}")
        return artifacts(place)

    def loop(self, mode: str, stage: str) -> list[Point]:
        """All runs of a stage, until one passes untouched."""
        points = []
        for number in range(1, MOST_CALLS):
            points.append(self.run(stage, number, mode))
            if not points[-1].fired:
                return points
        raise RuntimeError(f"{stage} never passes untouched")

    def run(self, stage: str, number: int, mode: str) -> Point:
        """One run, over old files of the same names."""
        place = self.place()
        old = {name: b"old " + name.encode() for name in self.new[stage]}
        for name, blob in old.items():
            (place / name).write_bytes(blob)
        fault = (str(place), number, MODES.index(mode))
        ran = self.servers.run(*self.command(stage, place), folder=self.folder, fault=fault)
        found = re.search(r"(fired|untouched): (.*)\n", ran.err)
        fired = found is None or found[1] == "fired"
        complaints = []
        if ran.code not in CODES or "Traceback" in ran.err or (not fired and ran.code):
            complaints.append(f"ends with {ran.code}: {ran.err.strip()[:200]}")
        left = artifacts(place)
        for name, blob in left.items():
            if blob not in (old.get(name), self.new[stage].get(name)) and not is_on_the_way(place / name):
                complaints.append(f"{name} is neither old nor new")
        done = {name: blob for name, blob in left.items() if not (fired and is_on_the_way(place / name))}
        if ran.code == 0 and done != self.new[stage]:
            complaints.append("ends with 0, and not all is new")
        calls = found[2].split() if found else []
        could_remove = not mode.startswith("I/O errors") and calls[number - 1 : number] != ["unlink"]
        if ran.code != -9 and could_remove and list(place.glob("*.tmp")):
            complaints.append("leaves a temporary file")
        shutil.rmtree(place)
        told = tuple(f"{stage}, call {number}, {mode}: {complaint}" for complaint in complaints)
        return Point(ran.code, fired, found[2] if found else "", told)

    def command(self, stage: str, place: Path) -> list[str]:
        """The command, with its inputs and its output put in."""
        return [part.format(place, **self.inputs) for part in self.stages[stage]]

    def place(self) -> Path:
        """A folder for one run; `nn compare` finds a baseline there."""
        place = Path(tempfile.mkdtemp(dir=self.folder))
        store.save(place / "guess.npz", *SMALL["random"]())
        return place


def is_on_the_way(path: Path) -> bool:
    """Whether it is a whole file of a stage that is not yet done, to go on from."""
    return path.name == "svm-pairs.npz" and store.load(path, "svm-pairs").kind == "svm-pairs"


def artifacts(place: Path) -> dict[str, bytes]:
    """What is there but for temporary files, inputs, and what has times in it."""
    passed_over = ("timings.csv", "compare.md", "guess.npz")
    return {
        path.name: path.read_bytes()
        for path in place.iterdir()
        if path.suffix != ".tmp" and path.name not in passed_over
    }
