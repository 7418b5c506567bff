"""The command in a child of its own, forked from a process that has its imports: a run costs hundredths of a second.

It is `nn.cli.main.main` with its own arguments, folder, streams and signals, and it ends by an exit code or a signal
like the installed command; what forking leaves out is the start of the interpreter.
"""

import os
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

STOPPING = (signal.SIGINT, signal.SIGTERM)
TICK = 0.002  # seconds between two looks at a child
PLAIN = {"_TYPER_FORCE_DISABLE_TERMINAL": "1", "NO_COLOR": "1", "COLUMNS": "100"}
OURS = ("NN_MNIST_DIR", "NN_MIRRORS", "NN_DEBUG", "FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS")


def nothing() -> None:
    """What a child does before the command, if nothing else."""


@dataclass(frozen=True)
class Ended:
    """How a child ended: ``code`` is negative for a signal, ``peak`` in bytes, ``seconds`` without pauses."""

    code: int
    out: str
    err: str
    peak: int
    seconds: float
    hung: bool


class Child:
    """A running command."""

    def __init__(
        self,
        arguments: Iterable[str | Path],
        folder: Path,
        *,
        before: Callable[[], None] = nothing,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.arguments = [str(argument) for argument in arguments]
        self.seconds = 0.0
        self.ended: Ended | None = None
        self._looked = time.monotonic()
        self._streams = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115
        sys.stdout.flush()
        sys.stderr.flush()
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)  # until the child is ready for them
        self.pid = os.fork()
        if not self.pid:
            _become(self.arguments, folder, self._streams, before, environment or {})
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)

    def look(self) -> bool:
        """Whether it has ended. Time in which this process was stopped itself is not counted."""
        if self.ended is None:
            now = time.monotonic()
            self.seconds, self._looked = self.seconds + min(now - self._looked, 0.1), now
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self._end(status, usage.ru_maxrss * 1024, hung=False)
        return self.ended is not None

    def wait(self, seconds: float = 60) -> Ended:
        """Wait for it; kill it where it takes longer."""
        while not self.look() and self.seconds < seconds:
            time.sleep(TICK)
        if self.ended is None:
            self.send(signal.SIGKILL)
            _, status, usage = os.wait4(self.pid, 0)
            self._end(status, usage.ru_maxrss * 1024, hung=True)
        assert self.ended is not None
        return self.ended

    def send(self, number: int) -> None:
        """Send a signal to it and to its own children, unless it has ended."""
        if self.ended is None:
            try:
                os.killpg(self.pid, number)
            except ProcessLookupError:  # it has not made its group yet
                os.kill(self.pid, number)

    def _end(self, status: int, peak: int, *, hung: bool) -> None:
        texts = []
        for stream in self._streams:
            stream.seek(0)
            texts.append(stream.read().decode(errors="backslashreplace"))
            stream.close()
        self.ended = Ended(os.waitstatus_to_exitcode(status), texts[0], texts[1], peak, self.seconds, hung)


def run(arguments: Iterable[str | Path], folder: Path, *, seconds: float = 60, **how: object) -> Ended:
    """Run a command to its end."""
    return Child(arguments, folder, **how).wait(seconds)  # type: ignore[arg-type]


def side_by_side(starts: Iterable[Callable[[], Child]], seconds: float, workers: int = 2) -> Iterator[Child]:
    """Run children, some at a time; yield each once it has ended. One that takes longer is asked to stop, then killed.

    Asked by SIGINT, after a quarter of its seconds.
    """
    waiting, running, asked = iter(starts), [], set()
    for start in waiting:
        running.append(start())
        while len(running) >= workers:
            yield from _ended(running, asked, seconds)
    while running:
        yield from _ended(running, asked, seconds)


def _ended(running: list[Child], asked: set[int], seconds: float) -> Iterator[Child]:
    time.sleep(TICK)
    for child in tuple(running):
        if child.look() or child.seconds > seconds:
            child.wait(seconds)
            running.remove(child)
            yield child
        elif child.seconds > seconds / 4 and child.pid not in asked:
            asked.add(child.pid)
            child.send(signal.SIGINT)


def _become(
    arguments: list[str],
    folder: Path,
    streams: tuple[IO[bytes], IO[bytes]],
    before: Callable[[], None],
    environment: Mapping[str, str],
) -> NoReturn:
    """Be the command: never returns into the code that forked."""
    code = 99
    try:
        os.setpgid(0, 0)
        for number in STOPPING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        os.chdir(folder)
        for name in OURS:
            os.environ.pop(name, None)
        os.environ.update({**PLAIN, "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache"), **environment})
        with open(os.devnull, "rb") as empty:
            os.dup2(empty.fileno(), 0)
        for number, stream in enumerate(streams, 1):
            os.dup2(stream.fileno(), number)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        sys.argv = ["nn", *arguments]
        warnings.simplefilter("ignore", ResourceWarning)  # of a file that a signal left open: nobody is shown them
        before()
        from nn.cli.main import main

        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
