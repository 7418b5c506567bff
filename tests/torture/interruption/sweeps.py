"""Kill sweeps and their workers: no process or semaphore is left, and the next run does only the rest."""

import os
import random
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from nndigits.stages.store import artifacts
from torture.harness.child import Child, run
from torture.harness.folders import digits, leftovers, reproducible_files
from torture.harness.results import Result, Size, of

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
