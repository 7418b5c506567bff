"""Somebody who works with nn in one folder, undisturbed or not, and looks closely at what comes of it.

Whatever was finished must stay as it is, and whatever is made again from the same must have the same bytes.
"""

import hashlib
import random
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image

from nn.cli.main import app
from nn.stages.store import artifacts
from nn.stages.store.errors import InputError
from torture.faulty import FAULTS, Step, allowed, run_with

READS = any(command.name == "read" for command in app.registered_commands)


class Person:
    """What was done in a folder, what is finished, and what was wrong."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.rng = folder, random.Random(seed)
        self.steps: list[Step] = []
        self.wrong: list[str] = []
        self.finished: dict[Path, str] = {}
        self.expected: dict[str, str] = {}

    def run(self, arguments: list[str], codes: tuple[int, ...], fault: str = "") -> Step:
        """Run a command with a fault, and look at how it ended."""
        step = run_with(fault, tuple(arguments), self.folder, self.rng)
        self.steps.append(step)
        if step.code not in codes and not step.is_pythons_own:
            self.complain(f"exit {step.code}", step)
        if ("Traceback" in step.err or "Exception ignored" in step.err) and not step.is_pythons_own:
            self.complain("a traceback", step)
        if step.code == 0 and (left := self.left_by(arguments)):
            self.complain(f"left {left}", step)
        for path, digest in self.finished.items():
            if sha256(path) != digest:
                self.complain("finished work changed", step)
        return step

    def complain(self, what: str, step: Step) -> None:
        """Note that something is wrong."""
        self.wrong.append(what)
        print(f"WRONG: {what}: nn {' '.join(step.arguments)} ({step.fault}): {step.err[-2000:]!r}", flush=True)

    def left_by(self, arguments: list[str]) -> list[str]:
        """Temporary files of a command's output that are there when it has ended well: its own, or a dead run's."""
        outputs = [Path(value) for name, value in pairwise(arguments) if name == "-o"]
        return [path.name for out in outputs for path in (self.folder / out).parent.glob(f".{out.name}.*.tmp")]

    def fault(self) -> str:
        """What goes wrong this time, if anything."""
        return self.rng.choice(FAULTS)

    def train(self) -> None:
        """Train to the end over as many runs as it takes; the weights must be those of a run that was let be."""
        rule, seed = self.rng.choice(("sgd", "momentum", "nesterov", "adam")), self.rng.randrange(3)
        schedule = self.rng.choice(("constant", "linear", "cosine", "one-cycle"))
        eta = "0.01" if rule == "adam" else "0.5"
        flags = [
            "--rule",
            rule,
            "--schedule",
            schedule,
            "--eta",
            eta,
            "--seed",
            str(seed),
            "--epochs",
            "12",
            "--hidden",
            "8",
        ]
        flags += self.rng.choice(
            ([], ["--threads", "2", "--batch", "64"], ["--average", "0.9"], ["--distort", "turn 5"])
        )
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
                break  # it was stopped after its last file
            resume = self.is_whole(checkpoint, step)
        self.settle(out, "train " + " ".join(flags))

    def is_whole(self, checkpoint: Path, step: Step) -> bool:
        """Whether there is a checkpoint; what there is must be whole."""
        try:
            artifacts.load(checkpoint, "checkpoint")
        except InputError as error:
            if checkpoint.exists():
                self.complain(f"a checkpoint that cannot be used: {error}", step)
            return False
        return True

    def settle(self, out: Path, recipe: str) -> None:
        """Take a finished file as it is; made from the same flags, it must always have the same bytes."""
        if not out.exists():
            self.complain("lost work", self.steps[-1])
            return
        digest = sha256(out)
        if self.expected.setdefault(recipe, digest) != digest:
            self.complain("other bytes", self.steps[-1])
        self.finished[out] = digest

    def weights(self) -> str:
        """Some weights that are finished."""
        return str(self.rng.choice(sorted(self.finished) or [self.folder / "artifacts" / "weights.npz"]))

    def evaluate(self) -> None:
        """Evaluate, or at least try."""
        fault = self.fault()
        self.run(["eval", "-q", "--weights", self.weights(), "-o", "eval/eval.json"], allowed(fault), fault)
        self.run(["eval", "-q", "--weights", self.weights(), "-o", "eval/eval.json"], (0,))

    def predict(self) -> None:
        """Read pictures, some of them damaged."""
        pictures = sorted((self.folder / "pictures").iterdir())
        chosen, fault = self.rng.choice(pictures), self.fault()
        codes = (0, 3) if chosen.name.startswith("bad") else (0,)
        self.run(["predict", "-q", "--weights", self.weights(), str(chosen)], (*codes, *allowed(fault)), fault)
        self.run(["predict", "-q", "--weights", self.weights(), str(chosen)], codes)

    def read(self) -> None:
        """Read a row of digits, where there is a command for it."""
        if not READS:
            return
        fault = self.fault()
        command = ["read", "-q", "--weights", self.weights(), "row.png"]
        self.run(command, (0, 3, *allowed(fault)), fault)
        self.run(command, (0, 3))

    def baseline(self) -> None:
        """A support vector machine over as many runs as it takes."""
        out = self.folder / "svm.npz"
        self.finished.pop(out, None)
        out.unlink(missing_ok=True)
        for attempt in range(6):
            fault = self.fault() if attempt < 5 else ""
            command = [
                "baseline",
                "svm",
                "-q",
                "--train-size",
                "600",
                "--threads",
                str(self.rng.randrange(1, 4)),
                "-o",
                "svm.npz",
            ]
            if self.run(command, allowed(fault), fault).code == 0:
                break
        self.settle(out, "baseline svm")
        self.finished.pop(out)  # no network, and networks are what the others read with

    def compare(self) -> None:
        """Everything side by side."""
        fault = self.fault()
        for allowed_codes, what in ((allowed(fault), fault), ((0,), "")):
            self.run(
                ["compare", "-q", "--seeds", "2", "--hidden", "5", "--epochs", "2", "-o", "compare.json"],
                allowed_codes,
                what,
            )
        self.settle(self.folder / "artifacts" / "seeds" / "hidden-5-seed-1.npz", "compare")

    def fetch(self) -> None:
        """Fetch once more."""
        fault = self.fault()
        self.run(["fetch", "-q", "--dataset", "digits", "-o", "again/data.npz"], allowed(fault), fault)
        self.run(["fetch", "-q", "--dataset", "digits", "-o", "again/data.npz"], (0,))
        self.settle(self.folder / "again" / "data.npz", "fetch")
        self.finished.pop(self.folder / "again" / "data.npz")

    def damage(self) -> None:
        """Cut or change a file, and see that it is refused."""
        good = self.rng.choice([self.folder / "artifacts" / "data.npz", Path(self.weights())])
        bad, content = self.folder / "bad.npz", bytearray(good.read_bytes())
        if self.rng.random() < 0.5:
            content = content[: self.rng.randrange(len(content))]
        else:
            content[self.rng.randrange(len(content))] ^= 1 << self.rng.randrange(8)
        bad.write_bytes(content)
        flag = self.rng.choice(("--data", "--weights"))
        self.run(
            [
                "eval",
                "-q",
                flag,
                "bad.npz",
                *(["--weights", self.weights()] if flag == "--data" else []),
                "-o",
                "e.json",
            ],
            (3,),
        )

    def show(self) -> None:
        """Look at something."""
        fault = self.fault()
        self.run(["show", "artifacts/data.npz", "--index", "3", "--plot", "three.png"], allowed(fault), fault)


def sha256(path: Path) -> str:
    """Of a file, or of none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def pictures(folder: Path) -> None:
    """Some digits drawn large, dark on white, and some files that are no pictures any more."""
    folder.mkdir()
    images = artifacts.load(folder.parent / "artifacts" / "data.npz", "dataset").arrays["test_images"]
    for number in range(12):
        ink = np.kron(images[number], np.ones((8, 8), np.uint8))
        Image.fromarray(255 - np.pad(ink, 16)).save(folder / f"digit-{number}.png")
    row = np.hstack([np.pad(np.kron(image, np.ones((8, 8), np.uint8)), 16) for image in images[:4]])
    Image.fromarray(255 - row).save(folder.parent / "row.png")
    whole = (folder / "digit-0.png").read_bytes()
    (folder / "bad-cut.png").write_bytes(whole[: len(whole) // 2])
    (folder / "bad-text.png").write_text("This is no picture.")
    (folder / "bad-empty.png").touch()
