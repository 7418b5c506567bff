"""Workers of a Dask cluster, on other machines: they need nn and no shared disk.

The data is sent once to each worker, and checked there by its hash. Values come back as bytes, which are parsed like a
stranger's file, and the caller alone writes files. Dask runs the jobs of a worker that dies on another one. Those of a
suspended worker are handed out again. A worker that joins later is checked like the first ones before it gets a job.

Whoever runs a Dask scheduler, or can reach one without TLS, can run any code on its workers and in the programs that
connect to it, because Dask's own messages contain pickles: a cluster belongs in a network that is trusted.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from contextlib import suppress
from typing import Any
from uuid import uuid4

from nndigits.stages.store import files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import WorldError
from nndigits.stages.workers.cluster_connection import Heartbeats, ask, check_workers, connect, problems, tell
from nndigits.stages.workers.cluster_remote import do_there
from nndigits.stages.workers.jobs import AGAIN, Job, Result, decode, nothing

TO_ANSWER, BETWEEN, TO_CHECK = 30.0, 5.0, 10.0
"""Seconds until a scheduler counts as lost; between two questions to it; and for new workers to tell their versions."""

TO_NOTICE = 6
"""Questions in a row to which no worker has anything to do, until the jobs that are still awaited count as lost.

Dask can lose a result that a worker has finished and not sent yet, when that worker dies, and then waits forever.
"""

BETWEEN_LINES = 10.0
"""Seconds between two lines that say that there is no worker."""

AHEAD = 2
"""Jobs handed out for each worker: while one runs, the next is sent."""

CONTINUE = "What is finished is kept; the same command goes on with the rest"


class ClusterEngine:
    """The workers of a Dask cluster; ``slots`` is the number of jobs handed out at a time."""

    def __init__(self, address: str, data: Artifact, on_wait: Callable[[], None] = nothing) -> None:
        """Connect, check the workers, and send them the data; ``on_wait`` is called often, and may raise."""
        self.address, self.data = address, data
        self.slots = 0
        self._problems: dict[str, str] = {}
        self._usable: frozenset[str] = frozenset()
        self._heartbeats = Heartbeats()
        self._given: dict[Future[bytes], tuple[str, frozenset[str]]] = {}  # Dask's name of each job, and who may do it
        self._question: Future[Any] | None = None
        self._idle = 0
        self._lost_jobs: list[Future[bytes]] = []
        self._content: Any = None
        self._client: Any = connect(address, on_wait)
        try:
            ask(lambda: self._client.sync(self._look), address, on_wait)
            check_workers(self._problems, address)
            size = sum(array.nbytes for array in data.arrays.values())
            ask(lambda: self._client.sync(self._send_data), address, on_wait, size=size)
        except BaseException:
            self.close()
            raise
        self._take_in()
        self._asked = self._alone = self._told = time.monotonic()

    def submit(self, job: Job) -> "Future[Result]":
        """Hand a job to the scheduler, for the workers that were checked."""
        given = job.packed(), str(self.data.path), self._content, self.data.sha256
        key = f"nn-{uuid4()}"
        running: Future[bytes] = self._executor.submit(do_there, *given, key=key)
        translated: Future[Result] = Future()
        self._given[running] = key, self._usable
        running.add_done_callback(lambda done: self._given.pop(done, None))
        running.add_done_callback(lambda done: _pass_on(job, done, translated))
        return translated

    def poll(self) -> None:
        """Ask the scheduler now and then for its workers; raises WorldError if it does not answer.

        While no worker is there, that is told every ten seconds.
        """
        now = time.monotonic()
        if self._question is not None and self._question.done():
            if self._question.exception() is None:
                self._take_in()
            self._question = None
        if now - self._answered > TO_ANSWER or self._client.status not in ("running", "connecting"):
            raise self._lost()
        self._tell_if_alone(now)
        if self._question is None and now - self._asked > BETWEEN:
            self._asked = now
            self._question = asyncio.run_coroutine_threadsafe(self._look_again(), self._client.loop.asyncio_loop)

    def recover(self) -> bool:
        """Go on without a job that Dask has dropped, if the scheduler still answers; the others are still running."""
        try:
            self._client.sync(self._look_again, callback_timeout=TO_ANSWER)
        except Exception:
            raise self._lost() from None
        self._take_in()
        return False

    def close(self) -> None:
        """Give up the jobs and leave the cluster; its workers stop what they are doing."""
        if self._question is not None:
            self._question.cancel()
        with suppress(Exception):
            self._client.close(timeout=1)

    def _tell_if_alone(self, now: float) -> None:
        if self._usable:
            self._alone = self._told = now
        elif now - self._told >= BETWEEN_LINES:
            self._told = now
            why = next(filter(None, self._problems.values()), "")
            found = f"no worker can be used ({why})" if why else "no worker is there"
            tell(f"{self.address}: {found}, for {now - self._alone:.0f} s; the work goes on when one joins")

    async def _look(self, patience: float | None = None) -> None:
        """Learn which workers there are, and check the new ones."""
        workers = (await self._client.scheduler.identity(n_workers=-1))["workers"]
        self._answered = time.monotonic()
        self._heartbeats.take_in({address: about["last_seen"] for address, about in workers.items()})
        new = {address: about for address, about in workers.items() if address not in self._problems}
        self._problems = {address: why for address, why in self._problems.items() if address in workers}
        with suppress(TimeoutError):  # then they are asked again
            found = await asyncio.wait_for(problems(self._client, new), patience)
            self._problems = self._problems | found

    async def _look_again(self) -> None:
        """Do so, and learn whether Dask has lost the data, which is then sent again, or the results of jobs."""
        await self._look(TO_CHECK)
        key, silent = self._content and self._content.key, self._heartbeats.silent
        holders = key and (await self._client.scheduler.who_has(keys=[key])).get(key)
        is_lost = not set(holders or ()) - silent
        if is_lost:  # Dask drops copies, and the worker that had the last one may have died
            await self._send_data()
        at_work = await self._client.scheduler.processing()
        is_idle = self._usable and self._given and not any(at_work.values())
        self._idle = self._idle + 1 if is_idle else 0
        if is_lost or self._idle > TO_NOTICE:
            self._lost_jobs, self._idle = list(self._given), 0
        elif suspended := {one for address in silent for one in at_work.get(address, ())}:
            self._lost_jobs = [one for one, (name, _) in list(self._given.items()) if name in suspended]

    async def _send_data(self) -> None:
        """Send the data to one worker; the others fetch it from each other with their first job.

        Dask could send it to all, but removes copies that no job waits for every two seconds, and makes them again.
        """
        while usable := self._without_problem():
            content = files.read(self.data.path, hint=AGAIN)
            try:
                self._content = await self._client.scatter(content, workers=sorted(usable), hash=False)
                return
            except OSError:  # as when the worker that it was sent to has just died
                await asyncio.sleep(1)
                await self._look(TO_CHECK)
                if self._without_problem() == usable:
                    raise

    def _take_in(self) -> None:
        """Give jobs to the workers that are there now, if any; take back those that are lost or that none may do.

        This is not done in Dask's loop, where to cancel a job is a coroutine that Dask's executor does not await.
        """
        lost, self._lost_jobs = self._lost_jobs, []
        self._give_up(lost)
        usable = self._without_problem()
        if usable == self._usable:
            return
        self._usable, self.slots = usable, AHEAD * len(usable)
        if usable:
            self._executor = self._client.get_executor(pure=False, workers=sorted(usable))
        given = list(self._given.items())  # at once: jobs that end leave it in another thread
        self._give_up([one for one, (_, workers) in given if not workers & usable])

    def _give_up(self, running: "list[Future[bytes]]") -> None:
        """Take jobs back; they are handed out again."""
        for one in running:
            one.cancel()

    def _without_problem(self) -> frozenset[str]:
        return frozenset(one for one, why in self._problems.items() if not why) - self._heartbeats.silent

    def _lost(self) -> WorldError:
        return WorldError(f"the Dask scheduler no longer answers. {CONTINUE}", "on", self.address)


def _pass_on(job: Job, done: "Future[bytes]", translated: "Future[Result]") -> None:
    """Give the outcome of Dask's future to ours: a result that is checked, or an error as those of the loop."""
    if done.cancelled():
        translated.set_exception(BrokenExecutor("given up"))
        return
    error = done.exception()
    if error is None:
        try:
            translated.set_result(decode(job, done.result()))
        except Exception as refused:
            translated.set_exception(refused)
    elif type(error).__name__ == "KilledWorker":
        translated.set_exception(WorldError("the workers that did it died, one after the other"))
    elif type(error).__module__.startswith(("distributed", "asyncio")) or isinstance(error, OSError):
        translated.set_exception(BrokenExecutor(str(error)))
    else:
        translated.set_exception(WorldError(f"a worker returned no result ({type(error).__name__})"))
