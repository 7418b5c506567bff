"""What a worker does: train one run to an epoch, on this machine or on another, and say how it went."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from nn.stages import train as stage
from nn.stages.datasets import data_artifact
from nn.stages.runs.parameters import Parameters
from nn.stages.store import files
from nn.stages.store.artifacts import Artifact
from nn.stages.store.errors import Diverged, InputError

AGAIN = "Give the same command again"


@dataclass(frozen=True)
class Job:
    """A training run, or a part of it.

    Attributes
    ----------
    name
        What messages call it.
    out
        Where the caller wants the weights; history and checkpoint belong beside them.
    until
        The number of epochs after which the run pauses with its checkpoint; all of them to end it.
    """

    name: str
    parameters: Parameters
    out: Path
    until: int


@dataclass(frozen=True)
class Result:
    """What a worker says of a job; everything else is in the files.

    Attributes
    ----------
    seconds
        How long it took, without the time that it waited for a worker.
    where
        The worker.
    epoch_seconds
        How long each of its epochs took.
    diverged
        Why training diverged; empty if it did not. Then there are no weights.
    files
        The files of a run on another machine, by the end of their path: ``weights``, ``history``, ``checkpoint``.
    """

    seconds: float
    where: str
    epoch_seconds: tuple[float, ...] = ()
    diverged: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)


class Paused(Exception):
    """The run has reached the epoch at which it pauses."""


def train_here(job: Job, data: Path, sha256: str) -> Result:
    """Train a job in a process of this machine, which writes its files; ``sha256`` is that of the data."""
    return _train(job, _mapped(data, sha256), "this machine", lambda: None)


def train_there(
    job: Job, data: str, content: bytes, sha256: str, checkpoint: bytes, where: str, check: Callable[[], None]
) -> Result:
    """Train a job on another machine, and return its files.

    Parameters
    ----------
    data, content, sha256
        The path of the data on the caller's machine, its bytes, and their hash.
    checkpoint
        The checkpoint to continue from; empty if there is none.
    check
        Called often; an exception from it ends the training.
    """
    source = _unpacked(data, content, sha256)
    with TemporaryDirectory(prefix="nn-sweep-") as folder:
        out = Path(folder) / job.out.name
        paths = paths_of(out)
        if checkpoint:
            files.write(paths["checkpoint"], [checkpoint])
        result = _train(replace(job, out=out), source, where, check)
        written = {name: files.read(path, hint=AGAIN) for name, path in paths.items() if path.exists()}
        if "weights" in written:
            del written["checkpoint"]
        return replace(result, files=written)


def paths_of(weights: Path) -> dict[str, Path]:
    """Return the paths of the files of a run, by the names that Result.files has."""
    history, checkpoint = stage.companions(weights)
    return {"weights": weights, "history": history, "checkpoint": checkpoint}


def _train(job: Job, source: Artifact, where: str, check: Callable[[], None]) -> Result:
    epochs: list[float] = []

    def on_epoch(report: stage.EpochReport) -> None:
        epochs.append(report.seconds)
        if job.until <= report.epoch + 1 < job.parameters.epochs:
            raise Paused

    diverged = ""
    started = time.perf_counter()
    try:
        stage.train(
            source,
            job.out,
            job.parameters,
            on_epoch=on_epoch,
            on_images=lambda epoch, total, done: check(),
            on_strips=lambda done, total: check(),
        )
    except Diverged as error:
        diverged = str(error)
    except Paused:
        pass
    return Result(time.perf_counter() - started, where, tuple(epochs), diverged)


@lru_cache(maxsize=1)
def _mapped(path: Path, sha256: str) -> Artifact:
    """Read the data once in each process, and check that it is still the caller's."""
    return _checked(data_artifact.load_mapped(path), sha256)


@lru_cache(maxsize=1)
def _unpacked(path: str, content: bytes, sha256: str) -> Artifact:
    return _checked(data_artifact.unpack(Path(path), content), sha256)


def _checked(data: Artifact, sha256: str) -> Artifact:
    if data.sha256 != sha256:
        raise InputError(f"{data.path}: was changed during the sweep. {AGAIN}")
    return data
