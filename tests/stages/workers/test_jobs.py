"""What a worker on another machine returns is parsed like a stranger's file, and its errors are told."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nndigits.models.baselines.binary_svm import BinarySVM
from nndigits.stages.classifiers.svm_pairs import PairJob, ScoreJob
from nndigits.stages.classifiers.svm_parameters import SvmParameters
from nndigits.stages.classifiers.vote import OutputsJob
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store.errors import InputError, WorldError
from nndigits.stages.training.job import PackedTraining, TrainingResult
from nndigits.stages.workers.jobs import Result, decode, encode, encode_error

PAIR = BinarySVM(np.array([0, 2]), np.array([0.5, -0.5]), 0.25, 7)
JOBS: dict[str, tuple[Any, Any]] = {
    "training": (
        PackedTraining("a", Parameters(), Path("a.npz"), 3, b""),
        TrainingResult((0.5, 0.25), True, "diverged", {"weights": b"abc", "history": b"d"}),
    ),
    "outputs": (OutputsJob(None, "test", 0, 0), np.array([[0.25, 0.75]])),
    "pair": (PairJob((0, 1), SvmParameters(), 0.5, np.zeros(1), 1e9), PAIR),
    "score": (ScoreJob(SvmParameters(), 0.5, {}), (186, 7)),
}


@pytest.mark.parametrize("name", JOBS)
def test_a_result_arrives_as_it_was(name: str) -> None:
    job, value = JOBS[name]
    found = decode(job, encode(job, Result(value, 1.5, "tcp://a:1")))
    assert (found.seconds, found.where) == (1.5, "tcp://a:1")
    assert type(found.value) is type(value)
    np.testing.assert_equal(job.to_arrays(found.value), job.to_arrays(value))


@pytest.mark.parametrize("name", JOBS)
def test_what_is_no_result_of_the_job_is_refused(name: str) -> None:
    job, value = JOBS[name]
    others = [encode(job, Result(made, 1.5, "a")) for other, (job, made) in JOBS.items() if other != name]
    whole = encode(job, Result(value, 1.5, "a"))
    wrong = [*others, whole[:-1], b"", b"\x80\x04K\x01.", None, 7, encode(job, Result(value, -1.0, "a"))]
    for content in wrong:
        with pytest.raises(WorldError, match="a worker returned no result of this job"):
            decode(job, content)


def test_numbers_that_no_job_has_are_refused() -> None:
    job, _ = JOBS["outputs"]
    for outputs in (np.array([[np.nan]]), np.array([[2.0]]), np.array([1.0])):
        with pytest.raises(WorldError, match="no result"):
            decode(job, encode(job, Result(outputs, 0.0, "a")))


def test_an_error_in_a_worker_is_told() -> None:
    job, _ = JOBS["score"]
    for error, kind, said in (
        (InputError("a: is damaged"), WorldError, "a: is damaged"),
        (MemoryError("x"), MemoryError, "x"),
        (KeyError("\x1b[2J"), RuntimeError, "in a worker: KeyError: '"),
    ):
        with pytest.raises(kind, match=said):
            decode(job, encode_error(error))
