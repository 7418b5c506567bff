"""Stop commands that use several threads: no process or shared memory is left, and the next run does only the rest."""

import json
import os
import random
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from nndigits.models.baselines import binary_svm
from nndigits.models.network.network import Network
from torture.harness.child import Child, run
from torture.harness.folders import digits, leftovers, reproducible_files
from torture.harness.results import Result, Size, of

SECTION = "G"

SHARED = Path("/dev/shm")
WORKERS = ("joblib", "loky", "psm_")
IN_TIME, SOON, LAST_WORKER = 5.0, 0.3, 3.0  # seconds
ROUNDS = {"gate": 1, "long": 12}
FAILING = 20  # the number of the pair of digits, of 45, that fails

TRAIN = ("train", "-q", "--data", "../data.npz", "--threads", "3")
SVM = ("baseline", "svm", "-q", "--data", "../data.npz", "--threads", "3")
COMMANDS = {
    "train": (*TRAIN, "--epochs", "40", "--batch", "128", "-o", "w.npz"),
    "svm": (*SVM, "-o", "svm.npz"),
    "search": (*SVM, "--search", "--train-size", "300", "-o", "svm.npz"),
    "seeds": ("compare", "-q", ".", "--data", "../data.npz", "--seeds", "2", "--epochs", "4", "-o", "c.json"),
}
"""Commands with workers or several parts. All but ``train`` resume without a flag."""


def results(size: Size) -> Iterator[Result]:
    """Stop each command by each signal, then run it again."""
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as name:
        base = digits(Path(name))
        yield _stopped(base, ROUNDS[size], rng)
        yield _thread_counts(base)
        yield _failing_worker(base)


def _stopped(base: Path, rounds: int, rng: random.Random) -> Result:
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
            had_ended, before = child.run_for(rng.uniform(0, usual.seconds)), child.seconds
            child.send(kind)
            stopped = child.wait()
            late = stopped.seconds - before
            alive, new = _is_alive(child.pid), sorted(set(_shared()) - set(shared))
            again = [*command, "--resume"] if (folder / "w-checkpoint.npz").exists() else command
            resumed = run(again, folder)
            other = {file for file, _ in reproducible_files(folder).items() ^ reproducible_files(whole).items()}
            wrong = {
                f"after {late:.1f} s": late > IN_TIME,
                f"ignored the signal, exit {stopped.code}": not had_ended and stopped.code == 0 and late > SOON,
                "still alive": alive,
                f"shared memory {new}": bool(new),
                f"then {resumed.code}, {resumed.err[-200:]!r}": resumed.code != 0,
                f"other files {other}": bool(other),
                f"left {leftovers(folder)}": bool(leftovers(folder)),
            }
            complaints = ", ".join(complaint for complaint, is_so in wrong.items() if is_so)
            if complaints:
                print(f"     {what}, {kind.name}: {complaints}")
            total, right = total + 1, right + (not complaints)
    what = "SIGKILL, SIGTERM, SIGINT: no process or shared memory left; again, the same bytes"
    return Result(SECTION, what, of(right, total), "all", met=right == total)


def _thread_counts(base: Path) -> Result:
    """Train a support vector machine with 1, 2 and 4 threads, and with little memory."""
    made = []
    for flags in (["--threads", "1"], ["--threads", "2"], ["--threads", "4"], ["--kernel-memory", "512"]):
        folder = _folder(base, "svm" + "".join(flags))
        run(["baseline", "svm", "-q", "--data", "../data.npz", *flags, "-o", "svm.npz"], folder)
        made.append((folder / "svm.npz").read_bytes())
    count = len(set(made))
    what = "baseline svm with 1, 2, 4 threads and little memory"
    return Result(SECTION, what, f"{count} different", "1", met=count == 1)


def _failing_worker(base: Path) -> Result:
    """Let a worker run out of memory: exit 1, and the next run does only what is missing."""
    folder = _folder(base, "failing")
    command = ["baseline", "svm", "--json", "--data", "../data.npz", "--threads", "2", "-o", "svm.npz"]
    failed = run(command, folder, before=_fail_in_a_pair)
    resumed = json.loads(run(command, folder).out)["resumed"]
    same = reproducible_files(folder)["svm.npz"] == reproducible_files(base / "svm")["svm.npz"]
    training = run(COMMANDS["train"], _folder(base, "failing-train"), before=_fail_in_a_batch)
    lines = [len(one.err.splitlines()) for one in (failed, training)]
    found = f"exit {failed.code} and {training.code}; {resumed} of 45 kept"
    met = (failed.code, training.code) == (1, 1) and resumed >= FAILING - 2 and same and lines == [1, 1]
    return Result(
        SECTION,
        "a worker out of memory: one line, finished pairs kept",
        found,
        f"exit 1 and 1; {FAILING - 2} or more",
        met,
    )


def _fail_in_a_pair() -> None:
    """Let the n-th pair of digits run out of memory."""
    binary_svm.fit = _nth_fails(binary_svm.fit, FAILING)  # type: ignore[assignment]


def _fail_in_a_batch() -> None:
    """Let the n-th backpropagation run out of memory."""
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
    """Return the files of libraries for parallel work in shared memory; other programs may have others there."""
    return [path.name for path in SHARED.iterdir() if path.name.startswith(WORKERS)] if SHARED.is_dir() else []


def _is_alive(group: int) -> bool:
    """Return whether a process of a group lives longer than workers may, which end after their parent."""
    until = time.monotonic() + LAST_WORKER
    try:
        while time.monotonic() < until:
            os.killpg(group, 0)
            time.sleep(0.05)
    except ProcessLookupError:
        return False
    return True
