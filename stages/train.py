"""The second stage: let a network learn from the training images, epoch by epoch (chapter 1).

After every epoch the network is tried on the validation images, and everything that is needed to go on is written
to a checkpoint.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from nn.models.network.metrics import count_correct
from nn.models.network.network import Network
from nn.models.training.loop import train_epoch
from nn.stages.runs import checkpoint, negatives, network_artifacts, setup
from nn.stages.runs.calibration import Calibration, calibrate
from nn.stages.runs.checkpoint import Run
from nn.stages.runs.parameters import Parameters
from nn.stages.store import artifacts, files, timings
from nn.stages.store.artifacts import Artifact
from nn.stages.store.errors import Diverged
from nn.stages.store.reports import plain


@dataclass(frozen=True)
class EpochReport:
    """How the network did after an epoch; ``cost`` is the mean over the training samples as they were learned."""

    epoch: int
    correct: int
    total: int
    cost: float
    seconds: float


@dataclass(frozen=True)
class TrainReport:
    """What was learned and written; without validation images there is no calibration.

    ``changed`` has the versions, then and now, by which a resumed run may end in other bytes than one that was never
    interrupted.
    """

    out: Path
    history: Path
    checkpoint: Path
    network: str
    parameters: Parameters
    dataset: str
    verified: bool
    kept_epoch: int
    correct: int
    total: int
    seconds: float
    epochs: tuple[EpochReport, ...]
    calibration: Calibration | None
    changed: dict[str, tuple[str, str]]


def train(
    data: Path,
    out: Path,
    parameters: Parameters | None = None,
    *,
    resume: bool = False,
    on_epoch: Callable[[EpochReport], None] | None = None,
    on_images: Callable[[int, int, int], None] | None = None,
    on_strips: Callable[[int, int], None] | None = None,
) -> TrainReport:
    """Train on a data artifact; write weights to ``out``, history and checkpoint beside it.

    Parameters
    ----------
    resume
        Go on from the checkpoint beside ``out``, which must come from the same parameters and data.
    on_images
        Called with the epoch, how many images it has, and how many are done, a hundred times an epoch.
        What it raises ends the training; the last checkpoint stays.
    on_strips
        Called before, where there are to be rejects, with how many strips have been cut, and how many will be.

    Raises
    ------
    InputError
        The data or the checkpoint is missing, unusable, or of another run.
    Diverged
        Weights or cost are no longer finite. The last checkpoint stays.
    """
    history, checkpoint_path = companions(out)
    for path in (out, history, checkpoint_path):
        files.check_output(path, data)
    source = artifacts.load(data, "dataset")
    parameters = parameters or Parameters()
    setup.check_data(parameters, len(source.arrays["train_images"]), len(source.arrays["validation_images"]))
    source = negatives.with_negatives(source, parameters, on_strips)
    if resume:
        run = checkpoint.resume(checkpoint_path, parameters, source)
    else:
        run = checkpoint.new_run(parameters, source)
    epochs = []
    with closing(run.trainer):
        for report in _epochs(run, source, on_images):
            checkpoint.save(checkpoint_path, run, source)
            epochs.append(report)
            if on_epoch is not None:
                on_epoch(report)
    return _finish(run, source, out, tuple(epochs))


def companions(out: Path) -> tuple[Path, Path]:
    """Where the history and the checkpoint of weights lie."""
    return artifacts.companion_path(out, "history.csv", "weights"), artifacts.companion_path(
        out, "checkpoint.npz", "weights"
    )


def _epochs(run: Run, data: Artifact, on_images: Callable[[int, int, int], None] | None) -> Iterator[EpochReport]:
    """Learn the epochs that are left; yield after each, when the run stands at its end."""
    images, labels = data.arrays["train_images"], data.arrays["train_labels"]
    unseen, answers = data.arrays["validation_images"], data.arrays["validation_labels"]
    trainer, parameters = run.trainer, run.parameters
    for epoch in range(len(run.costs), parameters.epochs):
        if setup.is_finished(parameters, run.correct):
            return
        trainer.halvings = setup.halved(parameters, run.correct)
        started = time.perf_counter()
        with setup.training_context():
            batches = setup.epoch_batches(parameters, trainer, images, labels, run.rng)
            progress = None if on_images is None else partial(on_images, epoch, len(images))
            cost = train_epoch(trainer, batches, len(images), progress)
            _check_finite(run.network, cost, epoch, parameters)
            with trainer.averaged():
                correct = count_correct(trainer.network.outputs(unseen), answers)
                if parameters.keep == "last" or not len(unseen) or correct > max(run.correct, default=-1):
                    run.best, run.best_epoch = network_artifacts.to_arrays(run.network), epoch
        run.costs.append(cost)
        run.correct.append(correct)
        yield EpochReport(epoch, correct, len(unseen), cost, time.perf_counter() - started)


def _check_finite(network: Network, cost: float, epoch: int, parameters: Parameters) -> None:
    if not np.isfinite(cost) or not all(np.isfinite(layer.parameters).all() for layer in network.trainable_layers):
        raise Diverged(
            f"training diverged in epoch {epoch}: weights or cost are no longer finite numbers. "
            f"Try a smaller eta than {parameters.eta:g}; the chapter takes 3.0"
        )


def _finish(run: Run, data: Artifact, out: Path, epochs: tuple[EpochReport, ...]) -> TrainReport:
    """Write what was learned."""
    history, checkpoint_path = companions(out)
    total, correct = len(data.arrays["validation_images"]), run.correct[run.best_epoch]
    result: dict[str, Any] = {"epoch": run.best_epoch, "validation_correct": correct, "validation_total": total}
    artifacts.save_csv(
        history,
        checkpoint.describe("history", run, data, result),
        ("epoch", "cost", "validation_correct", "validation_total"),
        zip(range(len(run.costs)), run.costs, run.correct, [total] * len(run.costs), strict=True),
    )
    kept = Artifact(out, checkpoint.describe("weights", run, data, result), "", run.best)
    calibration = calibrate(network_artifacts.from_artifact(kept), data)
    if calibration is not None:
        result["calibration"] = plain(calibration)
    sha256 = artifacts.save(out, checkpoint.describe("weights", run, data, result), run.best)
    if len(epochs) == len(run.costs):  # of a run that was resumed, the time of the earlier part is not known
        timings.record(out.parent, sha256, "train", sum(epoch.seconds for epoch in epochs))
    return TrainReport(
        out=out,
        history=history,
        checkpoint=checkpoint_path,
        network=str(run.network),
        parameters=run.parameters,
        dataset=data.meta["dataset"]["name"],
        verified=data.meta["dataset"]["verified"],
        kept_epoch=run.best_epoch,
        correct=correct,
        total=total,
        seconds=sum(epoch.seconds for epoch in epochs),
        epochs=epochs,
        calibration=calibration,
        changed=checkpoint.changed_versions(run) if epochs else {},
    )
