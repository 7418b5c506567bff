"""Workers that are threads of this process, for work that is nearly all in NumPy's products and loops.

They start at once and share all memory. Training is left to processes: in its short steps, Python's own part counts.
"""

from concurrent.futures import Future, ThreadPoolExecutor

from threadpoolctl import threadpool_limits

from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.workers.jobs import Job, Result, do


class ThreadEngine:
    """Threads of this process, and one for BLAS in each; ``slots`` is their number."""

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
