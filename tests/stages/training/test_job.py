"""Training as a job for another machine: files as bytes, pauses for the caller, and an end to them."""

from concurrent.futures import Future
from pathlib import Path

import pytest

from nndigits.stages.datasets import data_artifact
from nndigits.stages.runs import checkpoint
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.training import job
from nndigits.stages.training.sweep_work import Work
from nndigits.stages.training.train import train
from nndigits.stages.training.trials import Plan
from nndigits.stages.workers.jobs import Job, Result, do, nothing


class FarEngine:
    """A worker that has none of the caller's files."""

    slots = 1

    def __init__(self, data: Artifact) -> None:
        self.data, self.done = data, list[Result]()

    def submit(self, job: Job) -> "Future[Result]":
        future: Future[Result] = Future()
        self.done.append(do(job.packed(), self.data, "far", nothing))
        future.set_result(self.done[-1])
        return future

    def poll(self) -> None:
        """Do nothing."""

    def recover(self) -> bool:
        return False

    def close(self) -> None:
        """Do nothing."""


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Pause after each epoch."""
    monkeypatch.setattr(job, "PAUSE", 0.0)
    monkeypatch.setattr(job, "BEGINNINGS", 0.0)
    monkeypatch.setattr(job, "scratch_folder", lambda: str(tmp_path))


def swept(digits: Path, folder: Path) -> FarEngine:
    data = data_artifact.load_mapped(digits)
    engine = FarEngine(data)
    Work(folder, data, Plan({"hidden": [(5,)], "epochs": [3]}, seeds=2), lambda *_: None).train(lambda: engine, nothing)
    return engine


def test_a_run_that_pauses_has_the_same_bytes(digits: Path, tmp_path: Path) -> None:
    engine = swept(digits, tmp_path / "s")
    assert [one.value.is_unfinished for one in engine.done] == [True, True, False] * 2
    assert sorted(engine.done[0].value.files) == ["checkpoint"]
    train(digits, tmp_path / "alone.npz", Parameters(hidden=(5,), epochs=3, seed=1, threads=1))
    assert (tmp_path / "s/trials/seed-1.npz").read_bytes() == (tmp_path / "alone.npz").read_bytes()
    assert not list(tmp_path.glob("nn-*"))


def test_an_interrupted_caller_goes_on_from_the_last_pause(digits: Path, tmp_path: Path) -> None:
    data, stopped = data_artifact.load_mapped(digits), iter(range(3))
    engine = FarEngine(data)

    def stop() -> None:
        if next(stopped, None) is None:
            raise KeyboardInterrupt

    plan = Plan({"hidden": [(5,)], "epochs": [3]}, seeds=2)
    with pytest.raises(KeyboardInterrupt):
        Work(tmp_path / "s", data, plan, lambda *_: None).train(lambda: engine, stop)
    assert 0 < len(engine.done) < 6
    assert len(engine.done) + len(swept(digits, tmp_path / "s").done) == 6


def test_machines_that_cannot_continue_each_other_do_not_take_turns_for_ever(
    digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "changed_versions", lambda *_: {"kernel": ("Haswell", "SkylakeX")})
    engine = swept(digits, tmp_path / "s")
    assert [(one.value.is_unfinished, len(one.value.epoch_seconds)) for one in engine.done] == [
        (True, 1),
        (False, 3),
    ] * 2
