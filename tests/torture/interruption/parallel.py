"""Stop work of several processes or threads: nothing of it is left, and the next run does only the rest.

No process, no shared memory, no semaphore and no temporary file may be left, whatever the signal and whoever gets it.
"""

import importlib.util
import json
import os
import random
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from dask_cluster import cluster

from nndigits.models.baselines import binary_svm
from nndigits.models.network.network import Network
from nndigits.stages.store import artifacts
from torture.harness.folders import digits, leftovers, reproducible_files
from torture.harness.results import Result, Size, all_of
from torture.harness.run import Child, run

SECTION = "G"
SHARED = Path("/dev/shm")
SHARED_NAMES = ("joblib", "loky", "psm_")
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
IN_TIME, SOON = 5.0, 1.0  # seconds: to end, and in which a command whose work is done may end normally
ROUNDS = {"gate": 1, "long": 12}
KILLS = {"gate": 1, "long": 20}
GONE = 20.0  # seconds in which workers must have stopped the work of a caller that was killed
SWEPT = 0.8  # seconds after the first trials have begun, within which a sweep is stopped
FAILING = 20  # the number of the pair of digits, of 45, that fails
SWEEP = ("sweep", "-q", "--data", "../data.npz", "--hidden", "20", "--epochs", "30", "--seeds", "4", "-o", "s")
LOCAL = (*SWEEP, "--workers", "2")
TRAIN = ("train", "-q", "--data", "../data.npz", "--threads", "3", "--epochs", "40", "--batch", "128", "-o", "w.npz")
SVM = ("baseline", "svm", "-q", "--data", "../data.npz", "--threads", "3", "-o", "svm.npz")
COMMANDS = {
    "train": TRAIN,
    "svm": SVM,
    "search": (*SVM, "--search", "--train-size", "300"),
    "seeds": ("compare", "-q", ".", "--data", "../data.npz", "--seeds", "2", "--epochs", "4", "-o", "c.json"),
    "sweep": LOCAL,
}
"""Commands with workers or several parts. All but ``train`` resume without a flag."""


def results(size: Size) -> Iterator[Result]:
    """Stop each command by each signal; kill a worker; let one run out of memory."""
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as name:
        base = digits(Path(name))
        stops = [(what, number, kind) for what in COMMANDS for number, kind in enumerate(SIGNALS * ROUNDS[size])]
        expected = {what: undisturbed(base, what) for what in COMMANDS}
        good = sum(_stopped(base, *stop, *expected[stop[0]], rng) for stop in stops)
        yield all_of(
            SECTION, "work stopped by SIGKILL, SIGTERM, SIGINT: nothing left; again, the same bytes", good, len(stops)
        )
        good = sum(_worker_killed(base, number, expected["sweep"][0], rng) for number in range(KILLS[size]))
        yield all_of(SECTION, "sweep: a worker killed while it trains: replaced, the same bytes", good, KILLS[size])
        yield _failing_worker(base, expected["svm"][0])
        yield _callers_killed(base, KILLS[size], expected["sweep"][0])


def undisturbed(base: Path, what: str = "sweep") -> tuple[dict[str, str], float]:
    """Return the files of a command that nothing is done to, and its seconds."""
    whole = new_folder(base, f"whole-{what}")
    done = run(COMMANDS[what], whole)
    if done.code:
        raise RuntimeError(f"{what}: {done.code}, {done.err}")
    return made(whole), done.seconds


def _stopped(
    base: Path,
    what: str,
    number: int,
    kind: signal.Signals,
    expected: dict[str, str],
    usual: float,
    rng: random.Random,
) -> bool:
    """Stop a command while it works, and run it again; return whether nothing is left and nothing is lost."""
    folder, shared = new_folder(base, f"{what}-{number}"), _shared()
    child = Child(COMMANDS[what], folder)
    # Names in shared memory are removed before the first network begins to train.
    if what == "sweep":
        until(child, lambda: _training(folder))
        usual = child.seconds + SWEPT
    elif what == "seeds":
        until(child, lambda: any(folder.glob("seeds/*.npz")))
        usual = max(usual, child.seconds)
    had_ended, before = child.run_for(rng.uniform(child.seconds, usual)), child.seconds
    if what == "sweep" and number % 2 and child.outcome is None:
        os.kill(child.pid, kind)  # and its workers must notice it
    else:
        child.send(kind)
    stopped = child.wait()
    late = stopped.seconds - before
    ignored = not had_ended and stopped.code == 0 and late > SOON
    has_ended, left = _have_ended(child.pid), _shared(child.pid) - shared
    wrong = {
        f"after {late:.1f} s": late > IN_TIME,
        f"ignored the signal, exit {stopped.code} after {late:.1f} s": ignored,
        "a process is left": not has_ended,
        f"shared memory {sorted(left)}": bool(left),
        "a trial is damaged": not all(artifacts.load(path) for path in folder.glob("s/trials/*.npz")),
    }
    again = [*COMMANDS[what], "--resume"] if (folder / "w-checkpoint.npz").exists() else COMMANDS[what]
    resumed = run(again, folder)
    other = sorted({file for file, _ in made(folder).items() ^ expected.items()})
    wrong |= {
        f"then {resumed.code}, {resumed.err[-200:]!r}": resumed.code != 0,
        f"other files {other}": bool(other),
        f"left {leftovers(folder)}": bool(leftovers(folder)),
    }
    return said(f"{what}, {kind.name}", wrong)


