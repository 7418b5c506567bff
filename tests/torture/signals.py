"""Ctrl-C and SIGTERM at any moment of any command: an exit code of its own, in time, in one line, nothing half done."""

import random
import shlex
import signal
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from nn.stages.store import artifacts
from torture.children import TICK, Child, Ended, run
from torture.figures import Figure, Size, of
from torture.person import pictures
from torture.places import digits, leftovers, linked, tiny_pipeline

SECTION = "C"

TRAININGS = {"gate": 12, "long": 200}
OTHERS = {"gate": 5, "long": 40}
UNREADABLE = ("predict", "pictures"), 3  # some of the pictures are
IN_TIME, AT_ONCE, SOON = 2.0, 1.0, 0.3  # seconds; what had all but ended when the signal came may still end by itself

COMMANDS = (
    ("fetch", "--from", "mine"),
    ("train", "--epochs", "5", "--seed", "1"),
    ("train", "--find-eta"),
    ("eval", "--shifts", "1"),
    ("show", "artifacts/data.npz", "--index", "0", "--plot", "digit.png"),
    ("predict", "--index", "0", "--show"),
    ("predict", "pictures"),
    ("read", "row.png", "--plot", "read.png"),
    ("baseline", "random"),
    ("baseline", "darkness"),
    ("baseline", "svm", "--threads", "2"),
    ("baseline", "svm", "--search", "--threads", "2"),
    ("compare", "--seeds", "2", "--epochs", "3"),
    ("demo", "sigmoid", "--plot", "sigmoid.svg"),
)


def figures(size: Size) -> Iterator[Figure]:
    """Send signals to trainings, then to everything else."""
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as place:
        folder = digits(Path(place) / "digits")
        total = TRAININGS[size]
        good = sum(_goes_on(folder, number, rng) for number in range(total))
        what = "training stopped by SIGINT or SIGTERM: code, 2 s, the words, goes on"
        yield Figure(SECTION, what, of(good, total), "all", met=good == total)
        total //= 2
        good = sum(_leaves_at_once(folder, number, rng) for number in range(total))
        yield Figure(
            SECTION,
            "a second SIGINT at once: leaves within 1 s, files whole",
            of(good, total),
            "all",
            met=good == total,
        )
        pipeline = tiny_pipeline(Path(place) / "tiny")
        pictures(pipeline / "pictures")
        total = OTHERS[size] * len(COMMANDS)
        wrong = [
            found for number in range(total) if (found := _stopped(pipeline, COMMANDS[number % len(COMMANDS)], rng))
        ]
        for line in wrong:
            print(line)
        yield Figure(
            SECTION,
            "any command stopped at any moment: code, one line, no traceback",
            of(total - len(wrong), total),
            "all",
            met=not wrong,
        )


def _goes_on(folder: Path, number: int, rng: random.Random) -> bool:
    """Stop a training, type what it says, and compare with one that was left alone."""
    whole, cut = folder / "whole.npz", folder / f"cut-{number}.npz"
    command = ["train", "--data", "data.npz", "--epochs", "8", "--hidden", "6", "-o"]
    if not whole.exists():
        run([*command, whole.name], folder)
    kind = (signal.SIGINT, signal.SIGTERM)[number % 2]
    ended, seconds = _signalled([*command, cut.name], folder, rng.uniform(0, 0.3), [kind])
    if _unheeded(ended, seconds, 0):
        return False
    if ended.code != 0 and not _outside(ended, kind):
        if ended.code != 128 + kind or seconds > IN_TIME or leftovers(folder) or "Traceback" in ended.err:
            return False
        words = ended.err.strip().splitlines()[-1]
        if "Continue with:" in words:
            hint = shlex.split(words.split("Continue with:")[1])
            return run(hint[1:], folder).code == 0 and _same(cut, whole)
        if not words.startswith("nn: interrupted"):
            return False
    return run([*command, cut.name], folder).code == 0 and _same(cut, whole)


def _leaves_at_once(folder: Path, number: int, rng: random.Random) -> bool:
    """Two signals, the second one while the first is being heeded."""
    out = folder / f"twice-{number}.npz"
    command = ["train", "--data", "data.npz", "--epochs", "100000", "-o", out.name]
    ended, seconds = _signalled(command, folder, rng.uniform(0.1, 0.4), [signal.SIGINT] * 2)
    checkpoint = folder / f"twice-{number}-checkpoint.npz"
    if checkpoint.exists():
        artifacts.load(checkpoint, "checkpoint")
    return ended.code in (130, -signal.SIGINT) and seconds < AT_ONCE and not out.exists()


def _stopped(pipeline: Path, command: tuple[str, ...], rng: random.Random) -> str:
    """Stop a command somewhere; say what is wrong with how it ends."""
    folder = linked(pipeline, pipeline.parent / "case")
    kind = rng.choice((signal.SIGINT, signal.SIGTERM))
    usual = _seconds(pipeline, command)
    ended, seconds = _signalled(command, folder, rng.uniform(0, usual), [kind])
    usual_code = _usual_code(command)
    if (ended.code == usual_code and not _unheeded(ended, seconds, usual_code)) or _outside(ended, kind):
        return ""
    if leftovers(folder):  # a signal between two calls may leave a file, which the next run removes
        run(command, folder)
    complaints = {
        f"ended with {ended.code}": ended.code != 128 + kind,
        "a traceback": "Traceback" in ended.err or "Exception ignored" in ended.err,
        f"{seconds:.1f} s": seconds > IN_TIME,
        f"left for good: {leftovers(folder)}": bool(leftovers(folder)),
        "said nothing": "interrupted" not in ended.err,
    }
    wrong = ", ".join(what for what, is_so in complaints.items() if is_so)
    return wrong and f"     nn {' '.join(command)}: {wrong}: {ended.err[-600:]!r}"


@cache
def _seconds(pipeline: Path, command: tuple[str, ...]) -> float:
    """How long a command takes when it is let be."""
    done = run(command, linked(pipeline, pipeline.parent / "case"))
    if done.code != _usual_code(command):
        raise RuntimeError(f"nn {' '.join(command)}: {done.code}, {done.err}")
    return done.seconds


def _usual_code(command: tuple[str, ...]) -> int:
    """With which code a command ends that is let be."""
    return UNREADABLE[1] if command == UNREADABLE[0] else 0


def _unheeded(ended: Ended, seconds: float, usual_code: int) -> bool:
    """Whether a command went on as if no signal had come. ``seconds`` are 0 where it had ended before."""
    return ended.code == usual_code and seconds > SOON


def _signalled(
    command: Sequence[str], folder: Path, moment: float, kinds: Iterable[signal.Signals]
) -> tuple[Ended, float]:
    """How a command ended, and how long after the first signal."""
    child = Child(command, folder)
    while child.seconds < moment and not child.look():
        time.sleep(TICK)
    had_ended, before = child.look(), child.seconds
    for kind in kinds:
        child.send(kind)
        time.sleep(TICK)
    ended = child.wait(30)
    return ended, 0.0 if had_ended else ended.seconds - before


def _outside(ended: Ended, kind: signal.Signals) -> bool:
    """Whether it came before the command had begun, or after it was done: then it ends by the signal itself."""
    return ended.code == -kind and "Traceback" not in ended.err


def _same(a: Path, b: Path) -> bool:
    return a.read_bytes() == b.read_bytes()
