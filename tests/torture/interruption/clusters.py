"""Kill workers, schedulers and callers of a cluster: the next run does only the rest, and has the same bytes."""

import importlib.util
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from dask_cluster import Cluster, cluster, stalling_proxy

from torture.harness.folders import digits, leftovers, reproducible_files
from torture.harness.results import Result, Size, all_of, of
from torture.harness.run import Child, run
from torture.interruption.parallel import KILLS, LOCAL, SWEEP, made, new_folder, said, undisturbed, until

SECTION = "G"


LOST = 45.0
"""Seconds in which a scheduler that no longer answers must be noticed: 30, and what is under way then."""


GONE = 20.0
"""Seconds in which the workers must have stopped the work of a caller that was killed."""


SVM = ("baseline", "svm", "-q", "--data", "../data.npz", "-o", "svm.npz")


VOTE = ("eval", "-q", "1.npz", "2.npz", "3.npz", "--shifts", "1", "--data", "../data.npz", "-o", "eval.json")


def results(size: Size) -> Iterator[Result]:
    """Kill everything that takes part in work on a cluster."""
    if importlib.util.find_spec("distributed") is None:
        yield Result(SECTION, "work on a cluster", "distributed is not installed", "all", met=None)
        return
    with tempfile.TemporaryDirectory() as name:
        base = digits(Path(name))
        expected, _ = undisturbed(base)
        kills = KILLS[size]
        with cluster(2) as running:
            good = sum(_worker_killed(base, n, running, expected) for n in range(kills))
            attack = "sweep on a cluster: a worker killed: its trial runs elsewhere"
            yield Result(SECTION, attack, f"{of(good, kills)} survived", "all", met=good == kills)
            good = sum(_caller_killed(base, n, running, expected) for n in range(kills))
            attack = "sweep on a cluster: nn killed: the workers stop, no file is left, the rest is done"
            yield all_of(SECTION, attack, good, kills)
            running.start_a_worker(nn_version="0.0")
            found = _refused(base, running)
            attack = "a cluster with a worker of another version of nn is refused"
            yield Result(SECTION, attack, found or "one line, exit 1", "one line, exit 1", met=not found)
        with cluster(2) as running:
            good = _support_vector_machine(base, running) + _vote(base, running)
            attack = "baseline svm and a vote on a cluster, a worker killed: the same bytes"
            yield all_of(SECTION, attack, good, 2)
        if size == "gate":  # half a minute each
            return
        for attack, cut in (("the scheduler is killed", _kill_scheduler), ("the network stalls", _stall)):
            seconds, problem = cut(base, expected)
            found = problem or f"exit 1 after {seconds:.1f} s"
            yield Result(SECTION, f"sweep on a cluster: {attack}", found, f"exit 1 in {LOST:.0f} s", met=not problem)


def _worker_killed(base: Path, number: int, running: Cluster, expected: dict[str, str]) -> bool:
    """Kill one of two workers, and start another."""
    folder = new_folder(base, f"cluster-{number}")
    child = Child((*SWEEP, "--on", running.address), folder)
    until(child, lambda: any(folder.glob("s/trials/*.npz")))
    running.kill_a_worker()
    done = child.wait(120)
    running.start_a_worker()
    wrong = {
        f"exit {done.code}: {done.err[-300:]}": done.code != 0,
        "other bytes": made(folder) != expected,
        f"left {running.leftovers()}": bool(running.leftovers()),
    }
    return said(f"worker {number} of a cluster", wrong)


def _caller_killed(base: Path, number: int, running: Cluster, expected: dict[str, str]) -> bool:
    """Kill nn while workers train for it, and run it again here."""
    folder = new_folder(base, f"caller-{number}")
    child = Child((*SWEEP, "--on", running.address), folder)
    until(child, lambda: any(folder.glob("s/trials/*.npz")))
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
    return said(f"caller {number} of a cluster", wrong)


def _refused(base: Path, running: Cluster) -> str:
    """Start a sweep where a worker has another version; return what is wrong."""
    folder = new_folder(base, "refused")
    done = run((*SWEEP, "--on", running.address), folder)
    wrong = {
        f"exit {done.code}": done.code != 1,
        done.err[-300:]: len(done.err.splitlines()) != 1 or "1 worker with nn 0.0" not in done.err,
        "it has trained": any(folder.glob("s/trials/*.npz")),
    }
    return ", ".join(what for what, is_so in wrong.items() if is_so)


def _support_vector_machine(base: Path, running: Cluster) -> bool:
    """Train here, and on a cluster of which a worker is killed."""
    here, there = new_folder(base, "svm-here"), new_folder(base, "svm-there")
    run(SVM, here)
    child = Child((*SVM, "--on", running.address), there)
    until(child, lambda: (there / "svm-pairs.npz").exists())
    running.kill_a_worker()
    done = child.wait(120)
    running.start_a_worker()
    return _is_same("svm", done.code, done.err, here, there)


def _vote(base: Path, running: Cluster) -> bool:
    """Evaluate a vote here, and on a cluster of which a worker is killed."""
    here, there = new_folder(base, "vote-here"), new_folder(base, "vote-there")
    for folder in (here, there):
        for seed in ("1", "2", "3"):
            run(("train", "-q", "--data", "../data.npz", "--epochs", "1", "--seed", seed, "-o", f"{seed}.npz"), folder)
    run(VOTE, here)
    child = Child((*VOTE, "--on", running.address), there)
    child.run_for(0.5)
    running.kill_a_worker()
    done = child.wait(120)
    return _is_same("vote", done.code, done.err, here, there)


def _is_same(name: str, code: int, err: str, here: Path, there: Path) -> bool:
    other = {file for file, _ in reproducible_files(here).items() ^ reproducible_files(there).items()}
    wrong = {
        f"exit {code}: {err[-300:]}": code != 0,
        f"other files {other}": bool(other),
        f"left {leftovers(there)}": bool(leftovers(there)),
    }
    return said(f"{name} on a cluster", wrong)


def _kill_scheduler(base: Path, expected: dict[str, str]) -> tuple[float, str]:
    with cluster(1) as running:
        return _cut(base, "scheduler", running.address, running.kill_the_scheduler, expected)


def _stall(base: Path, expected: dict[str, str]) -> tuple[float, str]:
    with cluster(1) as running, stalling_proxy(running.address) as proxy:
        return _cut(base, "stalled", proxy.address, proxy.stall, expected)


def _cut(base: Path, name: str, address: str, cut: Callable[[], None], expected: dict[str, str]) -> tuple[float, str]:
    """Cut a sweep off from its scheduler, go on without; return how long the first took to end, and what is wrong."""
    folder = new_folder(base, name)
    child = Child((*SWEEP, "--on", address), folder)
    until(child, lambda: any(folder.glob("s/trials/*.npz")))
    cut()
    before = time.monotonic()
    done = child.wait(LOST + 15)
    seconds = time.monotonic() - before
    again = run(LOCAL, folder)
    wrong = {
        f"exit {done.code}": done.code != 1,
        f"{len(done.err.splitlines())} lines: {done.err[-300:]}": len(done.err.splitlines()) != 1,
        f"{seconds:.0f} s": seconds > LOST,
        f"then exit {again.code}": again.code != 0,
        "other bytes": made(folder) != expected,
    }
    return seconds, ", ".join(what for what, is_so in wrong.items() if is_so)
