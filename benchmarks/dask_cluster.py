"""A Dask scheduler and workers on loopback, for the benchmarks; those of the tests can be killed."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DASK = str(Path(sys.executable).with_name("dask"))

Process = subprocess.Popen[bytes]


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """Start a scheduler and workers, each with one thread; yield the address."""
    with scheduler() as (address, _):
        words = [DASK, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        with processes([words] * workers):
            wait_for(address, workers)
            yield address


@contextmanager
def scheduler() -> Iterator[tuple[str, Process]]:
    """Start a scheduler; yield its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [DASK, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    with processes([words]) as (started,):
        wait_for(f"tcp://127.0.0.1:{port}", 0)
        yield f"tcp://127.0.0.1:{port}", started


@contextmanager
def processes(commands: Sequence[Sequence[str]]) -> Iterator[list[Process]]:
    """Start processes that print nothing, with one BLAS thread; kill them at the end."""
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    running = [subprocess.Popen(words, env=environment, **quiet) for words in commands]
    try:
        yield running
    finally:
        for one in running:
            one.kill()
            one.wait()


def wait_for(address: str, workers: int) -> None:
    """Wait until a scheduler answers and has this number of workers."""
    from distributed import Client

    for attempt in range(60):
        try:
            with Client(address, timeout=5, set_as_default=False) as client:
                if workers:
                    client.wait_for_workers(workers, timeout=300)
            return
        except OSError:
            if attempt == 59:
                raise
            time.sleep(0.5)
