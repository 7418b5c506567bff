"""Fault injection: run each stage with its n-th system call that writes failing, for n = 1, 2, 3 ...

After each run every file must be the old one or the new one, complete, and a run that ends with 0 must have made the
new ones. The loop ends with a run without a failed call. ``faults.c``, a library loaded before libc, makes them fail.
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

from nndigits.stages.datasets.registry import MNIST
from nndigits.stages.store import artifacts
from torture.harness.results import Result, Size, of
from torture.harness.run import ForkServers, map_in_threads

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
"""Done, system error, interrupted, terminated, killed."""

MOST_CALLS = 500

STAGES = {
    "fetch": ("fetch", "--from", "{idx}", "-o", "{}/data.npz"),
    "train": ("train", "--data", "{in}", "--hidden", "3", "--epochs", "1", "-o", "{}/weights.npz"),
    "eval": ("eval", "--data", "{in}", "{weights}", "-o", "{}/eval.json"),
    "baseline random": ("baseline", "random", "--data", "{in}", "-o", "{}/random.npz"),
    "baseline darkness": ("baseline", "darkness", "--data", "{in}", "-o", "{}/darkness.npz"),
    "baseline svm": ("baseline", "svm", "--data", "{in}", "-o", "{}/svm.npz"),
    "compare": ("compare", "{}", "--data", "{in}", "-o", "{}/compare.json"),
}

PLOTS = {
    "find-eta --plot": ("find-eta", "--data", "{in}", "--hidden", "3", "--plot", "{}/eta.svg"),
    "show --plot": ("show", "{in}", "--plot", "{}/digits.png"),
    "show weights --plot": ("show", "{weights}", "--plot", "{}/weights.svg"),
    "eval --plot": (
        *("eval", "--data", "{in}", "{weights}", "-o", "{}/eval.json"),
        *("--plot", "{}/eval.png"),
    ),
    "compare --plot": ("compare", "{}", "--data", "{in}", "-o", "{}/compare.json", "--plot", "{}/compare.png"),
    "predict --save-seen": ("predict", "{picture}", "--weights", "{weights}", "--save-seen", "{}/seen.png"),
    "read --plot": ("read", "{picture}", "--weights", "{weights}", "--plot", "{}/boxes.png"),
}
"""Stages for the long run, because they are slower to start."""


@dataclass(frozen=True)
class Point:
    """One run in which one call fails: its exit code, the trace of calls, and what is wrong with its files."""

    code: int
    fired: bool
    trace: str
    complaints: tuple[str, ...]


def results(size: Size) -> Iterator[Result]:
    """One result for each mode, over all stages, and one for the order of the calls."""
    compiler = shutil.which("cc")
    if compiler is None:
        yield Result(SECTION, "every call that writes fails, at every stage", "no C compiler", "all old or new", None)
        return
    with tempfile.TemporaryDirectory() as name:
        library = Path(name) / "faults.so"
        source = Path(__file__).with_name("faults.c")
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
        stages = STAGES if size == "gate" else {**STAGES, **PLOTS}
        attack = Attack(ForkServers(str(library)), Path(name), stages)
        for mode in MODES if size == "long" else GATE:
            points = [*chain(*map_in_threads(partial(attack.loop, mode), stages))]
            complaints = [complaint for point in points for complaint in point.complaints]
            for complaint in complaints[:5]:
                print("   ", complaint)
            good = sum(not point.complaints for point in points)
            what = f"each call of {len(stages)} stages in turn: {mode}"
            yield Result(SECTION, what, f"{of(good, len(points))} old or new", "all", not complaints)
        traces = [attack.run(stage, 0, MODES[0]).trace for stage in stages]
        good = sum(is_in_order(trace) for trace in traces)
        what = "create, write, fsync, close, rename, fsync of the folder"
        yield Result(SECTION, what, f"{of(good, len(traces))} stages", "all", good == len(traces))


def is_in_order(trace: str) -> bool:
    """Return whether each file is created, written, synced, closed and renamed, and its folder synced."""
    save = "(mkdir )*create (write )+fsync close rename open fsync close unlink "
    probe = "(mkdir )*create close unlink "
    removal = "unlink "
    log = "create write close "
    lock, release = "create write ", "unlink close "
    steps = "|".join((save, probe, removal, log, lock, release))
    return re.fullmatch(f"({steps})+", trace) is not None and "rename" in trace


class Attack:
    """The stages with their inputs, and the files that each writes if no call fails."""

    def __init__(self, servers: ForkServers, folder: Path, stages: Mapping[str, Sequence[str]]) -> None:
        self.servers, self.folder, self.stages = servers, folder, stages
        names = {"in": "in.npz", "weights": "in-weights.npz", "picture": "one.png", "idx": "idx"}
        self.inputs = {what: folder / name for what, name in names.items()}
        artifacts.save(self.inputs["in"], *SMALL["dataset"]())
        artifacts.save(self.inputs["weights"], *SMALL["weights"]())
        draw_one(self.inputs["picture"])
        self.inputs["idx"].mkdir()
        for part, count in (("train", 6), ("test", 3)):
            write_idx(self.inputs["idx"] / MNIST.file_names[f"{part}_images"], np.zeros((count, 5, 6)))
            write_idx(self.inputs["idx"] / MNIST.file_names[f"{part}_labels"], np.arange(count))
        self.new = {stage: self.undisturbed(stage) for stage in stages}

    def undisturbed(self, stage: str) -> dict[str, bytes]:
        """Return the files that the stage writes if no call fails."""
        place = self.place()
        ran = self.servers.run(*self.command(stage, place), folder=self.folder)
        if ran.code:
            raise RuntimeError(f"{stage} fails without a fault: {ran.err}")
        return outputs(place)

    def loop(self, mode: str, stage: str) -> list[Point]:
        """Run a stage with its first call failing, its second, and so on, until no call fails."""
        points = []
        for number in range(1, MOST_CALLS):
            points.append(self.run(stage, number, mode))
            if not points[-1].fired:
                return points
        raise RuntimeError(f"{stage} makes more than {MOST_CALLS} calls")

    def run(self, stage: str, number: int, mode: str) -> Point:
        """Run a stage once, over old files with the names of its outputs."""
        place = self.place()
        # Damaged files of nn's own: other files stay, as do checkpoints, even damaged ones.
        old = {name: blob + b" old" for name, blob in self.new[stage].items() if "checkpoint" not in name}
        for name, blob in old.items():
            (place / name).write_bytes(blob)
        fault = (str(place), number, MODES.index(mode))
        ran = self.servers.run(*self.command(stage, place), folder=self.folder, fault=fault)
        report = re.search(r"(fired|untouched): (.*)\n", ran.err)
        fired = report is None or report[1] == "fired"
        complaints = []
        if ran.hung or ran.code not in CODES or "Traceback" in ran.err or (not fired and ran.code):
            complaints.append(f"ends with {ran.code}: {ran.err.strip()[:200]}")
        left = outputs(place)
        for name, blob in left.items():
            if blob not in (old.get(name), self.new[stage].get(name)) and not is_intermediate(place / name):
                complaints.append(f"{name} is neither old nor new")
        done = {name: blob for name, blob in left.items() if not (fired and is_intermediate(place / name))}
        if ran.code == 0 and done != self.new[stage]:
            complaints.append("ends with 0, but not all files are new")
        calls = report[2].split() if report else []
        could_remove = not mode.startswith("I/O errors") and calls[number - 1 : number] != ["unlink"]
        if ran.code != -9 and could_remove and list(place.glob("*.tmp")):
            complaints.append("leaves a temporary file")
        shutil.rmtree(place)
        complaints = tuple(f"{stage}, call {number}, {mode}: {complaint}" for complaint in complaints)
        return Point(ran.code, fired, report[2] if report else "", complaints)

    def command(self, stage: str, place: Path) -> list[str]:
        """Return the command with its input and output paths."""
        return [part.format(place, **self.inputs) for part in self.stages[stage]]

    def place(self) -> Path:
        """Make a folder for one run, with a baseline for `nn compare`."""
        place = Path(tempfile.mkdtemp(dir=self.folder))
        artifacts.save(place / "guess.npz", *SMALL["random"]())
        return place


def is_intermediate(path: Path) -> bool:
    """Return whether a file is a valid intermediate result, from which the stage can resume."""
    return path.name == "svm-pairs.npz" and artifacts.load(path, "svm-pairs").kind == "svm-pairs"


def outputs(place: Path) -> dict[str, bytes]:
    """Return the output files, without temporary and lock files, inputs, and files that contain measured times."""
    ignored = ("timings.csv", "compare.md", "guess.npz")
    return {
        path.name: path.read_bytes()
        for path in place.iterdir()
        if path.suffix not in (".tmp", ".lock") and path.name not in ignored
    }
