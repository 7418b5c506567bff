"""What a worker is given and what it returns, on this machine or on another.

A job is a piece of work with the data set: a training run, a pair of digits, the outputs of a network. It returns a
value, of numbers, arrays and bytes, which can come from another machine.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError

AGAIN = "Give the same command again"


class Job(Protocol):
    """A piece of work with the data set."""

    @property
    def name(self) -> str:
        """What messages call it."""

    def run(self, data: Artifact, check: Callable[[], None]) -> Any:
        """Do the work, in a worker, and return its value; ``check`` is called often, and an exception from it ends it.

        A job that takes seconds need not call it.
        """

    def packed(self) -> "Job":
        """Return the job as another machine can do it, which has none of the caller's files but the data."""


@dataclass(frozen=True)
class Result:
    """What a worker says of a job.

    Attributes
    ----------
    value
        What the job returned.
    seconds
        How long it took, without the time that it waited for a worker.
    where
        The worker.
    """

    value: Any = field(repr=False)
    seconds: float
    where: str


def do(job: Job, data: Artifact, where: str, check: Callable[[], None]) -> Result:
    """Do a job, in a worker."""
    started = time.perf_counter()
    value = job.run(data, check)
    return Result(value, time.perf_counter() - started, where)


def nothing() -> None:
    """Let the work go on: the ``check`` of a worker that is stopped in another way."""


def checked(data: Artifact, sha256: str) -> Artifact:
    """Return the data that a worker has read; raises InputError if it is not what the caller read."""
    if data.sha256 != sha256:
        raise InputError(f"{data.path}: was changed meanwhile. {AGAIN}")
    return data
