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


class Engine(Protocol):
    """Workers of one kind."""

    slots: int
    """The number of jobs to hand out at a time."""

    def submit(self, job: Job) -> "Future[Result]":
        """Hand a job to a worker."""

    def poll(self) -> None:
        """Look after the workers, several times a second; raises WorldError if they are lost."""

    def recover(self) -> None:
        """Replace lost workers after a BrokenExecutor; raises WorldError where that is impossible."""

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
        try:
            while waiting and len(running) < engine.slots:
                running[engine.submit(waiting[0])] = waiting[0]
                waiting.popleft()
            for future in wait(running, POLL, FIRST_COMPLETED).done:
                if isinstance(error := future.exception(), BrokenExecutor):
                    raise error
                job = running.pop(future)
                why = _why(error)
                if why:
                    failed[job.name] = why
                else:
                    _collect(job, future.result())
                    on_result(job, future.result())
        except BrokenExecutor:
            on_wait()  # a signal may have ended the workers too
            for job in running.values():
                deaths[job.name] += 1
            lost = [job for job in running.values() if deaths[job.name] < MOST_DEATHS]
            failed |= {
                job.name: f"its worker was killed {MOST_DEATHS} times; it may need more memory than there is"
                for job in running.values()
                if job not in lost
            }
            waiting.extendleft(reversed(lost))
            running.clear()
            engine.recover()
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


def _why(error: BaseException | None) -> str:
    """Return why a job failed; an error that is none of the world's or the user's is raised."""
    if error is None:
        return ""
    if isinstance(error, NNError):
        return str(error)
    if is_out_of_memory(error):
        return "there is not enough memory for it"
    raise error
