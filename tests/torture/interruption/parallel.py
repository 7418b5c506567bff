"""Stop work of several processes or threads: nothing of it is left, and the next run does only the rest."""

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
from nndigits.stages.store import artifacts
from torture.harness.folders import digits, leftovers, reproducible_files
from torture.harness.results import Result, Size, of
from torture.harness.run import Child, run

SECTION = "G"


SHARED = Path("/dev/shm")


KINDS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


IN_TIME = 5.0  # seconds


KILLS = {"gate": 1, "long": 20}


SWEEP = ("sweep", "-q", "--data", "../data.npz", "--hidden", "20", "--epochs", "30", "--seeds", "4", "-o", "s")


LOCAL = (*SWEEP, "--workers", "2")


def results(size: Size) -> Iterator[Result]:
    """Kill everything that takes part in a sweep on this machine."""
    rng = random.Random(11)
    with tempfile.TemporaryDirectory() as name:
        base = digits(Path(name))
        expected = undisturbed(base)
        stops = [(kind, to_group) for kind in KINDS for to_group in (False, True)]
        stops = stops * (KILLS[size] // 4) if size == "long" else stops[::3]
        good = sum(_stopped(base, f"stop-{n}", *stop, expected, rng) for n, stop in enumerate(stops))
        attack = "sweep: SIGKILL, SIGTERM, SIGINT to nn or to all processes: nothing left"
        yield Result(SECTION, attack, of(good, len(stops)), "all", met=good == len(stops))
        kills, good = _workers_killed(base, KILLS[size], expected, rng)
        attack = "sweep: a worker killed while it trains: replaced, the same bytes"
        yield Result(SECTION, attack, f"{of(good, kills)} survived", "all", met=good == kills)


def _stopped(
    base: Path, name: str, kind: signal.Signals, to_group: bool, expected: dict[str, str], rng: random.Random
) -> bool:
    """Stop a sweep while it trains, and run it again; return whether nothing is left and nothing is lost."""
    folder = new_folder(base, name)
    child = Child(LOCAL, folder)
    until(child, lambda: _training(folder))
    child.run_for(child.seconds + rng.uniform(0, 0.8))
    if to_group:
        child.send(kind)
    elif child.outcome is None:
        os.kill(child.pid, kind)
    code = child.wait().code
    wrong = {
        f"exit {code}": code not in (-kind, 128 + kind, 0),
        "a process is left": not _have_ended(child.pid),
        "semaphores are left": SHARED.is_dir() and any(SHARED.glob(f"sem.loky-{child.pid}-*")),
        "a trial is damaged": not _are_whole(folder),
    }
    again = run(LOCAL, folder)
    wrong |= {
        f"then exit {again.code}: {again.err[-300:]}": again.code != 0,
        "other bytes": trials(folder) != expected,
        f"left {leftovers(folder)}": bool(leftovers(folder)),
    }
    return said(name, wrong)


def _workers_killed(base: Path, kills: int, expected: dict[str, str], rng: random.Random) -> tuple[int, int]:
    """Kill one worker in each of several sweeps."""
    good = 0
    for number in range(kills):
        folder = new_folder(base, f"worker-{number}")
        child = Child(LOCAL, folder)
        until(child, lambda folder=folder: _training(folder))
        child.run_for(child.seconds + rng.uniform(0, 0.5))
        workers = _workers(child.pid)
        if workers:
            os.kill(rng.choice(workers), signal.SIGKILL)
        done = child.wait(120)
        wrong = {
            f"exit {done.code}: {done.err[-300:]}": done.code != 0,
            "other bytes": trials(folder) != expected,
            "a process is left": not _have_ended(child.pid),
        }
        good += said(f"worker {number}", wrong)
    return kills, good


def said(name: str, wrong: dict[str, bool]) -> bool:
    """Print what is wrong; return whether nothing is."""
    complaints = ", ".join(what for what, is_so in wrong.items() if is_so)
    if complaints:
        print(f"     {name}: {complaints}")
    return not complaints


def undisturbed(base: Path) -> dict[str, str]:
    """Return the trials of a sweep that nothing is done to."""
    whole = new_folder(base, "whole")
    if (done := run(LOCAL, whole)).code:
        raise RuntimeError(done.err)
    return trials(whole)


def new_folder(base: Path, name: str) -> Path:
    """Make a folder."""
    made = base / name
    made.mkdir()
    return made


def until(child: Child, happens: Callable[[], bool]) -> None:
    """Wait until something happens, or the command has ended."""
    deadline = time.monotonic() + 60
    while not happens() and not child.poll() and time.monotonic() < deadline:
        time.sleep(0.01)


def _training(folder: Path) -> bool:
    """Return whether both workers have begun to train."""
    return len(list(folder.glob("s/trials/.seed-?.npz.lock"))) > 1 or any(folder.glob("s/trials/*.npz"))


def trials(folder: Path) -> dict[str, str]:
    """Return the hash of each file of the trials, without locks."""
    found = reproducible_files(folder / "s" / "trials")
    return {name: digest for name, digest in found.items() if not name.startswith(".")}


def _are_whole(folder: Path) -> bool:
    for path in folder.glob("s/trials/*.npz"):
        artifacts.load(path)
    return True


def _workers(parent: int) -> list[int]:
    """Return the loky workers of a process."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes()
            owner = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if owner == parent and b"popen_loky" in words:
            found.append(int(path.name))
    return found


def _have_ended(group: int) -> bool:
    """Wait for the processes of a group; return whether all end in time."""
    deadline = time.monotonic() + IN_TIME
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


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
