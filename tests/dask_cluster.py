"""A Dask cluster on loopback whose parts can be killed or suspended."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

OTHER_VERSION = """
from importlib import metadata
metadata.version = lambda name, true=metadata.version: "{}" if name == "nn-digits" else true(name)
"""
"""What a worker runs first, to have another version of nn. Dask takes a text with line ends as a program."""

Process = subprocess.Popen[bytes]


@dataclass
class Cluster:
    """A scheduler and its workers, each a process."""

    address: str
    scheduler: Process
    scratch: str
    workers: list[Process] = field(default_factory=list)

    def start_a_worker(self, threads: int = 1, nn_version: str = "") -> None:
        """Start a worker, one that says that it has another version of nn if that is given, and wait for it."""
        words = ("worker", self.address, "--nthreads", str(threads), "--no-nanny", "--no-dashboard")
        words += ("--local-directory", self.scratch)
        preload = ("--preload", OTHER_VERSION.format(nn_version)) if nn_version else ()
        self.workers.append(_dask(*words, *preload))
        wait_for(self.address, len(self.workers))

    def leftovers(self) -> list[Path]:
        """Return the files of nn in the folders of the workers."""
        return [path for folder in Path(self.scratch).rglob("nn-*") for path in (folder, *folder.rglob("*"))]

    def kill_a_worker(self) -> None:
        """Kill the worker that was started first."""
        end(self.workers.pop(0))

    def send_the_scheduler(self, number: int) -> None:
        """Send a signal to the scheduler: SIGSTOP leaves its connections open, as a network that stalls."""
        self.scheduler.send_signal(number)


@contextmanager
def cluster(workers: int, scheme: str = "tcp") -> Iterator[Cluster]:
    """Start a scheduler and workers; kill them at the end. With TLS, Dask's own settings name the certificates."""
    port = _free_port()
    address = f"{scheme}://127.0.0.1:{port}"
    scheduler = _dask(
        "scheduler", "--protocol", scheme, "--host", address.rpartition(":")[0], "--port", str(port), "--no-dashboard"
    )
    scratch = tempfile.mkdtemp()
    running = Cluster(address, scheduler, scratch)
    try:
        wait_for(running.address, 0)
        for _ in range(workers):
            running.start_a_worker()
        yield running
    finally:
        for process in (*running.workers, running.scheduler):
            end(process)
        shutil.rmtree(scratch)


def wait_for(address: str, count: int) -> None:
    """Wait until a scheduler answers and has this number of workers."""
    from distributed import Client

    for attempt in range(60):
        try:
            with Client(address, timeout=5, set_as_default=False) as client:
                if count:
                    client.wait_for_workers(count, timeout=60)
                return
        except OSError:
            if attempt == 59:
                raise
            time.sleep(0.5)


def end(process: Process) -> None:
    """Kill a process with its group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _dask(*words: str) -> Process:
    return subprocess.Popen(
        [Path(sys.executable).with_name("dask"), *words],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
