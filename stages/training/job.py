"""A training run as a job for a worker, on this machine or on another, up to an epoch."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import Diverged
from nndigits.stages.store.npz import AnyArray
from nndigits.stages.store.patterns import Text
from nndigits.stages.store.schema import Members, check_arrays, check_range
from nndigits.stages.training import train as stage
from nndigits.stages.workers.cluster_remote import scratch_folder
from nndigits.stages.workers.jobs import AGAIN, MOST_ERROR, MOST_TIME

PAUSE, BEGINNINGS = 60.0, 10.0
"""Seconds of training after which a run on another machine pauses; as a multiple of its beginning, if that is more."""


@dataclass(frozen=True)
class TrainingResult:
    """What a run says of itself; everything else is in its files.

    Attributes
    ----------
    epoch_seconds
        How long each of its epochs took.
    is_unfinished
        Whether it paused before the epoch that was asked for.
    diverged
        Why training diverged; empty if it did not. Then there are no weights.
    files
        The files of a run on another machine, by the end of their path: ``weights``, ``history``, ``checkpoint``.
    """

    epoch_seconds: tuple[float, ...] = ()
    is_unfinished: bool = False
    diverged: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class TrainingJob:
    """A training run, or a part of it. Its value is a TrainingResult.

    Attributes
    ----------
    name
        What messages call it.
    out
        Where the weights belong; history and checkpoint belong beside them.
    until
        The number of epochs after which the run pauses with its checkpoint; all of them to end it.
    """

    name: str
    parameters: Parameters
    out: Path
    until: int

    def run(self, data: Artifact, check: Callable[[], None]) -> TrainingResult:
        """Train; the files are written here."""
        return _train(self, data, check, lambda seconds, is_continued: False)

    def packed(self) -> "PackedTraining":
        """Return the run with its checkpoint, if it has one."""
        path = paths_of(self.out)["checkpoint"]
        checkpoint = files.read(path, hint=AGAIN) if files.has_content(path) else b""
        return PackedTraining(self.name, self.parameters, self.out, self.until, checkpoint)

    def to_arrays(self, value: TrainingResult) -> Mapping[str, AnyArray]:
        """Return a result: its files as bytes, which are parsed when they are read."""
        texts = {"diverged": value.diverged.encode(), **value.files}
        return {
            "epoch_seconds": np.array(value.epoch_seconds, np.float64),
            "is_unfinished": np.array([value.is_unfinished]),
            **{name: np.frombuffer(content, np.uint8) for name, content in texts.items()},
        }

    def from_arrays(self, arrays: Mapping[str, AnyArray]) -> TrainingResult:
        """Return a result; raises SchemaError for other arrays."""
        files = {name: arrays[name].tobytes() for name in paths_of(self.out) if name in arrays}
        members: Members = {name: ("|u1", (name,)) for name in ("diverged", *files)}
        members |= {"epoch_seconds": ("<f8", ("epochs",)), "is_unfinished": ("|b1", ("one",))}
        check_arrays(arrays, members, "result")
        check_range("epoch_seconds", arrays["epoch_seconds"], 0, MOST_TIME)
        diverged = arrays["diverged"].tobytes().decode(errors="replace")
        Text(MOST_ERROR).check(diverged, "diverged")
        return TrainingResult(
            tuple(arrays["epoch_seconds"].tolist()), bool(arrays["is_unfinished"].all()), diverged, files
        )


@dataclass(frozen=True)
class PackedTraining(TrainingJob):
    """A training run for another machine, with the checkpoint to continue from; empty if there is none.

    A machine that would make other bytes of the checkpoint begins again, and then does not pause: two such machines
    could otherwise take turns for ever.
    """

    checkpoint: bytes = field(repr=False)

    def packed(self) -> "PackedTraining":
        """Return the run itself."""
        return self

    def run(self, data: Artifact, check: Callable[[], None]) -> TrainingResult:
        """Train in a temporary folder, and return the files; pause now and then, to give the caller a checkpoint."""
        started = time.perf_counter()

        def has_to_pause(trained: float, is_continued: bool) -> bool:
            beginning = time.perf_counter() - started - trained
            return (is_continued or not self.checkpoint) and trained > max(PAUSE, BEGINNINGS * beginning)

        with TemporaryDirectory(prefix="nn-", dir=scratch_folder()) as folder:
            out = Path(folder) / self.out.name
            paths = paths_of(out)
            if self.checkpoint:
                files.write(paths["checkpoint"], [self.checkpoint])
            result = _train(replace(self, out=out), data, check, has_to_pause)
            written = {name: files.read(path, hint=AGAIN) for name, path in paths.items() if path.exists()}
        if "weights" in written:
            del written["checkpoint"]
        return replace(result, files=written)


class Paused(Exception):
    """The run has reached an epoch at which it pauses."""


def _train(
    job: TrainingJob, data: Artifact, check: Callable[[], None], has_to_pause: Callable[[float, bool], bool]
) -> TrainingResult:
    """Train; ``has_to_pause`` is given the seconds of the epochs so far, and whether they continue a checkpoint."""
    epochs: list[float] = []
    is_continued = is_unfinished = False
    diverged = ""

    def on_start(start: stage.Start) -> None:
        nonlocal is_continued
        is_continued = start.done > 0

    def on_epoch(report: stage.EpochReport) -> None:
        nonlocal is_unfinished
        epochs.append(report.seconds)
        done = report.epoch + 1
        is_unfinished = done < job.until and has_to_pause(sum(epochs), is_continued)
        if is_unfinished or job.until <= done < job.parameters.epochs:
            raise Paused

    try:
        stage.train(
            data,
            job.out,
            job.parameters,
            on_epoch=on_epoch,
            on_start=on_start,
            on_images=lambda epoch, total, done: check(),
            on_strips=lambda done, total: check(),
        )
    except Diverged as error:
        diverged = str(error)
    except Paused:
        pass
    return TrainingResult(tuple(epochs), is_unfinished, diverged)


def paths_of(weights: Path) -> dict[str, Path]:
    """Return the paths of the files of a run, by the names that TrainingResult.files has."""
    history, checkpoint = stage.companions(weights)
    return {"weights": weights, "history": history, "checkpoint": checkpoint}


def write(job: TrainingJob, result: TrainingResult) -> None:
    """Write the files of a run that was trained on another machine."""
    paths = paths_of(job.out)
    for name, content in sorted(result.files.items()):  # weights last: they say that the run is finished
        files.write(paths[name], [content])
