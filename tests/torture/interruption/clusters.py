"""Kill callers and schedulers of a cluster, and stall its network: the next run does only the rest.

That killed workers are replaced, and other versions refused, is for the slow tests of `make test-slow`.
"""

import importlib.util
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from dask_cluster import Cluster, cluster, stalling_proxy

from torture.harness.folders import digits, leftovers
from torture.harness.results import Result, Size, all_of
from torture.harness.run import Child, run
from torture.interruption.parallel import KILLS, LOCAL, SWEEP, made, new_folder, said, undisturbed, until

SECTION = "G"
LOST = 45.0
"""Seconds in which a scheduler that no longer answers must be noticed: 30, and what is under way then."""

GONE = 20.0
"""Seconds in which the workers must have stopped the work of a caller that was killed."""


def results(size: Size) -> Iterator[Result]:
    """Kill what takes part in work on a cluster."""
    if importlib.util.find_spec("distributed") is None:
        yield Result(SECTION, "work on a cluster", "distributed is not installed", "all", met=None)
        return
    with tempfile.TemporaryDirectory() as name:
        base = digits(Path(name))
        expected, _ = undisturbed(base)
        kills = KILLS[size]
        with cluster(2) as running:
            good = sum(_caller_killed(base, n, running, expected) for n in range(kills))
            attack = "sweep on a cluster: nn killed: the workers stop, no file is left, the rest is done"
            yield all_of(SECTION, attack, good, kills)
        if size == "gate":  # half a minute each
            return
        for attack, cut in (("the scheduler is killed", _kill_scheduler), ("the network stalls", _stall)):
            seconds, problem = cut(base, expected)
            found = problem or f"exit 1 after {seconds:.1f} s"
            yield Result(SECTION, f"sweep on a cluster: {attack}", found, f"exit 1 in {LOST:.0f} s", met=not problem)


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
