"""A cluster that has nothing to do while results are awaited has lost them: their jobs are handed out again."""

import asyncio
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

from nndigits.stages.workers.cluster import TO_NOTICE, ClusterEngine


class Scheduler:
    """What the engine asks a scheduler: one worker, which has the data."""

    def __init__(self) -> None:
        self.at_work: list[str] = []

    async def identity(self, n_workers: int) -> dict[str, Any]:
        return {"workers": {"worker": {}}}

    async def who_has(self, keys: list[str]) -> dict[str, list[str]]:
        return {key: ["worker"] for key in keys}

    async def processing(self) -> dict[str, list[str]]:
        return {"worker": self.at_work}


def engine_that_awaits(job: "Future[bytes]", scheduler: Scheduler) -> ClusterEngine:
    engine = ClusterEngine.__new__(ClusterEngine)
    engine._client, engine._content = SimpleNamespace(scheduler=scheduler), SimpleNamespace(key="data")
    engine._problems, engine._usable, engine._idle = {"worker": ""}, frozenset({"worker"}), 0
    engine._given, engine._lost_jobs = {job: engine._usable}, []
    return engine


def ask(engine: ClusterEngine) -> None:
    asyncio.run(engine._look_again())
    engine._take_in()


def test_idle_workers_lose_a_job_after_some_questions() -> None:
    job: Future[bytes] = Future()
    engine = engine_that_awaits(job, Scheduler())
    for _ in range(TO_NOTICE):
        ask(engine)
    assert not job.cancelled()
    ask(engine)
    assert job.cancelled()


def test_workers_that_have_something_to_do_keep_their_jobs() -> None:
    job, scheduler = Future[bytes](), Scheduler()
    engine = engine_that_awaits(job, scheduler)
    for question in range(3 * TO_NOTICE):
        scheduler.at_work = ["job"] if question % TO_NOTICE == 0 else []  # now and then, as between two jobs
        ask(engine)
    assert not job.cancelled()
