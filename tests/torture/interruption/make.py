"""Kill `make` with its children at random moments, and run it twice at once: a build ends in the same bytes."""

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from support import REPOSITORY
from support import command as installed

from torture.harness.folders import leftovers, reproducible_files, tiny_files
from torture.harness.results import Result, Size, of

SECTION = "H"
CODE = ("Makefile", "pyproject.toml", "cli", "stages", "models")
KILLS = {"gate": 4, "long": 20}


def results(size: Size) -> Iterator[Result]:
    """Build once without interruption, then with kills, then twice at once."""
    if shutil.which("make") is None:
        yield Result(SECTION, "make killed with its children", "no make installed", "the same bytes", met=None)
        return
    rng = random.Random(6)
    with tempfile.TemporaryDirectory() as name:
        base, files = Path(name), tiny_files(Path(name) / "mine")
        whole = copy(base / "whole")
        started = time.monotonic()
        usual = finish(whole, files)
        seconds = time.monotonic() - started
        same = sum(_killed(base / str(number), files, seconds, rng) == usual for number in range(KILLS[size]))
        what = "make killed with its children at a random moment, then make"
        yield Result(SECTION, what, of(same, KILLS[size]), "all the same bytes", met=same == KILLS[size])
        again = start(whole, files).communicate()[0]
        recipes = [line for line in again.splitlines() if line.startswith(installed())]
        yield Result(SECTION, "make again: recipes that run", str(len(recipes)), "0", met=not recipes)
        twice = copy(base / "twice")
        both = [start(twice, files, "-j4") for _ in range(2)]
        ends = [is_done_or_told(running.communicate()[0], running.returncode) for running in both]
        met = all(ends) and finish(twice, files) == usual
        what = "make -j4 twice at once, each done or told of the other, then make"
        yield Result(SECTION, what, "the same" if met else "different", "the same bytes", met)


def is_done_or_told(output: str, code: int) -> bool:
    """Return whether make has built everything, or stopped because the other one trains to the same file."""
    return code == 0 or (code == 2 and "another run of nn writes it" in output)


def copy(folder: Path) -> Path:
    """Copy what make needs to a new folder; return it."""
    folder.mkdir()
    for name in CODE:
        source = REPOSITORY / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, folder / name)
    return folder


def start(folder: Path, files: Path, *flags: str) -> "subprocess.Popen[str]":
    """Start make in a new process group, with the nn of this Python."""
    venv = Path(installed()).parents[1]
    arguments = [f"VENV={venv}", "-o", str(venv / "bin/nn"), f"FROM={files}", "EPOCHS=2", "HIDDEN=5"]
    return subprocess.Popen(
        ["make", *arguments, *flags],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def finish(folder: Path, files: Path) -> dict[str, str]:
    """Run make to its end; return the sha256 of each file."""
    running = start(folder, files)
    output, _ = running.communicate()
    if running.returncode or (left := leftovers(folder / "artifacts")):
        return {"make": f"{output} {left if not running.returncode else ''}"}
    return reproducible_files(folder / "artifacts")


def _killed(folder: Path, files: Path, seconds: float, rng: random.Random) -> dict[str, str]:
    running = start(copy(folder), files)
    time.sleep(rng.uniform(0, seconds))
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    found = finish(folder, files)
    shutil.rmtree(folder)
    return found
