"""Send SIGINT or SIGTERM at any moment of any command: it ends in time, with its code and one line, and resumes."""

import random
import shlex
import signal
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from nndigits.stages.store import artifacts
from torture.harness.folders import digits, draw_pictures, leftovers, link_copy, tiny_pipeline
from torture.harness.results import Result, Size, all_of, of
from torture.harness.run import TICK, Child, Outcome, run

SECTION = "C"
TRAININGS = {"gate": 12, "long": 200}
OTHERS = {"gate": 3, "long": 40}
PREDICT_ALL = ("predict", "pictures")
EXIT_CODES = {PREDICT_ALL: 3}  # some of the pictures are damaged
IN_TIME, AT_ONCE, SOON = 2.0, 1.0, 0.3  # seconds; within SOON after the signal, a command may end normally

COMMANDS = (
    ("fetch", "--from", "mine"),
    ("train", "--epochs", "5", "--seed", "1"),
    ("find-eta",),
    ("eval", "--shifts", "1"),
    ("show", "artifacts/data.npz", "--index", "0", "--plot", "digit.png"),
    ("predict", "--index", "0", "--show"),
    PREDICT_ALL,
    ("read", "row.png", "--plot", "read.png"),
    ("baseline", "random"),
    ("baseline", "darkness"),
    ("baseline", "svm", "--threads", "2"),
    ("baseline", "svm", "--search", "--threads", "2"),
    ("compare", "--seeds", "2", "--epochs", "3"),
    ("demo", "sigmoid", "--plot", "sigmoid.svg"),
)


def results(size: Size) -> Iterator[Result]:
    """Send signals to training runs, then to every command."""
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as place:
        folder = digits(Path(place) / "digits")
        total = TRAININGS[size]
        good = sum(_resumes(folder, number, rng) for number in range(total))
        what = "training stopped by SIGINT or SIGTERM: code, 2 s, hint, same bytes"
        yield all_of(SECTION, what, good, total)
        total //= 2
        good = sum(_ends_at_once(folder, number, rng) for number in range(total))
        what = "a second SIGINT at once: ends within 1 s, files complete"
        yield all_of(SECTION, what, good, total)
        pipeline = tiny_pipeline(Path(place) / "tiny")
        draw_pictures(pipeline / "pictures")
        total = OTHERS[size] * len(COMMANDS)
        wrong = [
            found for number in range(total) if (found := _stopped(pipeline, COMMANDS[number % len(COMMANDS)], rng))
        ]
        for line in wrong:
            print(line)
        what = "any command stopped at any moment: code, one line, no traceback"
        yield Result(SECTION, what, of(total - len(wrong), total), "all", met=not wrong)


def _resumes(folder: Path, number: int, rng: random.Random) -> bool:
    """Stop a training run, run the command that it suggests, and compare with an uninterrupted run."""
    whole, cut = folder / "whole.npz", folder / f"cut-{number}.npz"
    command = ["train", "--data", "data.npz", "--epochs", "8", "--hidden", "6", "-o"]
    if not whole.exists():
        run([*command, whole.name], folder)
    kind = (signal.SIGINT, signal.SIGTERM)[number % 2]
    kinds = [kind] * 2  # as `timeout` sends it, to a program and to its group
    outcome, seconds = _signalled([*command, cut.name], folder, rng.uniform(0, 0.3), kinds)
    if _ignored(outcome, seconds, 0):
        return False
    if outcome.code != 0 and not _is_outside(outcome, kind):
        if outcome.code != 128 + kind or seconds > IN_TIME or leftovers(folder) or "Traceback" in outcome.err:
            return False
        message = outcome.err.strip().splitlines()[-1]
        if "Continue with:" in message:
            hint = shlex.split(message.split("Continue with:")[1])
            return run(hint[1:], folder).code == 0 and _same(cut, whole)
        if not message.startswith("nn: interrupted"):
            return False
    return run([*command, cut.name], folder).code == 0 and _same(cut, whole)


def _ends_at_once(folder: Path, number: int, rng: random.Random) -> bool:
    """Send a second signal while the first is being handled."""
    out = folder / f"twice-{number}.npz"
    command = ["train", "--data", "data.npz", "--epochs", "100000", "-o", out.name]
    outcome, seconds = _signalled(command, folder, rng.uniform(0.1, 0.4), [signal.SIGINT] * 2)
    checkpoint = folder / f"twice-{number}-checkpoint.npz"
    if checkpoint.exists():
        artifacts.load(checkpoint, "checkpoint")
    return outcome.code in (130, -signal.SIGINT) and seconds < AT_ONCE and not out.exists()


def _stopped(pipeline: Path, command: tuple[str, ...], rng: random.Random) -> str:
    """Stop a command at a random moment; return what is wrong with how it ends."""
    folder = link_copy(pipeline, pipeline.parent / "case")
    kind = rng.choice((signal.SIGINT, signal.SIGTERM))
    usual = _seconds(pipeline, command)
    outcome, seconds = _signalled(command, folder, rng.uniform(0, usual), [kind])
    usual_code = _usual_code(command)
    if (outcome.code == usual_code and not _ignored(outcome, seconds, usual_code)) or _is_outside(outcome, kind):
        return ""
    if leftovers(folder):  # a signal between two calls may leave a file, which the next run removes
        run(command, folder)
    complaints = {
        f"ended with {outcome.code}": outcome.code != 128 + kind,
        "a traceback": "Traceback" in outcome.err or "Exception ignored" in outcome.err,
        f"{seconds:.1f} s": seconds > IN_TIME,
        f"left after the next run: {leftovers(folder)}": bool(leftovers(folder)),
        "no message": "interrupted" not in outcome.err,
    }
    wrong = ", ".join(what for what, is_so in complaints.items() if is_so)
    return wrong and f"     nn {' '.join(command)}: {wrong}: {outcome.err[-600:]!r}"


@cache
def _seconds(pipeline: Path, command: tuple[str, ...]) -> float:
    """Return how long a command takes without a signal."""
    done = run(command, link_copy(pipeline, pipeline.parent / "case"))
    if done.code != _usual_code(command):
        raise RuntimeError(f"nn {' '.join(command)}: {done.code}, {done.err}")
    return done.seconds


def _usual_code(command: tuple[str, ...]) -> int:
    """Return the exit code of a command without a signal."""
    return EXIT_CODES.get(command, 0)


def _ignored(outcome: Outcome, seconds: float, usual_code: int) -> bool:
    """Return whether a command ignored the signal. ``seconds`` is 0 if it had ended before."""
    return outcome.code == usual_code and seconds > SOON


def _signalled(
    command: Sequence[str], folder: Path, moment: float, kinds: Iterable[signal.Signals]
) -> tuple[Outcome, float]:
    """Return how a command ended, and how long after the first signal."""
    child = Child(command, folder)
    had_ended, before = child.run_for(moment), child.seconds
    for kind in kinds:
        child.send(kind)
        time.sleep(TICK)
    outcome = child.wait(30)
    return outcome, 0.0 if had_ended else outcome.seconds - before


def _is_outside(outcome: Outcome, kind: signal.Signals) -> bool:
    """Return whether the signal came before the command began or after it was done, and ended the process itself."""
    return outcome.code == -kind and "Traceback" not in outcome.err


def _same(a: Path, b: Path) -> bool:
    return a.read_bytes() == b.read_bytes()
