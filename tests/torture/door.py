"""The command as a person runs it, with what it cost: exit code, what it said, CPU seconds, peak memory.

``nn`` starts the installed command, a third of a second each time. ``nn_forked`` runs the same ``main`` with the same
arguments in a fork of a process that has imported it all: some milliseconds, so that hundreds of cases can be tried.
"""

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from queue import Empty, SimpleQueue
from subprocess import PIPE
from typing import Any, TypeVar

from support import REPOSITORY, command

LAUNCH = (sys.executable, "-S", str(REPOSITORY / "benchmarks" / "launch.py"))
NOBODY = 65534
"""A user that owns nothing."""

PATIENCE = 120
"""Seconds after which a command counts as hanging."""

Work, Found = TypeVar("Work"), TypeVar("Found")


@dataclass(frozen=True)
class Ran:
    """How a command ended. ``megabytes`` is its peak; ``seconds`` are of CPU, which a busy machine does not change."""

    code: int
    err: str
    seconds: float
    megabytes: float

    def says(self, *words: str) -> bool:
        """Whether it said one line, with all of these words."""
        return self.err.count("\n") == 1 and all(word in self.err for word in words)


def nn(*arguments: str | Path, folder: Path, environment: Mapping[str, str] | None = None) -> Ran:
    """Run the installed ``nn`` in a folder."""
    done = subprocess.run(
        [*LAUNCH, command(), *map(str, arguments)],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    _, seconds, megabytes = map(float, done.stdout.split())
    return Ran(done.returncode, done.stderr.decode(errors="replace"), seconds, megabytes)


class Servers:
    """Processes of ``forked.py``, as many as are in use at once; they end with the program."""

    def __init__(self, preload: str = "") -> None:
        self.idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        self.preload = preload

    def run(self, *arguments: str | Path, folder: Path, **options: Any) -> Ran:
        """Run ``nn`` in a folder, in a process that need not start; for the options see ``forked.py``."""
        asked = {"folder": str(folder), "arguments": [*map(str, arguments)], **options}
        with self.one() as server:
            server.stdin.write(json.dumps(asked) + "\n")
            server.stdin.flush()
            return Ran(*json.loads(server.stdout.readline()))

    @contextmanager
    def one(self) -> Iterator[subprocess.Popen[str]]:
        """One that nobody else uses."""
        try:
            server = self.idle.get_nowait()
        except Empty:
            server = self.start()
        try:
            yield server
        finally:
            self.idle.put(server)

    def start(self) -> subprocess.Popen[str]:
        """Another one."""
        ours = {"PYTHONPATH": str(REPOSITORY / "tests"), "OPENBLAS_NUM_THREADS": "1", "LD_PRELOAD": self.preload}
        program = [sys.executable, "-W", "error", "-m", "torture.forked"]
        server = subprocess.Popen(program, env={**os.environ, **ours}, stdin=PIPE, stdout=PIPE, text=True)
        atexit.register(server.communicate)
        return server


nn_forked = Servers().run


def files_in(folder: Path) -> dict[str, tuple[int, int]]:
    """What is in a folder, with sizes and times of change: the same before and after where nothing was written."""
    paths = (path for path in folder.rglob("*") if not path.is_dir())
    return {str(path.relative_to(folder)): (path.lstat().st_size, path.lstat().st_mtime_ns) for path in paths}


def at_once(do: Callable[[Work], Found], work: Iterable[Work]) -> list[Found]:
    """Do the work on every processor; what is waited for are other processes."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(do, work))


def on_every_processor(do: Callable[[Work], Found], work: Iterable[Work]) -> list[Found]:
    """Do the work in a process for each processor; ``do`` is a function of a module."""
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        return list(pool.map(do, work))


def memory() -> str | None:
    """A folder for files that need never reach a disk, where the system has one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
