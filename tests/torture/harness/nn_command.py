"""Run ``nn`` to its end, and measure CPU time and peak memory.

``nn`` starts the installed command, which takes a third of a second. ``nn_forked`` runs the same ``main`` in a forked
child, which takes some milliseconds, so that hundreds of cases can be tried.
"""

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from subprocess import PIPE
from typing import Any

from support import REPOSITORY, command

from torture.harness.child import Outcome

LAUNCH = (sys.executable, "-S", str(REPOSITORY / "benchmarks" / "launch.py"))
NOBODY = 65534
"""A user that owns nothing."""

PATIENCE = 120
"""Seconds after which a command counts as hanging."""

RunCommand = Callable[..., Outcome]
"""``nn`` or ``nn_forked``."""


def nn(*arguments: str | Path, folder: Path, environment: Mapping[str, str] | None = None) -> Outcome:
    """Run the installed ``nn`` in a folder; its stdout is not kept."""
    done = subprocess.run(
        [*LAUNCH, command(), *map(str, arguments)],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    seconds, cpu_seconds, megabytes = map(float, done.stdout.split())
    err = done.stderr.decode(errors="replace")
    return Outcome(done.returncode, "", err, round(megabytes * 1e6), seconds, cpu_seconds)


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


nn_forked = ForkServers().run
