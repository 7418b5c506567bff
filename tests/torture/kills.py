"""Training that is killed, twice in a row, and inside a save, goes on to the bytes of a run that never was."""

import os
import random
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

from nn.models.training.optimizers import OPTIMIZERS
from nn.models.training.schedules import SCHEDULES
from nn.stages.store import artifacts as store
from nn.stages.store import files
from torture.children import Child, run
from torture.figures import Figure, Size, of
from torture.places import artifacts, digits

SECTION = "C"

RUNS = {"gate": 20, "long": 200}
EPOCHS = 4
TICKS = 20 * EPOCHS  # about so many calls and pieces there are in the saves of a run

BESIDES = (
    (),
    ("--threads", "2"),
    ("--dtype", "float64", "--l2", "0.5"),
    ("--average", "0.9"),
    ("--distort", "turn 10, shift 0.5"),
    ("--layers", "dense 12 relu, dropout 0.3, dense 10 softmax", "--cost", "log-likelihood", "--init", "he"),
    ("--keep", "last", "--max-norm", "3"),
    ("--layers", "conv 3 3x3 relu, max 2x2, dense 10 sigmoid", "--warm-up", "0.2"),
    ("--hidden", "7,5", "--batch", "37", "--l1", "0.1"),
    ("--rejects", "0.5"),
    ("--init", "N(0,1/n)", "--cost", "cross-entropy"),
)
"""Flags beside rule and schedule, eleven of them, so that the pairs meet others each time: all that a run remembers."""


def figures(size: Size) -> Iterator[Figure]:
    """Kill runs of every rule and schedule."""
    rng = random.Random(0)
    with tempfile.TemporaryDirectory() as place:
        folder = digits(Path(place))
        same, hit, total = 0, 0, RUNS[size]
        choices = list(product(OPTIMIZERS, SCHEDULES))
        for number in range(total):
            flags = _flags(*choices[number % len(choices)], BESIDES[number % len(BESIDES)])
            is_same, kills = same_bytes(folder, flags, number, rng)
            same, hit = same + is_same, hit + kills
        what = f"killed twice, then resumed: {len(OPTIMIZERS)} rules x {len(SCHEDULES)} schedules"
        found = f"{of(same, total)} ({hit} kills met)"
        yield Figure(SECTION, what, found, "all the same bytes", met=same == total)


def _flags(rule: str, schedule: str, besides: Iterable[str]) -> list[str]:
    eta = "0.01" if rule == "adam" else "0.5"
    flags = ["--rule", rule, "--schedule", schedule, "--epochs", str(EPOCHS), "--eta", eta, *besides]
    if "--layers" not in flags and "--hidden" not in flags:
        flags += ["--hidden", "6"]
    return flags + (["--patience", "2"] if schedule == "halve" else [])


def same_bytes(folder: Path, flags: list[str], number: int, rng: random.Random) -> tuple[bool, int]:
    """Whether a run that is killed twice ends in the bytes of one that is not, and how many kills met it alive."""
    whole, cut = folder / f"whole-{number}", folder / f"cut-{number}"
    command = ["train", "--data", folder / "data.npz", *flags, "--quiet", "-o"]
    done = run([*command, whole / "weights.npz"], folder)
    if done.code:
        raise RuntimeError(f"{flags}: {done.code}, {done.err}")
    kills = sum(kill_once([*command, cut / "weights.npz", *_resume(cut)], folder, done.seconds, rng) for _ in range(2))
    if run([*command, cut / "weights.npz", *_resume(cut)], folder).code:
        return False, kills
    return artifacts(whole) == artifacts(cut), kills


def _resume(folder: Path) -> list[str]:
    """``--resume``, once there is something to resume; what is there must be whole."""
    if not (folder / "checkpoint.npz").exists():
        return []
    store.load(folder / "checkpoint.npz", "checkpoint")
    return ["--resume"]


def kill_once(command: list[Any], folder: Path, seconds: float, rng: random.Random) -> bool:
    """Start a run and kill it, and say whether that met it: at a random moment, or inside a save."""
    if rng.random() < 0.5:
        child = Child(command, folder, before=dying(rng.randrange(TICKS)))
    else:
        child = Child(command, folder)
        moment = rng.uniform(0, seconds)
        while child.seconds < moment and not child.look():
            pass
        child.send(signal.SIGKILL)
    return child.wait().code == -signal.SIGKILL


def dying(calls: int) -> Callable[[], None]:
    """What lets a child kill itself before one of the calls, or pieces, of its saves."""

    def before() -> None:
        left = iter(range(calls))

        def tick() -> None:
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        write = files.write

        def torn(path: Path, chunks: Iterable[files.Buffer]) -> None:
            def ticking() -> Iterator[files.Buffer]:
                for chunk in chunks:
                    tick()
                    yield chunk

            write(path, ticking())

        files.write, files.os = torn, Ticking(os, tick)  # type: ignore[assignment]

    return before


class Ticking:
    """A module whose functions tick before they are called."""

    def __init__(self, module: ModuleType, tick: Callable[[], None]) -> None:
        self._module, self._tick = module, tick

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._module, name)
        if name not in ("open", "fsync", "replace", "close"):
            return found

        def ticking(*arguments: Any, **named: Any) -> Any:
            self._tick()
            return found(*arguments, **named)

        return ticking
