"""Run the installed command with a fault: a signal at a random moment, or no space left."""

import os
import random
import resource
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from support import command as installed

PATIENCE = 120.0  # seconds for one command, on a machine that may be busy
TICK = 0.01  # seconds
FILE_LIMIT = 4096  # bytes
HUNG = 99
LATEST = 1.5  # seconds: a signal comes before

SIGNALS = {"kill": signal.SIGKILL, "interrupt": signal.SIGINT, "terminate": signal.SIGTERM}
FAULTS = ("", "", "kill", "interrupt", "terminate", "no space")
CODES = {"kill": (-9, 0), "interrupt": (130, -2, 0), "terminate": (143, -15, 0), "no space": (1, 0)}


def allowed(fault: str) -> tuple[int, ...]:
    """Return the exit codes that are allowed with a fault."""
    return CODES.get(fault, (0,))


def prepare(fault: str) -> None:
    """In the child: reset signals as a shell does; a file size limit simulates a full disk."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if fault == "no space":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT, resource.RLIM_INFINITY))


class Step(NamedTuple):
    """A command, its fault, and how it ended; ``at`` is a time of ``time.monotonic``."""

    arguments: tuple[str, ...]
    fault: str
    code: int
    err: str
    peak: int
    at: float
    seconds: float

    @property
    def is_before_nn(self) -> bool:
        """Whether Ctrl-C came while Python was starting, before nn ran: Python then prints a traceback."""
        before = "KeyboardInterrupt" in self.err and "/cli/main.py" not in self.err
        return before and self.code in (-signal.SIGINT, 0, 1)


def run_with(fault: str, arguments: tuple[str, ...], folder: Path, rng: random.Random) -> Step:
    """Run a command to its end with a fault, or without one if it is empty. A step that hangs has the code 99."""
    began = time.monotonic()
    variables = {"HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache"), "NN_MIRRORS": "http://127.0.0.1:1/"}
    with tempfile.TemporaryFile() as err:
        child = subprocess.Popen(
            [installed(), *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=err,
            preexec_fn=lambda: prepare(fault),
            env={**os.environ, **variables},
        )
        if fault in SIGNALS:
            time.sleep(rng.uniform(0, LATEST))
            os.kill(child.pid, SIGNALS[fault])  # Popen.send_signal would reap a child that has ended
        code, peak = _wait(child)
        err.seek(0)
        text = err.read().decode(errors="backslashreplace")
    return Step(arguments, fault, code, text, peak, began, time.monotonic() - began)


def _wait(child: "subprocess.Popen[bytes]") -> tuple[int, int]:
    """Return exit code and peak memory. Time in which this process was suspended does not count."""
    for _ in range(round(PATIENCE / TICK)):
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return child.returncode, usage.ru_maxrss * 1024
        time.sleep(TICK)
    child.kill()
    child.wait()
    return HUNG, 0
