"""Jobs that are handed out again: of results that a cluster has lost, and of suspended workers."""

import asyncio
import time
import warnings
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest

from nndigits.stages.workers.cluster import TO_NOTICE, ClusterEngine
from nndigits.stages.workers.cluster_connection import SILENT, Heartbeats


class Scheduler:
    """What the engine asks a scheduler: a worker, which may be suspended, and others that are not. One has the data."""

    def __init__(self) -> None:
        self.at_work: list[str] = []
        self.is_suspended, self.last_seen = False, 0.0
        self.awake: tuple[str, ...] = ()

    async def identity(self, n_workers: int) -> dict[str, Any]:
        self.last_seen += not self.is_suspended
        seen = {"worker": self.last_seen, **dict.fromkeys(self.awake, time.monotonic())}
        return {"workers": {address: {"last_seen": at} for address, at in seen.items()}}

    async def who_has(self, keys: list[str]) -> dict[str, list[str]]:
        return {key: list(self.awake or ("worker",)) for key in keys}

    async def processing(self) -> dict[str, list[str]]:
        return {"worker": self.at_work}


def engine_that_awaits(job: "Future[bytes]", scheduler: Scheduler) -> ClusterEngine:
    engine = ClusterEngine.__new__(ClusterEngine)
    engine._client, engine._content = SimpleNamespace(scheduler=scheduler), SimpleNamespace(key="data")
    engine._problems, engine._usable, engine._idle = {"worker": ""}, frozenset({"worker"}), 0
    engine._heartbeats = Heartbeats()
    engine._given, engine._lost_jobs = {job: ("job", engine._usable)}, []
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


def test_jobs_of_a_worker_that_stays_silent_are_taken_back_and_it_gets_others_when_it_is_awake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    job, scheduler = Future[bytes](), Scheduler()
    scheduler.at_work = ["job"]
    engine = engine_that_awaits(job, scheduler)
    ask(engine)
    scheduler.is_suspended = True
    now += SILENT
    ask(engine)
    assert not job.cancelled()
    now += 5
    ask(engine)
    assert job.cancelled()
    assert (engine._usable, engine.slots) == (frozenset(), 0)
    scheduler.is_suspended = False
    engine._client.get_executor = lambda **_: None
    ask(engine)
    assert engine._usable == {"worker"}


def test_a_worker_that_is_awake_keeps_its_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    job, scheduler = Future[bytes](), Scheduler()
    scheduler.at_work, scheduler.is_suspended, scheduler.awake = ["another job"], True, ("awake",)
    engine = engine_that_awaits(job, scheduler)
    engine._client.get_executor = lambda **_: None
    engine._problems, engine._usable = dict.fromkeys(("worker", "awake"), ""), frozenset(("worker", "awake"))
    engine._given[job] = "job", engine._usable
    ask(engine)
    now += SILENT + 1
    ask(engine)
    assert engine._usable == {"awake"}
    assert not job.cancelled()
    scheduler.at_work = ["job"]
    ask(engine)
    assert job.cancelled()


def test_that_no_worker_is_there_is_told_every_ten_seconds() -> None:
    engine = engine_that_awaits(Future(), Scheduler())
    engine.address = "tcp://here:1"
    engine._tell_if_alone(100.0)
    engine._usable = frozenset()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for second in range(101, 128):
            engine._tell_if_alone(float(second))
    assert [str(one.message) for one in told] == [
        f"tcp://here:1: no worker is there, for {seconds} s; the work goes on when one joins" for seconds in (10, 20)
    ]
