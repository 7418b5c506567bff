"""Workers of a Dask cluster, on other machines: they need nn and no shared disk.

The data is sent once to each worker, and checked there by its hash. Files come back as bytes, and the caller alone
writes them. Dask runs the jobs of a worker that dies on another one.

Whoever can reach a Dask scheduler can run any code on its workers: a cluster belongs in a network that is trusted.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Future, wait
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from threading import Thread
from typing import Any

from nn.stages.store import files
from nn.stages.store.artifacts import Artifact
from nn.stages.store.environment import versions
from nn.stages.store.errors import UsageError, WorldError
from nn.stages.words.escaping import printable
from nn.stages.words.nouns import counted
from nn.stages.workers.jobs import AGAIN, Job, Result, paths_of, train_there

SAME = ("nn", "numpy")
"""Versions that must be equal on all machines; others change bytes, and are recorded with each trial."""

TO_CONNECT, TO_ANSWER, BETWEEN = 10.0, 30.0, 5.0
"""Seconds until a scheduler counts as unreachable, and as lost; and between two questions to it."""

POLL = 0.05
MOST_LETTERS = 300
"""Of an error of Dask in a message."""

AHEAD = 2
"""Jobs handed out for each thread of the cluster: while one runs, the next is sent."""

LOGGERS = ("distributed", "distributed.client", "tornado", "tornado.application")

CONTINUE = "What is finished is kept; the same command goes on with the rest"
START = "`dask worker {} --nthreads 1` starts one on each core"


class ClusterEngine:
    """The workers of a Dask cluster; ``slots`` is the number of jobs handed out at a time."""

    def __init__(self, address: str, data: Artifact, on_wait: Callable[[], None] = lambda: None) -> None:
        """Connect, check the workers, and send them the data; ``on_wait`` is called often, and may raise."""
        self.address, self.data, self.on_wait = address, data, on_wait
        self._question: Future[Any] | None = None
        self.client: Any = None
        try:
            self.client = self._connect()
            self.slots = AHEAD * self._check_workers()
            content = files.read(data.path, hint=AGAIN)
            self._content = self._ask(self.client.scatter, content, broadcast=True, hash=False)
        except BaseException:
            self.close()
            raise
        self._executor = self.client.get_executor(pure=False)
        self._answered = self._asked = time.monotonic()

    def submit(self, job: Job) -> "Future[Result]":
        """Hand a job to the scheduler, with its checkpoint if it has one."""
        path = paths_of(job.out)["checkpoint"]
        checkpoint = files.read(path, hint=AGAIN) if files.has_content(path) else b""
        given = job, str(self.data.path), self._content, self.data.sha256, checkpoint
        running: Future[Result] = self._executor.submit(_train, *given)
        translated: Future[Result] = Future()
        running.add_done_callback(lambda done: _pass_on(done, translated))
        return translated

    def poll(self) -> None:
        """Ask the scheduler now and then whether it is there; raises WorldError if it is not."""
        now = time.monotonic()
        if self._question is not None and self._question.done():
            if self._question.exception() is None:
                self._answered = now
            self._question = None
        if now - self._answered > TO_ANSWER or self.client.status not in ("running", "connecting"):
            raise self._lost()
        if self._question is None and now - self._asked > BETWEEN:
            self._asked = now
            loop = self.client.loop.asyncio_loop
            self._question = asyncio.run_coroutine_threadsafe(self.client.scheduler.identity(n_workers=0), loop)

    def recover(self) -> bool:
        """Go on without a job that Dask has dropped, if the scheduler still answers; the others are still running."""
        try:
            self.client.sync(self.client.scheduler.identity, n_workers=0, callback_timeout=TO_ANSWER)
        except Exception:
            raise self._lost() from None
        return False

    def close(self) -> None:
        """Give up the jobs and leave the cluster; its workers stop what they are training."""
        if self._question is not None:
            self._question.cancel()
        if self.client is not None:
            with suppress(Exception):
                self.client.close(timeout=1)

    def _connect(self) -> Any:
        if find_spec("distributed") is None:
            raise UsageError("needs the package distributed: pip install 'nn-digits[cluster]'", "on", self.address)
        from distributed import Client

        for name in LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)  # their lines would stand among ours

        class QuietClient(Client):  # type: ignore[misc, unused-ignore]
            def __del__(self) -> None:
                """Say nothing: a client that never connected cannot be closed."""

        connect = partial(QuietClient, self.address, timeout=TO_CONNECT, set_as_default=False, name="nn-sweep")
        return self._ask(connect, problem="no Dask scheduler answers there; `dask scheduler` starts one")

    def _lost(self) -> WorldError:
        return WorldError(f"the Dask scheduler no longer answers. {CONTINUE}", "on", self.address)

    def _check_workers(self) -> int:
        """Return the number of workers; raise WorldError unless all of them can do the same work as this machine."""
        workers = self._ask(self.client.scheduler_info, n_workers=-1)["workers"]
        if not workers:
            raise WorldError(f"the cluster has no workers. {START.format(self.address)}", "on", self.address)
        for name, about in workers.items():
            if about["nthreads"] != 1:
                raise WorldError(
                    f"worker {name} has {about['nthreads']} threads, and trials in one process would share a BLAS. "
                    + START.format(self.address),
                    "on",
                    self.address,
                )
        found = self._ask(self.client.run, _versions)
        check_versions({str(name): one for name, one in found.items()}, versions(), self.address)
        return len(workers)

    def _ask(
        self,
        ask: Callable[..., Any],
        *given: Any,
        problem: str = "the cluster does not answer as expected",
        **named: Any,
    ) -> Any:
        """Return what the cluster answers, in a thread, so that a signal need not wait; errors become a WorldError."""
        answer: Future[Any] = Future()

        def wait_for_it() -> None:
            try:
                answer.set_result(ask(*given, **named))
            except BaseException as error:
                answer.set_exception(error)

        Thread(target=wait_for_it, daemon=True).start()
        while not answer.done():
            self.on_wait()
            wait([answer], POLL)
        error = answer.exception()
        if error is not None:
            why = printable(str(error) or type(error).__name__)[:MOST_LETTERS]
            raise WorldError(f"{problem} ({why})", "on", self.address) from None
        return answer.result()


def check_versions(found: Mapping[str, Any], own: Mapping[str, str], address: str) -> None:
    """Raise WorldError unless each worker has the versions of nn and NumPy that this machine has."""
    differences: Counter[str] = Counter()
    for of_worker in found.values():
        for name in SAME:
            there = of_worker.get(name, "none") if isinstance(of_worker, Mapping) else "none"
            if there != own[name]:
                differences[f"{name} {printable(str(there))}, where this machine has {own[name]}"] += 1
    if differences:
        what, workers = differences.most_common(1)[0]
        raise WorldError(
            f"{counted(workers, 'worker')} with {what}. Install the same version everywhere", "on", address
        )


def _versions() -> dict[str, str]:
    """Return the versions of a worker, in its process."""
    return versions()


def _train(job: Job, data: str, content: bytes, sha256: str, checkpoint: bytes) -> Result:
    """Train in a worker of the cluster; stop when the caller has gone or has given the job up."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def check() -> None:
        task = worker.state.tasks.get(key)
        if task is None or task.state not in ("executing", "long-running"):
            raise GivenUp

    return train_there(job, data, content, sha256, checkpoint, worker.address, check)


class GivenUp(Exception):
    """The caller no longer wants the job."""


def _pass_on(done: "Future[Result]", translated: "Future[Result]") -> None:
    """Give the outcome of Dask's future to ours, with its errors as those of the loop."""
    if done.cancelled():
        translated.set_exception(BrokenExecutor("given up"))
        return
    error = done.exception()
    if error is None:
        translated.set_result(done.result())
    elif type(error).__name__ == "KilledWorker":
        translated.set_exception(WorldError("the workers that trained it died, one after the other"))
    elif type(error).__module__.startswith(("distributed", "asyncio")) or isinstance(error, OSError):
        translated.set_exception(BrokenExecutor(str(error)))
    else:
        translated.set_exception(error)