def _worker_killed(base: Path, number: int, expected: dict[str, str], rng: random.Random) -> bool:
    """Kill one worker of a sweep."""
    folder = new_folder(base, f"worker-{number}")
    child = Child(LOCAL, folder)
    until(child, lambda: _training(folder))
    child.run_for(child.seconds + rng.uniform(0, 0.5))
    if workers := _workers(child.pid):
        os.kill(rng.choice(workers), signal.SIGKILL)
    done = child.wait(120)
    wrong = {
        f"exit {done.code}: {done.err[-300:]}": done.code != 0,
        "other bytes": made(folder) != expected,
        "a process is left": not _have_ended(child.pid),
    }
    return said(f"worker {number}", wrong)


def _callers_killed(base: Path, kills: int, expected: dict[str, str]) -> Result:
    """Kill nn while workers of a cluster train for it, and run it again here."""
    attack = "sweep on a cluster: nn killed: the workers stop, no file is left, the rest is done"
    if importlib.util.find_spec("distributed") is None:
        return Result(SECTION, attack, "distributed is not installed", "all", met=None)
    good = 0
    with cluster(2) as running:
        for number in range(kills):
            folder = new_folder(base, f"caller-{number}")
            child = Child((*SWEEP, "--on", running.address), folder)
            until(child, lambda: any(folder.glob("s/trials/*.npz")))  # noqa: B023
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
            deadline = time.monotonic() + GONE
            while running.leftovers() and time.monotonic() < deadline:
                time.sleep(0.1)
            again = run(LOCAL, folder)
            wrong = {
                f"left {running.leftovers()}": bool(running.leftovers()),
                f"left {leftovers(folder)}": bool(leftovers(folder)),
                f"then exit {again.code}: {again.err[-300:]}": again.code != 0,
                "other bytes": made(folder) != expected,
            }
            good += said(f"caller {number} of a cluster", wrong)
    return all_of(SECTION, attack, good, kills)


def _failing_worker(base: Path, expected: dict[str, str]) -> Result:
    """Let a worker run out of memory: exit 1, and the next run does only what is missing."""
    folder = new_folder(base, "failing")
    command = ["baseline", "svm", "--json", "--data", "../data.npz", "--threads", "2", "-o", "svm.npz"]
    failed = run(command, folder, before=lambda: _nth_fails(binary_svm, "fit", FAILING))
    resumed = json.loads(run(command, folder).out)["resumed"]
    training = run(TRAIN, new_folder(base, "failing-train"), before=lambda: _nth_fails(Network, "backpropagate", 50))
    found = f"exit {failed.code} and {training.code}; {resumed} of 45 kept"
    ends = [(one.code, len(one.err.splitlines())) for one in (failed, training)]
    met = ends == [(1, 1)] * 2 and resumed >= FAILING - 2 and made(folder)["svm.npz"] == expected["svm.npz"]
    what = "a worker out of memory: one line, finished pairs kept"
    return Result(SECTION, what, found, f"exit 1 and 1; {FAILING - 2} or more", met)


def _nth_fails(owner: object, name: str, n: int) -> None:
    """Let the n-th call of a function run out of memory."""
    function, left = getattr(owner, name), iter(range(n))

    def failing(*arguments: object, **named: object) -> object:
        if next(left, None) is None:
            raise MemoryError
        return function(*arguments, **named)

    setattr(owner, name, failing)


def _training(folder: Path) -> bool:
    """Return whether both workers of a sweep have begun to train."""
    return len(list(folder.glob("s/trials/.seed-?.npz.lock"))) > 1 or any(folder.glob("s/trials/*.npz"))


def said(name: str, wrong: dict[str, bool]) -> bool:
    """Print what is wrong; return whether nothing is."""
    complaints = ", ".join(what for what, is_so in wrong.items() if is_so)
    if complaints:
        print(f"     {name}: {complaints}")
    return not complaints


def new_folder(base: Path, name: str) -> Path:
    """Make a folder."""
    folder = base / name
    folder.mkdir()
    return folder


def until(child: Child, happens: Callable[[], bool]) -> None:
    """Wait until something happens, or the command has ended."""
    deadline = time.monotonic() + 60
    while not happens() and not child.poll() and time.monotonic() < deadline:
        time.sleep(0.01)


def made(folder: Path) -> dict[str, str]:
    """Return the hash of each file that must be the same again; of a sweep, those of its trials.

    A killed command leaves its lock files, which are hidden: the next one that takes the lock removes them.
    """
    found = reproducible_files(folder / "s" / "trials" if (folder / "s").exists() else folder)
    return {name: digest for name, digest in found.items() if not Path(name).name.startswith(".")}


def _shared(own: int = 0) -> set[str]:
    """Return the files of libraries for parallel work in shared memory, and the semaphores of a process of ours."""
    return {path.name for path in SHARED.glob("*") if path.name.startswith((*SHARED_NAMES, f"sem.loky-{own}-"))}


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
