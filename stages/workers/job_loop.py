"""The loop that hands jobs to workers and collects their results, on this machine and on a cluster."""

import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from typing import Protocol, TypeVar

from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import NNError, WorldError, is_out_of_memory
from nndigits.stages.workers.jobs import Job, Result, nothing

POLL = 0.1
"""Seconds between two calls of ``on_wait``."""

MOST_DEATHS = 3
"""Workers that may be killed while they do one job, before it counts as failed: it may need too much memory."""

KILLED = f"its worker was killed {MOST_DEATHS} times; it may need more memory than there is"

AnyJob = TypeVar("AnyJob", bound=Job)


class Engine(Protocol):
    """Workers of one kind."""

    slots: int
    """The number of jobs to hand out at a time."""

    def submit(self, job: Job) -> "Future[Result]":
        """Hand a job to a worker."""

    def poll(self) -> None:
        """Look after the workers, several times a second; raises WorldError if they are lost."""

    def recover(self) -> bool:
        """Go on after a BrokenExecutor; return whether all jobs that were handed out are lost.

        Raises WorldError if the workers are lost for good.
        """

    def close(self) -> None:
        """End all work."""


def run(
    engine: Engine,
    jobs: deque[AnyJob],
    *,
    on_result: Callable[[AnyJob, Result], None],
    on_wait: Callable[[], None] = nothing,
) -> dict[str, str]:
    """Run jobs on the workers; return why each of those failed that did, by name.

    Parameters
    ----------
    jobs
        Emptied from its start.
    on_result
        Called with each finished job. It may add to ``jobs``.
    on_wait
        Called several times a second. An exception from it ends the run.

    Raises
    ------
    WorldError
        The workers are lost.
    Exception
        An error of a job that is neither the user's nor the world's.
    """
    running = dict[Future[Result], AnyJob]()
    deaths: Counter[str] = Counter()
    failed: dict[str, str] = {}
    while jobs or running:
        on_wait()
        engine.poll()
        is_broken, lost = False, list[AnyJob]()
        try:
            while jobs and len(running) < engine.slots:
                running[engine.submit(jobs[0])] = jobs[0]
                jobs.popleft()
        except BrokenExecutor:
            is_broken = True
        if not running:
            time.sleep(POLL)  # there is no worker now
        done = wait(running, POLL, FIRST_COMPLETED).done
        for future in sorted(done, key=lambda one: one.exception() is not None):  # one of them may end the run
            job, error = running.pop(future), future.exception()
            if isinstance(error, BrokenExecutor):
                lost.append(job)
            elif error is not None:
                failed[job.name] = _why(error)
            else:
                on_result(job, future.result())
        if is_broken or lost:
            on_wait()  # a signal may have ended the workers too
            if engine.recover():
                lost += running.values()
                running.clear()
            deaths.update(job.name for job in lost)
            jobs.extendleft(job for job in reversed(lost) if deaths[job.name] < MOST_DEATHS)
            failed |= {job.name: KILLED for job in lost if deaths[job.name] >= MOST_DEATHS}
    return failed


def check(failed: dict[str, str], kept: str) -> None:
    """Raise WorldError if jobs have failed; ``kept`` says what is not lost."""
    if failed:
        name, why = next(iter(failed.items()))
        others = f" {len(failed) - 1:,} more failed." if len(failed) > 1 else ""
        raise WorldError(f"{name}: {why.rstrip('.')}.{others} {kept}; the same command tries again")


def _why(error: BaseException) -> str:
    """Return why a job failed; an error that is none of the world's or the user's is raised."""
    if isinstance(error, NNError):
        return str(error)
    if is_out_of_memory(error):
        return "there is not enough memory for it"
    raise error


def start_processes(data: Artifact, count: int, address: str | None, on_wait: Callable[[], None]) -> Engine:
    """Start processes of this machine, or connect to the cluster at ``address``."""
    if address is not None:
        return _cluster(data, address, on_wait)
    from nndigits.stages.workers.local import LocalEngine

    return LocalEngine(data, count)


def start_threads(data: Artifact, count: int, address: str | None, on_wait: Callable[[], None]) -> Engine:
    """Start threads of this process, or connect to the cluster at ``address``."""
    if address is not None:
        return _cluster(data, address, on_wait)
    from nndigits.stages.workers.local import ThreadEngine

    return ThreadEngine(data, count)


def _cluster(data: Artifact, address: str, on_wait: Callable[[], None]) -> Engine:
    """Connect to a cluster, check its workers, and send them the data."""
    from nndigits.stages.workers.cluster import ClusterEngine

    return ClusterEngine(address, data, on_wait)
