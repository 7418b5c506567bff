"""Kill sweeps, their workers, and clusters: no process or semaphore is left, and the next run does only the rest."""

import importlib.util
import os
import random
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from dask_cluster import cluster, stalling_proxy

from nn.stages.store import artifacts
from torture.harness.child import Child, run
from torture.harness.folders import digits, leftovers, reproducible_files
from torture.harness.results import Result, Size, of

SECTION = "G"

SHARED = Path("/dev/shm")
KINDS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
IN_TIME = 5.0  # seconds
KILLS = {"gate": 1, "long": 20}
LOST = 45.0
"""Seconds in which a scheduler that no longer answers must be noticed: 30, and what is under way then."""

SWEEP = ("sweep", "-q", "--data", "../data.npz", "--hidden", "20", "--epochs", "30", "--seeds", "4", "-o", "s")
LOCAL = (*SWEEP, "--workers", "2")


def results(size: Size) -> Iterator[Result]:
    """Kill everything that takes part in a sweep."""
    rng = random.Random(11)
    with tempfile.TemporaryDirectory() as name:
        base = digits(Path(name))
        whole = _folder(base, "whole")
        if (done := run(LOCAL, whole)).code:
            raise RuntimeError(done.err)
        expected = _trials(whole)
        stops = [(kind, to_group) for kind in KINDS for to_group in (False, True)]
        stops = stops * (KILLS[size] // 4) if size == "long" else stops[::3]
        good = sum(_stopped(base, f"stop-{n}", *stop, expected, rng) for n, stop in enumerate(stops))
        attack = "sweep: SIGKILL, SIGTERM, SIGINT to nn or to all processes: nothing left"
        yield Result(SECTION, attack, of(good, len(stops)), "all", met=good == len(stops))
        kills, good = _workers_killed(base, KILLS[size], expected, rng)
        attack = "sweep: a worker killed while it trains: replaced, the same bytes"
        yield Result(SECTION, attack, f"{of(good, kills)} survived", "all", met=good == kills)
        if importlib.util.find_spec("distributed") is None:
            yield Result(SECTION, "sweep on a cluster", "distributed is not installed", "all", met=None)
            return
        kills, good = _cluster_workers_killed(base, KILLS[size], expected)
        attack = "sweep on a cluster: a worker killed: its trial runs elsewhere"
        yield Result(SECTION, attack, f"{of(good, kills)} survived", "all", met=good == kills)
        if size == "gate":  # half a minute each
            return
        for attack, cut in (("the scheduler is killed", _kill_scheduler), ("the network stalls", _stall)):
            seconds, problem = cut(base, expected)
            found = problem or f"exit 1 after {seconds:.1f} s"
            yield Result(SECTION, f"sweep on a cluster: {attack}", found, f"exit 1 in {LOST:.0f} s", met=not problem)


def _stopped(
    base: Path, name: str, kind: signal.Signals, to_group: bool, expected: dict[str, str], rng: random.Random
) -> bool:
    """Stop a sweep while it trains, and run it again; return whether nothing is left and nothing is lost."""
    folder = _folder(base, name)
    child = Child(LOCAL, folder)
    _until(child, lambda: _training(folder))
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
        "other bytes": _trials(folder) != expected,
        f"left {leftovers(folder)}": bool(leftovers(folder)),
    }
    return _said(name, wrong)


def _workers_killed(base: Path, kills: int, expected: dict[str, str], rng: random.Random) -> tuple[int, int]:
    """Kill one worker in each of several sweeps."""
    good = 0
    for number in range(kills):
        folder = _folder(base, f"worker-{number}")
        child = Child(LOCAL, folder)
        _until(child, lambda folder=folder: _training(folder))
        child.run_for(child.seconds + rng.uniform(0, 0.5))
        workers = _workers(child.pid)
        if workers:
            os.kill(rng.choice(workers), signal.SIGKILL)
        done = child.wait(120)
        wrong = {
            f"exit {done.code}: {done.err[-300:]}": done.code != 0,
            "other bytes": _trials(folder) != expected,
            "a process is left": not _have_ended(child.pid),
        }
        good += _said(f"worker {number}", wrong)
    return kills, good


def _cluster_workers_killed(base: Path, kills: int, expected: dict[str, str]) -> tuple[int, int]:
    """Kill one of two workers, and start another, again and again."""
    good = 0
    with cluster(2) as running:
        for number in range(kills):
            folder = _folder(base, f"cluster-{number}")
            child = Child((*SWEEP, "--on", running.address), folder)
            _until(child, lambda folder=folder: any(folder.glob("s/trials/*.npz")))
            running.kill_a_worker()
            done = child.wait(120)
            running.start_a_worker()
            wrong = {
                f"exit {done.code}: {done.err[-300:]}": done.code != 0,
                "other bytes": _trials(folder) != expected,
            }
            good += _said(f"worker {number} of a cluster", wrong)
    return kills, good


def _kill_scheduler(base: Path, expected: dict[str, str]) -> tuple[float, str]:
    with cluster(1) as running:
        return _cut(base, "scheduler", running.address, running.kill_the_scheduler, expected)


def _stall(base: Path, expected: dict[str, str]) -> tuple[float, str]:
    with cluster(1) as running, stalling_proxy(running.address) as proxy:
        return _cut(base, "stalled", proxy.address, proxy.stall, expected)


def _cut(base: Path, name: str, address: str, cut: Callable[[], None], expected: dict[str, str]) -> tuple[float, str]:
    """Cut a sweep off from its scheduler, go on without; return how long the first took to end, and what is wrong."""
    folder = _folder(base, name)
    child = Child((*SWEEP, "--on", address), folder)
    _until(child, lambda: any(folder.glob("s/trials/*.npz")))
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
        "other bytes": _trials(folder) != expected,
    }
    return seconds, ", ".join(what for what, is_so in wrong.items() if is_so)


def _said(name: str, wrong: dict[str, bool]) -> bool:
    complaints = ", ".join(what for what, is_so in wrong.items() if is_so)
    if complaints:
        print(f"     {name}: {complaints}")
    return not complaints


def _folder(base: Path, name: str) -> Path:
    folder = base / name
    folder.mkdir()
    return folder


def _until(child: Child, happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happens() and not child.poll() and time.monotonic() < deadline:
        time.sleep(0.01)


def _training(folder: Path) -> bool:
    """Return whether both workers have begun to train."""
    return len(list(folder.glob("s/trials/.seed-?.npz.lock"))) > 1 or any(folder.glob("s/trials/*.npz"))


def _trials(folder: Path) -> dict[str, str]:
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
