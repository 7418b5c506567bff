"""One way to run `nn`: in a forked child of a process that has imported it, which takes hundredths of a second.

The child runs `nndigits.cli.main.main` with its own arguments, folder, streams and signals, and ends with an exit
code or a signal like the installed command. Only the start of the interpreter is left out. ``Child`` is a running
command, which can be killed; ``nn`` runs one to its end, from any thread.
"""

import atexit
import ctypes
import json
import marshal
import os
import signal
import socket
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context, util
from pathlib import Path
from threading import Lock
from typing import IO, NoReturn, TypeVar

from quick_nn import quick_nn

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
        tell_warnings()
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

PATIENCE = 60
"""Seconds after which a command counts as hanging."""


class Server:
    """A process of ``quick_nn.py``, which runs nn in a forked child for each call, from any thread."""

    def __init__(self, **variables: str) -> None:
        self.variables = {"PYTHONWARNINGS": "error", **variables}
        self.lock, self.program = Lock(), Path()

    def address(self) -> str:
        """Return the address of the process, which is started when it is first asked for."""
        with self.lock:
            if not self.program.name:
                started = quick_nn((__name__,), **self.variables)
                atexit.register(started.__exit__, None, None, None)
                self.program = started.__enter__()
        return str(self.program.with_name("usual"))

    def run(self, *arguments: str | Path, folder: Path, user: int | None = None, fault: str = "") -> Outcome:
        """Run a command to its end, as a user, or with a fault of ``faults.py``."""
        options = {"NN_MAIN": f"{__name__}:served", "NN_USER": str(user or ""), "NN_FAULT": fault}
        with (
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
            open(os.devnull, "rb") as empty,
            socket.socket(socket.AF_UNIX) as caller,
        ):
            caller.settimeout(PATIENCE)
            caller.connect(self.address())
            here, started = os.open(folder, os.O_RDONLY), time.monotonic()
            socket.send_fds(caller, [b"!"], [empty.fileno(), out.fileno(), err.fileno(), here])
            os.close(here)
            caller.sendall(marshal.dumps((["nn", *map(str, arguments)], {**os.environ, **PLAIN, **options})))
            caller.shutdown(socket.SHUT_WR)
            hung, answer = False, b""
            try:
                answer = caller.recv(99)
            except TimeoutError:
                hung = True
            code, peak, cpu_seconds = marshal.loads(answer) if answer else (-signal.SIGKILL, 0, 0.0)
            texts = []
            for stream in (out, err):
                stream.seek(0)
                texts.append(stream.read().decode(errors="backslashreplace"))
            return Outcome(code, texts[0], texts[1], peak, time.monotonic() - started, cpu_seconds, hung)


def served() -> None:
    """Run nn in the child of a server, as the caller of ``Server.run`` wants it."""
    user, fault = (os.environ.pop(name) for name in ("NN_USER", "NN_FAULT"))
    tell_warnings()
    if user and not os.getuid():
        os.setuid(int(user))
    if not fault:
        nn_main()
        return
    folder, *numbers = json.loads(fault)
    library = ctypes.CDLL(None)
    library.fault_trace.restype = ctypes.c_char_p
    library.fault_arm(folder.encode(), ctypes.c_long(numbers[0]), *numbers[1:])
    try:
        nn_main()
    finally:
        fired = library.fault_fired()
        print(f"{'fired' if fired else 'untouched'}: {library.fault_trace().decode()}", file=sys.stderr)


def tell_warnings() -> None:
    """Show what nn tells its user, where warnings are errors."""
    warnings.simplefilter("ignore", ResourceWarning)  # a signal may leave a file open, which users never see
    warnings.simplefilter("default", UserWarning)


nn = Server().run
Item, Found = TypeVar("Item"), TypeVar("Found")


def map_in_threads(function: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
    """Call a function that waits for other processes, one thread for each processor."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, items))


def map_in_processes(function: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
    """Call a function of a module, one process for each processor."""
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        return list(pool.map(function, items))
