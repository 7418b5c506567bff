"""The second stage: train a network on the training images, epoch by epoch (chapter 1).

After every epoch, the network is evaluated on the validation images, and a checkpoint is written from which the run
can be resumed.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nndigits.models.arrays.types import Array
from nndigits.stages.datasets import data_artifact
from nndigits.stages.datasets.known_sets import class_names, known_set
from nndigits.stages.runs import checkpoint, setup
from nndigits.stages.runs.epochs import EpochReport as EpochReport  # a public name of this stage
from nndigits.stages.runs.epochs import Run, epochs, take_best, training_sample
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.runs.replaced import replaced
from nndigits.stages.runs.verdict import Calibration, Verdict, calibrate, judge_network
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.environment import changed_versions
from nndigits.stages.store.result_files import HISTORY_COLUMNS, EpochRow, record_time
from nndigits.stages.store.texts import plain
from nndigits.stages.training import negatives

MOST_JUDGED = 1000
"""Training images by which a network is judged where there are no validation images."""


@dataclass(frozen=True)
class TrainReport:
    """The result of a training run; without validation images, ``calibration`` is None.

    ``verdict`` says what the network has learned, judged on the validation images, or on the first training images if
    there are none. ``classes`` has the names of the classes.
    ``changed`` has the versions that differ since the checkpoint of a resumed run, then and now. With these, the run
    may end in other bytes than one that was never interrupted.
    """

    out: Path
    history: Path
    checkpoint: Path
    what: str
    parameters: Parameters
    dataset: str
    verified: bool
    kept_epoch: int
    validation_correct: int
    validation_total: int
    seconds: float
    epochs: tuple[EpochReport, ...]
    calibration: Calibration | None
    verdict: Verdict
    classes: tuple[str, ...]
    changed: dict[str, tuple[str, str]]


def train(
    data: Path | Artifact,
    out: Path,
    parameters: Parameters | None = None,
    *,
    inputs: Sequence[Path] = (),
    resume: bool | None = None,
    on_resume: Callable[[int, int], None] | None = None,
    on_again: Callable[[], None] | None = None,
    on_other: Callable[[str], None] | None = None,
    on_epoch: Callable[[EpochReport], None] | None = None,
    on_images: Callable[[int, int, int], None] | None = None,
    on_strips: Callable[[int, int], None] | None = None,
) -> TrainReport:
    """Train on a data artifact; write weights to ``out``, and history and checkpoint to the same folder.

    Parameters
    ----------
    data
        The data artifact, or one that was read by ``data_artifact``.
    inputs
        Other files that the caller reads, such as a recipe. No output may replace one of them.
    resume
        True continues from the checkpoint of ``out``, which must have the same parameters and data. False starts a new
        run. None continues if that ends in the same bytes as a new run: the checkpoint is of an unfinished run, or of
        fewer epochs.
    on_resume
        Called before training with the number of finished epochs and the number of epochs, if the run is continued.
    on_again
        Called before training if the run is finished already, and is repeated because ``resume`` is None.
    on_other
        Called before training with a sentence on the network, or the unfinished run, that a new run replaces.
    on_images
        Called about a hundred times an epoch with the epoch, its number of images, and the number done. An exception
        that it raises ends the training; the last checkpoint is kept.
    on_strips
        Called before training, if there is a reject class, with the number of strips cut so far, and of all strips.

    Raises
    ------
    InputError
        The data or the checkpoint is missing or unusable, or the checkpoint is of another run.
    UsageError, WorldError
        The parameters do not fit the data, or the network is too large for a checkpoint or for this machine's memory.
    Diverged
        Weights or cost are no longer finite. The last checkpoint is kept.
    WorldError
        Another run writes the same files.
    """
    check_outputs(out, data if isinstance(data, Path) else data.path, *inputs)
    history, checkpoint_path = companions(out)
    with files.locked(out, history, checkpoint_path):
        source = data_artifact.load(data) if isinstance(data, Path) else data
        parameters = parameters or Parameters()
        setup.check_data(parameters, source)
        setup.check_network(parameters, source)
        source = negatives.with_negatives(source, parameters, on_strips)
        run, is_repeated = checkpoint.begin(checkpoint_path, out, parameters, source, resume)
        if is_repeated and on_again is not None:
            on_again()
        if on_other is not None and not run.costs and (other := replaced(out, checkpoint_path, run.parameters, source)):
            on_other(other)
        if run.costs and on_resume is not None:
            on_resume(len(run.costs), parameters.epochs)
        training = source.arrays["train_images"], source.arrays["train_labels"]
        validation = source.arrays["validation_images"], source.arrays["validation_labels"]
        reports = []
        with closing(run.trainer), setup.training_context():
            for report in epochs(run, training, validation, on_images):
                checkpoint.save(checkpoint_path, run, source)
                reports.append(report)
                if on_epoch is not None:
                    on_epoch(report)
        return _finish(run, source, out, tuple(reports))


def check_outputs(out: Path, *inputs: Path) -> None:
    """Check that weights, history and checkpoint can be written, and replace none of the files that are read."""
    history, checkpoint_path = companions(out)
    artifacts.check_output(out, "weights", *inputs, example="weights.npz")
    artifacts.check_output(history, "history", *inputs)
    artifacts.check_output(checkpoint_path, "checkpoint", *inputs)


def companions(out: Path) -> tuple[Path, Path]:
    """Return the paths of the history and the checkpoint that belong to weights."""
    return artifacts.companion_path(out, "history.csv", "weights"), artifacts.companion_path(
        out, "checkpoint.npz", "weights"
    )


def _rows(run: Run, total: int, data: Artifact) -> list[EpochRow]:
    """Return the rows of the history."""
    sample = len(training_sample(run.network, (data.arrays["train_images"], data.arrays["train_labels"]))[1])
    measured = zip(run.costs, run.correct, run.validation_costs, run.training_correct, run.etas, strict=True)
    return [
        EpochRow(epoch, cost, correct, total, validation_cost, seen, sample, eta)
        for epoch, (cost, correct, validation_cost, seen, eta) in enumerate(measured)
    ]


def _finish(run: Run, data: Artifact, out: Path, reports: tuple[EpochReport, ...]) -> TrainReport:
    """Write history and weights, and fit the calibration with the weights that are kept."""
    history, checkpoint_path = companions(out)
    total, correct = len(data.arrays["validation_images"]), run.correct[run.best_epoch]
    result: dict[str, Any] = {"epoch": run.best_epoch, "validation_correct": correct, "validation_total": total}
    artifacts.save_csv(
        history,
        checkpoint.describe("history", run, data, result),
        HISTORY_COLUMNS,
        _rows(run, total, data),
    )
    labels = data.arrays["validation_labels"]
    outputs = take_best(run, data.arrays["validation_images"])
    calibration = calibrate(run.network, outputs, labels)
    if calibration is not None:
        result["calibration"] = plain(calibration)
    sha256 = artifacts.save(out, checkpoint.describe("weights", run, data, result), run.best)
    for report in reports:
        record_time(out.parent, sha256, f"epoch {report.epoch}", report.seconds)
    if len(reports) == len(run.costs):  # a resumed run does not know the time of its earlier epochs
        record_time(out.parent, sha256, "train", sum(report.seconds for report in reports))
    return TrainReport(
        out=out,
        history=history,
        checkpoint=checkpoint_path,
        what=str(run.network),
        parameters=run.parameters,
        dataset=data.meta["dataset"]["name"],
        verified=known_set(data.meta["dataset"]) is not None,
        kept_epoch=run.best_epoch,
        validation_correct=correct,
        validation_total=total,
        seconds=sum(report.seconds for report in reports),
        epochs=reports,
        calibration=calibration,
        verdict=_judge(run, data, outputs),
        classes=class_names(data.meta["dataset"]),
        changed=changed_versions(run.versions, "checkpoint") if reports else {},
    )


def _judge(run: Run, data: Artifact, outputs: Array) -> Verdict:
    """Judge the network by its outputs for the validation images; if there are none, by those of training images."""
    labels = data.arrays["validation_labels"]
    if not len(labels):
        labels = data.arrays["train_labels"][:MOST_JUDGED]
        labels = labels[labels < data.meta["dataset"]["classes"]]  # without those of the reject class, which come last
        outputs = take_best(run, data.arrays["train_images"][: len(labels)])
    return judge_network(run.network, outputs, labels, run.parameters.as_json())
