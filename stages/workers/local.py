"""Workers on this machine: threads, or processes of joblib's loky, that share the data, each with one BLAS thread.

A worker process ends with the one that started it, however that ended. Ctrl-C is left to that process: it asks the
workers to end, so that they remove their temporary files, and kills those that do not.
"""

import gc
import multiprocessing
import os
import signal
import threading
import time
import warnings
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import lru_cache
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, NoReturn

from threadpoolctl import threadpool_limits

from nndigits.stages.datasets import data_artifact
from nndigits.stages.store import files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import Interrupted, WorldError
from nndigits.stages.system.locks import CannotLock
from nndigits.stages.system.machine import blocked
from nndigits.stages.workers.jobs import Job, Result, checked, do, nothing

ENVIRONMENT = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Set before a worker imports NumPy, so that its BLAS starts no threads that nn does not use."""

PARENT_CHECK = 0.25
"""Seconds between two looks of a worker at whether its parent still lives."""

TO_END = 2.0
"""Seconds that workers have to end when they are asked to."""

STARTING, EACH = 13, 2
"""The files that the start of workers opens, and each of them; one needs 16 and two 17, as measured."""

SHARED = Path("/dev/shm")  # noqa: S108  # where Linux keeps named semaphores


class LocalEngine:
    """Worker processes on this machine; ``slots`` is the number of jobs that they do at a time."""

    def __init__(self, data: Artifact, workers: int) -> None:
        self.data, self.slots = data, workers
        self._start()

    def submit(self, job: Job) -> "Future[Result]":
        """Hand a job to the next free worker."""
        future: Future[Result] = self._pool.submit(_interruptible, job, self.data.path.absolute(), self.data.sha256)
        return future

    def poll(self) -> None:
        """When all workers have begun, remove the names of the semaphores that they have opened, and let them work."""
        while self._starting and self._begun.acquire(block=False):
            self._starting -= 1
            if not self._starting:
                _forget_semaphores()
                for _ in range(self.slots):
                    self._may_work.release()

    def recover(self) -> bool:
        """Replace the workers after one was killed: loky ends all of them then."""
        self.close()
        self._start()
        return True

    def close(self) -> None:
        """End all workers, busy ones too."""
        workers = dict(self._pool._processes or {})
        for pid in workers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + TO_END
        while time.monotonic() < deadline and any(process.is_alive() for process in workers.values()):
            time.sleep(0.01)
        self._pool.shutdown(wait=True, kill_workers=True)
        # Without its last references, loky's semaphores leave the list of its tracker, which would warn of them.
        del self._pool, self._begun, self._may_work
        gc.collect()

    def _start(self) -> None:
        """Start the workers; raises WorldError where too few files may be open, or shared memory is read-only."""
        try:
            _check_files(STARTING + EACH * self.slots)
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", ".*joblib will operate in serial mode")
                self._start_pool()
        except OSError as error:
            _forget_semaphores()
            for process in multiprocessing.active_children():
                process.terminate()  # loky's processes have no kill
            raise WorldError(f"no workers can be started ({files.reason(error)})") from None

    def _start_pool(self) -> None:
        from joblib.externals.loky import ProcessPoolExecutor
        from joblib.externals.loky.backend import get_context

        context = get_context("loky")
        self._begun, self._may_work, self._starting = context.Semaphore(0), context.Semaphore(0), self.slots
        self._pool = ProcessPoolExecutor(
            self.slots,
            timeout=None,
            context=context,
            initializer=_begin,
            initargs=(os.getpid(), self._begun, self._may_work),
            env=ENVIRONMENT,
        )
        resource_tracker.ensure_running()  # loky would start it between, and it clears the mask of signals
        with blocked(signal.SIGINT):  # processes that are started inherit that: Ctrl-C ends none while it imports
            self._pool.submit(os.getpid)  # which starts all workers


class ThreadEngine:
    """Threads of this process, and one for BLAS in each; ``slots`` is their number.

    They start at once and share all memory. Training is left to processes: in its short steps, Python itself counts.
    """

    def __init__(self, data: Artifact, threads: int) -> None:
        self.data, self.slots = data, threads
        self._is_closed = False
        self._limits = threadpool_limits(1, "blas")
        self._pool = ThreadPoolExecutor(threads)

    def submit(self, job: Job) -> "Future[Result]":
        """Hand a job to the next free thread."""
        return self._pool.submit(do, job, self.data, "this machine", self._check)

    def poll(self) -> None:
        """Do nothing: threads are not lost."""

    def recover(self) -> bool:
        """Do nothing."""
        return False

    def close(self) -> None:
        """End all work: what is waiting at once, and what is under way when it looks."""
        self._is_closed = True
        self._pool.shutdown(cancel_futures=True)
        self._limits.restore_original_limits()

    def _check(self) -> None:
        if self._is_closed:
            raise Closed


class Closed(Exception):
    """The caller no longer wants the job."""


def _check_files(count: int) -> None:
    """Raise OSError if so many more files cannot be opened: loky would start some workers, and not clean up."""
    with ExitStack() as opened:
        for _ in range(count):
            opened.callback(os.close, os.open(os.devnull, os.O_RDONLY))


def _forget_semaphores() -> None:
    """Remove the names of loky's semaphores, so that a kill of all processes at once leaves none in shared memory."""
    with suppress(OSError):
        for path in SHARED.glob(f"sem.loky-{os.getpid()}-*"):
            path.unlink(missing_ok=True)


def _begin(parent: int, begun: Any, may_work: Any) -> None:
    """Prepare a worker, in its process, and wait until the parent lets all of them work."""
    warnings.simplefilter("ignore", CannotLock)  # the parent has said it
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    begun.release()
    may_work.acquire()


def _end_with(parent: int) -> NoReturn:
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(TO_END)
    os._exit(1)


def _interruptible(job: Job, data: Path, sha256: str) -> Result:
    """Do a job in a worker. SIGTERM ends the process after the open files are cleaned up."""
    signal.signal(signal.SIGTERM, _raise)
    try:
        return do(job, mapped(data, sha256), "this machine", nothing)
    except Interrupted:
        os._exit(128 + signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _raise(number: int, _: object) -> None:
    raise Interrupted(number)


@lru_cache(maxsize=1)
def mapped(path: Path, sha256: str) -> Artifact:
    """Read the data once in each process, and check that it is still the caller's."""
    return checked(data_artifact.load_mapped(path), sha256)
