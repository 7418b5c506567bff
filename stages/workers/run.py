"""The loop that hands jobs to workers and collects their results, on this machine and on a cluster."""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from typing import Protocol

from nn.stages.store import files
from nn.stages.store.errors import NNError, WorldError, is_out_of_memory
from nn.stages.workers.jobs import Job, Result, paths_of

POLL = 0.1
"""Seconds between two calls of ``on_wait``."""

MOST_DEATHS = 3
"""Workers that may be killed while they train one job, before it counts as failed: it may need too much memory."""


KILLED = f"its worker was killed {MOST_DEATHS} times; it may need more memory than there is"


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
    jobs: Iterable[Job],
    *,
    on_result: Callable[[Job, Result], None],
    on_wait: Callable[[], None] = lambda: None,
) -> dict[str, str]:
    """Run jobs on the workers; return why each of those failed that did, by name.

    Parameters
    ----------
    on_result
        Called with each finished job, when its files are written.
    on_wait
        Called several times a second. An exception from it ends the run.

    Raises
    ------
    WorldError
        The workers are lost.
    """
    waiting, running = deque(jobs), dict[Future[Result], Job]()
    deaths: Counter[str] = Counter()
    failed: dict[str, str] = {}
    while waiting or running:
        on_wait()
        engine.poll()
        is_broken, lost = False, list[Job]()
        try:
            while waiting and len(running) < engine.slots:
                running[engine.submit(waiting[0])] = waiting[0]
                waiting.popleft()
        except BrokenExecutor:
            is_broken = True
        for future in wait(running, POLL, FIRST_COMPLETED).done:
            job, error = running.pop(future), future.exception()
            if isinstance(error, BrokenExecutor):
                lost.append(job)
            elif error is not None:
                failed[job.name] = _why(error)
            else:
                _collect(job, future.result())
                on_result(job, future.result())
        if is_broken or lost:
            on_wait()  # a signal may have ended the workers too
            if engine.recover():
                lost += running.values()
                running.clear()
            deaths.update(job.name for job in lost)
            waiting.extendleft(job for job in reversed(lost) if deaths[job.name] < MOST_DEATHS)
            failed |= {job.name: KILLED for job in lost if deaths[job.name] >= MOST_DEATHS}
    return failed


def check(failed: dict[str, str], kept: str) -> None:
    """Raise WorldError if jobs have failed; ``kept`` says what is not lost."""
    if failed:
        name, why = next(iter(failed.items()))
        others = f" {len(failed) - 1:,} more failed." if len(failed) > 1 else ""
        raise WorldError(f"{name}: {why.rstrip('.')}.{others} {kept}; the same command tries again")


def _collect(job: Job, result: Result) -> None:
    """Write the files of a job that ran on another machine."""
    paths = paths_of(job.out)
    for name, content in sorted(result.files.items()):  # weights last: they say that the run is finished
        files.write(paths[name], [content])


def _why(error: BaseException) -> str:
    """Return why a job failed; an error that is none of the world's or the user's is raised."""
    if isinstance(error, NNError):
        return str(error)
    if is_out_of_memory(error):
        return "there is not enough memory for it"
    raise error
