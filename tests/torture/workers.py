"""What runs in several threads: it leaves nothing behind however it ends, and goes on with what is missing."""

import json
import os
import random
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from nn.models.baselines import binary_svm
from nn.models.network.network import Network
from torture.children import Child, run
from torture.figures import Figure, Size, of
from torture.places import artifacts, digits, leftovers

SECTION = "G"

SHARED = Path("/dev/shm")
WORKERS = ("joblib", "loky", "psm_")
IN_TIME, SOON = 5.0, 0.3  # seconds
ROUNDS = {"gate": 1, "long": 12}
FAILING = 20  # which of 45 pairs of digits fails

SVM = ("baseline", "svm", "-q", "--data", "../data.npz", "--threads", "3")
COMMANDS = {
    "train": (
        "train",
        "-q",
        "--data",
        "../data.npz",
        "--epochs",
        "40",
        "--batch",
        "128",
        "--threads",
        "3",
        "-o",
        "w.npz",
    ),
    "svm": (*SVM, "-o", "svm.npz"),
    "search": (*SVM, "--search", "--train-size", "300", "-o", "svm.npz"),
    "seeds": ("compare", "-q", ".", "--data", "../data.npz", "--seeds", "2", "--epochs", "4", "-o", "c.json"),
}
"""Everything with workers or with many parts; all but a training go on where they stopped when typed again."""


def figures(size: Size) -> Iterator[Figure]:
    """Stop each command in each way, then type it again."""
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as name:
        base = digits(Path(name))
        yield _orphans(base, ROUNDS[size], rng)
        yield _any_threads(base)
        yield _failing_worker(base)


def _orphans(base: Path, rounds: int, rng: random.Random) -> Figure:
    right = total = 0
    for what, command in COMMANDS.items():
        whole = _folder(base, what)
        usual = run(command, whole)
        if usual.code:
            raise RuntimeError(f"{command}: {usual.code}, {usual.err}")
        for number in range(3 * rounds):
            kind = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)[number % 3]
            folder, shared = _folder(base, f"{what}-{number}"), _shared()
            child = Child(command, folder)
            moment = rng.uniform(0, usual.seconds)
            while child.seconds < moment and not child.look():
                pass
            had_ended, before = child.look(), child.seconds
            child.send(kind)
            stopped = child.wait()
            late = stopped.seconds - before
            alive, new = _is_alive(child.pid), sorted(set(_shared()) - set(shared))
            again = [*command, "--resume"] if (folder / "w-checkpoint.npz").exists() else command
            ended = run(again, folder)
            other = {file for file, _ in artifacts(folder).items() ^ artifacts(whole).items()}
            wrong = {
                f"after {late:.1f} s": late > IN_TIME,
                f"went on to {stopped.code}": not had_ended and stopped.code == 0 and late > SOON,
                "still alive": alive,
                f"shared memory {new}": bool(new),
                f"then {ended.code}, {ended.err[-200:]!r}": ended.code != 0,
                f"other files {other}": bool(other),
                f"left {leftovers(folder)}": bool(leftovers(folder)),
            }
            said = ", ".join(words for words, is_so in wrong.items() if is_so)
            if said:
                print(f"     {what}, {kind.name}: {said}")
            total, right = total + 1, right + (not said)
    what = "SIGKILL, SIGTERM, SIGINT: no process, no shared memory left; again, the same bytes"
    return Figure(SECTION, what, of(right, total), "all", met=right == total)


def _any_threads(base: Path) -> Figure:
    """A machine learned by 1, 2 and 4 threads, and in little memory."""
    made = []
    for flags in (["--threads", "1"], ["--threads", "2"], ["--threads", "4"], ["--kernel-memory", "512"]):
        folder = _folder(base, "svm" + "".join(flags))
        run(["baseline", "svm", "-q", "--data", "../data.npz", *flags, "-o", "svm.npz"], folder)
        made.append((folder / "svm.npz").read_bytes())
    count = len(set(made))
    return Figure(
        SECTION, "baseline svm by 1, 2, 4 threads and in little memory", f"{count} different", "1", met=count == 1
    )


def _failing_worker(base: Path) -> Figure:
    """A worker fails for want of memory: exit 1, what is finished stays, and only the rest is done again."""
    folder = _folder(base, "failing")
    command = ["baseline", "svm", "--json", "--data", "../data.npz", "--threads", "2", "-o", "svm.npz"]
    failed = run(command, folder, before=_failing_pair)
    resumed = json.loads(run(command, folder).out)["resumed"]
    same = artifacts(folder)["svm.npz"] == artifacts(base / "svm")["svm.npz"]
    training = run(COMMANDS["train"], _folder(base, "failing-train"), before=_failing_part)
    lines = [len(one.err.splitlines()) for one in (failed, training)]
    found = f"exit {failed.code} and {training.code}; {resumed} of 45 kept"
    met = (failed.code, training.code) == (1, 1) and resumed >= FAILING - 2 and same and lines == [1, 1]
    return Figure(
        SECTION,
        "a worker without memory: one line, finished work kept",
        found,
        f"exit 1 and 1; {FAILING - 2} or more",
        met,
    )


def _failing_pair() -> None:
    """Let the n-th pair of digits fail."""
    binary_svm.fit = _nth_fails(binary_svm.fit, FAILING)  # type: ignore[assignment]


def _failing_part() -> None:
    """Let the n-th part of a mini-batch fail."""
    Network.backpropagate = _nth_fails(Network.backpropagate, 50)  # type: ignore[method-assign]


def _nth_fails(function: Callable[..., object], n: int) -> Callable[..., object]:
    left = iter(range(n))

    def failing(*arguments: object, **named: object) -> object:
        if next(left, None) is None:
            raise MemoryError
        return function(*arguments, **named)

    return failing


def _folder(base: Path, name: str) -> Path:
    folder = base / name
    folder.mkdir()
    return folder


def _shared() -> list[str]:
    """What libraries for parallel work keep in shared memory: other programs may keep things there meanwhile."""
    return [path.name for path in SHARED.iterdir() if path.name.startswith(WORKERS)] if SHARED.is_dir() else []


def _is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
