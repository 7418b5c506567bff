"""One way to run `nn`: in a forked child of a process that has imported it, which takes hundredths of a second.

The child runs `nndigits.cli.main.main` with its own arguments, folder, streams and signals, and ends with an exit
code or a signal like the installed command. Only the start of the interpreter is left out. ``Child`` is a running
command, which can be killed; ``nn`` runs one to its end, from any thread.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, util
from pathlib import Path
from queue import Empty, SimpleQueue
from subprocess import PIPE
from typing import IO, Any, NoReturn, TypeVar

from support import REPOSITORY

STOPPING = (signal.SIGINT, signal.SIGTERM)
TICK = 0.002  # seconds between two polls of a child
PLAIN = {"_TYPER_FORCE_DISABLE_TERMINAL": "1", "NO_COLOR": "1", "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}
SETTINGS = ("NN_ARTIFACTS", "NN_DEBUG", "FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS")
"""Environment variables that are removed: they change what nn does or prints."""


def nothing() -> None:
    """Do nothing: the default for ``before``."""


def nn_main() -> None:
    """Run nn with the arguments in ``sys.argv``."""
    from nndigits.cli.main import main

    main()


@dataclass(frozen=True)
class Outcome:
    """How a command ended.

    Attributes
    ----------
    code
        The exit code, or minus the number of the signal that ended it.
    peak
        Peak memory in bytes.
    seconds
        Wall-clock time, without the time in which this process was suspended.
    cpu_seconds
        CPU time, which does not depend on the load of the machine.
    hung
        Whether it was killed because it took too long.
    """

    code: int
    out: str
    err: str
    peak: int
    seconds: float
    cpu_seconds: float
    hung: bool = False

    def is_one_line(self, *parts: str) -> bool:
        """Whether stderr is one line that contains all of these parts."""
        return self.err.count("\n") == 1 and all(part in self.err for part in parts)


class Child:
    """A running command. ``before`` runs in the child just before ``main``."""

    def __init__(
        self,
        arguments: Iterable[str | Path],
        folder: Path,
        *,
        before: Callable[[], None] = nothing,
        main: Callable[[], None] = nn_main,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.arguments = [str(argument) for argument in arguments]
        self.seconds = 0.0
        self.outcome: Outcome | None = None
        self._polled = time.monotonic()
        self._streams = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115
        sys.stdout.flush()
        sys.stderr.flush()
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)  # until the child is ready for them
        self.pid = os.fork()
        if not self.pid:
            _become(self.arguments, folder, self._streams, before, main, environment or {})
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)

    def poll(self) -> bool:
        """Return whether the child has ended."""
        if self.outcome is None:
            now = time.monotonic()
            self.seconds, self._polled = self.seconds + min(now - self._polled, 0.1), now
            self._collect(os.WNOHANG)
        return self.outcome is not None

    def run_for(self, seconds: float) -> bool:
        """Poll the child until it ends or has run for ``seconds``; return whether it has ended."""
        while self.seconds < seconds and not self.poll():
            time.sleep(TICK / 10)
        return self.poll()

    def wait(self, seconds: float = 60) -> Outcome:
        """Wait for the child to end; kill it after ``seconds``."""
        while not self.poll() and self.seconds < seconds:
            time.sleep(TICK)
        if self.outcome is None:
            self.send(signal.SIGKILL)
            self._collect(0, hung=True)
        assert self.outcome is not None
        return self.outcome

    def send(self, number: int) -> None:
        """Send a signal to the child and its own children, unless it has ended."""
        if self.outcome is None:
            try:
                os.killpg(self.pid, number)
            except ProcessLookupError:  # it has not made its group yet
                os.kill(self.pid, number)

    def _collect(self, options: int, *, hung: bool = False) -> None:
        pid, status, usage = os.wait4(self.pid, options)
        if not pid:
            return
        texts = []
        for stream in self._streams:
            stream.seek(0)
            texts.append(stream.read().decode(errors="backslashreplace"))
            stream.close()
        cpu_seconds = usage.ru_utime + usage.ru_stime
        code, peak = os.waitstatus_to_exitcode(status), usage.ru_maxrss * 1024
        self.outcome = Outcome(code, texts[0], texts[1], peak, self.seconds, cpu_seconds, hung)


def run(arguments: Iterable[str | Path], folder: Path, *, seconds: float = 60, **options: object) -> Outcome:
    """Run a command to its end."""
    return Child(arguments, folder, **options).wait(seconds)  # type: ignore[arg-type]


def run_in_parallel(starts: Iterable[Callable[[], Child]], seconds: float, workers: int = 2) -> Iterator[Child]:
    """Run children, ``workers`` at a time, and yield each when it has ended.

    A child gets SIGINT after a quarter of ``seconds``, and SIGKILL after all of them.
    """
    running, interrupted = [], set()
    for start in starts:
        running.append(start())
        while len(running) >= workers:
            yield from _ended(running, interrupted, seconds)
    while running:
        yield from _ended(running, interrupted, seconds)


def _ended(running: list[Child], interrupted: set[int], seconds: float) -> Iterator[Child]:
    time.sleep(TICK)
    for child in tuple(running):
        if child.poll() or child.seconds > seconds:
            child.wait(seconds)
            running.remove(child)
            yield child
        elif child.seconds > seconds / 4 and child.pid not in interrupted:
            interrupted.add(child.pid)
            child.send(signal.SIGINT)


def _become(
    arguments: list[str],
    folder: Path,
    streams: tuple[IO[bytes], IO[bytes]],
    before: Callable[[], None],
    main: Callable[[], None],
    environment: Mapping[str, str],
) -> NoReturn:
    """Run the command in the child; never return to the code that forked."""
    code = 99
    try:
        os.setpgid(0, 0)
        for number in STOPPING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        os.chdir(folder)
        for name in SETTINGS:
            os.environ.pop(name, None)
        os.environ.update({**PLAIN, "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache"), **environment})
        with open(os.devnull, "rb") as empty:
            os.dup2(empty.fileno(), 0)
        for number, stream in enumerate(streams, 1):
            os.dup2(stream.fileno(), number)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        sys.argv = ["nn", *arguments]
        warnings.simplefilter("ignore", ResourceWarning)  # a signal may leave a file open, which users never see
        warnings.simplefilter("default", UserWarning)  # what nn tells its user
        before()
        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        util._run_finalizers(0)  # as at the end of the interpreter: loky's semaphores leave the list of its tracker
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


NOBODY = 65534
"""A user that owns nothing."""


class ForkServers:
    """Processes of ``fork_server.py``: one for each run at the same time. They end with the program."""

    def __init__(self, preload: str = "") -> None:
        self.idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        self.preload = preload

    def run(self, *arguments: str | Path, folder: Path, **options: Any) -> Outcome:
        """Run ``nn`` in a folder; the options are those of ``fork_server.serve_one``."""
        request = {"folder": str(folder), "arguments": [*map(str, arguments)], **options}
        with self.one() as server:
            server.stdin.write(json.dumps(request) + "\n")
            server.stdin.flush()
            return Outcome(**json.loads(server.stdout.readline()))

    @contextmanager
    def one(self) -> Iterator[subprocess.Popen[str]]:
        """Borrow an idle server, or start one."""
        try:
            server = self.idle.get_nowait()
        except Empty:
            server = self.start()
        try:
            yield server
        finally:
            self.idle.put(server)

    def start(self) -> subprocess.Popen[str]:
        """Start a server."""
        variables = {"PYTHONPATH": str(REPOSITORY / "tests"), "OPENBLAS_NUM_THREADS": "1", "LD_PRELOAD": self.preload}
        program = [sys.executable, "-W", "error", "-m", "torture.harness.fork_server"]
        server = subprocess.Popen(program, env={**os.environ, **variables}, stdin=PIPE, stdout=PIPE, text=True)
        atexit.register(server.communicate)
        return server


nn = ForkServers().run
Item, Found = TypeVar("Item"), TypeVar("Found")


def map_in_threads(function: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
    """Call a function that waits for other processes, one thread for each processor."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, items))


def map_in_processes(function: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
    """Call a function of a module, one process for each processor."""
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        return list(pool.map(function, items))
