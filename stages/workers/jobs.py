"""What a worker is given and what it returns, on this machine or on another.

A job is a piece of work with the data set: a training run, a pair of digits, the outputs of a network. Its value comes
from another machine as an archive of arrays, which is parsed and checked like the file of a stranger.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from nndigits.stages.store import npz
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError, NNError, WorldError, is_out_of_memory
from nndigits.stages.store.npz import AnyArray
from nndigits.stages.store.patterns import SchemaError, Text, check_pattern, real
from nndigits.stages.store.texts import parse_json
from nndigits.stages.words.escaping import json_text, printable

HEAD = "__result__"
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
        return self

    def to_arrays(self, value: Any) -> Mapping[str, AnyArray]:
        """Return a value as arrays, of the types of ``npz.py``."""

    def from_arrays(self, arrays: Mapping[str, AnyArray]) -> Any:
        """Return the value that arrays hold; raises SchemaError for arrays that are none of this job's values."""


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


MOST_WHERE, MOST_ERROR, MOST_TIME = 200, 5000, 1e9


def encode(job: Job, result: Result) -> bytes:
    """Return the result of a job as bytes."""
    head = {"seconds": result.seconds, "where": result.where}
    return _archive(head, job.to_arrays(result.value))


def encode_error(error: Exception) -> bytes:
    """Return an error of a job as bytes: one of ours, or of too little memory, or a bug."""
    kind = "known" if isinstance(error, NNError) else "memory" if is_out_of_memory(error) else "bug"
    text = str(error) if kind == "known" else f"{type(error).__name__}: {error}"
    return _archive({"error": kind, "text": printable(text)[:MOST_ERROR]}, {})


def decode(job: Job, content: object) -> Result:
    """Return the result in the bytes of ``encode``; raises the error in those of ``encode_error``, or WorldError."""
    try:
        check_pattern(content, bytes)
        arrays = npz.decode(content)  # type: ignore[arg-type]
        head = parse_json(arrays.pop(HEAD, np.zeros(0, np.uint8)).tobytes())
        check_pattern(head, dict)
        if "error" in head:
            check_pattern(head, {"error": Text(10), "text": Text(MOST_ERROR)})
        else:
            check_pattern(head, {"seconds": real(0, MOST_TIME), "where": Text(MOST_WHERE)})
            return Result(job.from_arrays(arrays), head["seconds"], head["where"])
    except (npz.FormatError, SchemaError) as error:
        raise WorldError(f"a worker returned no result of this job: {error}") from None
    if head["error"] == "memory":
        raise MemoryError(head["text"])
    raise WorldError(head["text"]) if head["error"] == "known" else RuntimeError(f"in a worker: {head['text']}")


def _archive(head: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> bytes:
    text = np.frombuffer(json_text(head).encode(), np.uint8)
    return b"".join(npz.encode({**arrays, HEAD: text}))


def nothing() -> None:
    """Let the work go on: the ``check`` of a worker that is stopped in another way."""


def checked(data: Artifact, sha256: str) -> Artifact:
    """Return the data that a worker has read; raises InputError if it is not what the caller read."""
    if data.sha256 != sha256:
        raise InputError(f"{data.path}: was changed meanwhile. {AGAIN}")
    return data
