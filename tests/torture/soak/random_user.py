"""A random user, who runs nn in one folder with random faults and checks the outputs.

Finished files must not change, and the same command must write the same bytes again.
"""

import hashlib
import random
import shutil
from itertools import pairwise
from pathlib import Path

from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError
from torture.soak.faults import FAULTS, Step, allowed, run_with

MORE_FLAGS = ([], ["--threads", "2", "--batch", "64"], ["--average", "0.9"], ["--distort", "rotate 5"])


class RandomUser:
    """The steps in a folder, the files that are finished, and what was wrong."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.rng = folder, random.Random(seed)
        self.steps: list[Step] = []
        self.wrong: list[str] = []
        self.finished: dict[Path, str] = {}
        self.expected: dict[str, str] = {}

    def run(self, arguments: list[str], codes: tuple[int, ...], fault: str = "") -> Step:
        """Run a command with a fault, and check how it ended."""
        step = run_with(fault, tuple(arguments), self.folder, self.rng)
        self.steps.append(step)
        if step.code not in codes and not step.is_before_nn:
            self.complain(f"exit {step.code}", step)
        if ("Traceback" in step.err or "Exception ignored" in step.err) and not step.is_before_nn:
            self.complain("a traceback", step)
        if step.code == 0 and (left := self.left_by(arguments)):
            self.complain(f"left {left}", step)
        for path, digest in self.finished.items():
            if sha256(path) != digest:
                self.complain("finished work changed", step)
        return step

    def complain(self, what: str, step: Step) -> None:
        """Record and print that something is wrong."""
        self.wrong.append(what)
        print(f"WRONG: {what}: nn {' '.join(step.arguments)} ({step.fault}): {step.err[-2000:]!r}", flush=True)

    def left_by(self, arguments: list[str]) -> list[str]:
        """Return temporary files beside a command's output after success, from this run or a killed one."""
        outputs = [Path(value) for name, value in pairwise(arguments) if name == "-o"]
        return [path.name for out in outputs for path in (self.folder / out).parent.glob(".nn-*.tmp")]

    def fault(self) -> str:
        """Choose a fault, or none."""
        return self.rng.choice(FAULTS)

    def train(self) -> None:
        """Train and resume until it ends; the weights must be those of an uninterrupted run."""
        optimizer, seed = self.rng.choice(("sgd", "momentum", "nesterov", "adam")), self.rng.randrange(3)
        schedule = self.rng.choice(("constant", "linear", "cosine", "one-cycle"))
        eta = "0.01" if optimizer == "adam" else "0.5"
        flags = (
            f"--optimizer {optimizer} --schedule {schedule} --eta {eta} --seed {seed} --epochs 12 --hidden 8".split()
        )
        flags += self.rng.choice(MORE_FLAGS)
        out = self.folder / f"run-{self.rng.randrange(4)}" / "weights.npz"
        self.finished.pop(out, None)
        shutil.rmtree(out.parent, ignore_errors=True)
        checkpoint, resume = out.parent / "checkpoint.npz", False
        for attempt in range(8):
            fault = self.fault() if attempt < 7 else ""
            command = ["train", "-q", *flags, "-o", str(out), *(["--resume"] if resume else [])]
            step = self.run(command, allowed(fault), fault)
            if step.code == 0:
                break
            if out.exists():
                break  # it was stopped after it wrote its last file
            resume = self.is_valid(checkpoint, step)
        self.record(out, "train " + " ".join(flags))

    def is_valid(self, checkpoint: Path, step: Step) -> bool:
        """Return whether there is a checkpoint, which must be valid."""
        try:
            artifacts.load(checkpoint, "checkpoint")
        except InputError as error:
            if checkpoint.exists():
                self.complain(f"an invalid checkpoint: {error}", step)
            return False
        return True

    def record(self, out: Path, command: str) -> None:
        """Record a finished file; the same command must always write the same bytes."""
        if not out.exists():
            self.complain("lost work", self.steps[-1])
            return
        digest = sha256(out)
        if self.expected.setdefault(command, digest) != digest:
            self.complain("other bytes", self.steps[-1])
        self.finished[out] = digest

    def weights(self) -> str:
        """Choose finished weights."""
        return str(self.rng.choice(sorted(self.finished) or [self.folder / "artifacts" / "weights.npz"]))

    def evaluate(self) -> None:
        """Evaluate with a fault, then without."""
        fault = self.fault()
        self.run(["eval", "-q", self.weights(), "-o", "eval/eval.json"], allowed(fault), fault)
        self.run(["eval", "-q", self.weights(), "-o", "eval/eval.json"], (0,))

    def predict(self) -> None:
        """Predict pictures, some of them damaged."""
        pictures = sorted((self.folder / "pictures").iterdir())
        chosen, fault = self.rng.choice(pictures), self.fault()
        codes = (0, 3) if chosen.name.startswith("bad") else (0,)
        self.run(["predict", "-q", "--weights", self.weights(), str(chosen)], (*codes, *allowed(fault)), fault)
        self.run(["predict", "-q", "--weights", self.weights(), str(chosen)], codes)

    def read(self) -> None:
        """Read a row of digits."""
        fault = self.fault()
        command = ["read", "-q", "--weights", self.weights(), "row.png"]
        self.run(command, (0, 3, *allowed(fault)), fault)
        self.run(command, (0, 3))

    def baseline(self) -> None:
        """Train a support vector machine, and resume until it ends."""
        out = self.folder / "svm.npz"
        self.finished.pop(out, None)
        out.unlink(missing_ok=True)
        for attempt in range(6):
            fault = self.fault() if attempt < 5 else ""
            threads = self.rng.randrange(1, 4)
            command = f"baseline svm -q --train-size 600 --threads {threads} -o svm.npz".split()
            if self.run(command, allowed(fault), fault).code == 0:
                break
        self.record(out, "baseline svm")
        self.finished.pop(out)  # the other commands need networks

    def compare(self) -> None:
        """Compare everything with a fault, then without."""
        fault = self.fault()
        command = ["compare", "-q", "--seeds", "2", "--hidden", "5", "--epochs", "2", "-o", "compare.json"]
        self.run(command, allowed(fault), fault)
        self.run(command, (0,))
        self.record(self.folder / "artifacts" / "seeds" / "hidden-5-seed-1.npz", "compare")

    def fetch(self) -> None:
        """Fetch with a fault, then without."""
        fault = self.fault()
        self.run(["fetch", "-q", "--dataset", "digits", "-o", "again/data.npz"], allowed(fault), fault)
        self.run(["fetch", "-q", "--dataset", "digits", "-o", "again/data.npz"], (0,))
        self.record(self.folder / "again" / "data.npz", "fetch")
        self.finished.pop(self.folder / "again" / "data.npz")

    def damage(self) -> None:
        """Damage a file; it must be refused."""
        good = self.rng.choice([self.folder / "artifacts" / "data.npz", Path(self.weights())])
        bad, content = self.folder / "bad.npz", bytearray(good.read_bytes())
        if self.rng.random() < 0.5:
            content = content[: self.rng.randrange(len(content))]
        else:
            content[self.rng.randrange(len(content))] ^= 1 << self.rng.randrange(8)
        bad.write_bytes(content)
        files = self.rng.choice((["--data", "bad.npz", "--weights", self.weights()], ["--weights", "bad.npz"]))
        self.run(["eval", "-q", *files, "-o", "e.json"], (3,))

    def show(self) -> None:
        """Plot an image."""
        fault = self.fault()
        self.run(["show", "artifacts/data.npz", "--index", "3", "--plot", "three.png"], allowed(fault), fault)


def sha256(path: Path) -> str:
    """Return the sha256 of a file, or nothing if there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
