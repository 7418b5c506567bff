"""The second stage: train a network on the training images, epoch by epoch (chapter 1).

After every epoch, the network is evaluated on the validation images, and a checkpoint is written from which the run
can be resumed.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nndigits.stages.datasets import data_artifact
from nndigits.stages.datasets.known_sets import class_names, known_set
from nndigits.stages.runs import checkpoint, setup
from nndigits.stages.runs.epochs import EpochReport as EpochReport  # a public name of this stage
from nndigits.stages.runs.epochs import Run, epochs, run_on, take_best
from nndigits.stages.runs.new_network import check_needs
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.runs.replaced import replaced
from nndigits.stages.runs.verdict import Calibration, Verdict, calibrate, judge_network
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.environment import changed_versions
from nndigits.stages.store.npz import AnyArray
from nndigits.stages.store.result_files import HISTORY_COLUMNS, record_time
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


@dataclass(frozen=True)
class Start:
    """What a run begins from: ``done`` of ``total`` epochs, those of its checkpoint.

    ``is_repeated`` is true for a run that is finished already. ``replaces`` is a sentence on the network, or the
    unfinished run, of other parameters or data that a new run replaces; empty if there is none.
    """

    done: int
    total: int
    is_repeated: bool
    replaces: str


def train(
    data: Path | Artifact,
    out: Path,
    parameters: Parameters | None = None,
    *,
    inputs: Sequence[Path] = (),
    resume: bool | None = None,
    on_start: Callable[[Start], None] = lambda start: None,
    on_epoch: Callable[[EpochReport], None] = lambda report: None,
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
    on_start
        Called before training with what the run begins from.
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
    history, path = companions(out)
    with files.locked(out, history, path):
        source = data_artifact.load(data) if isinstance(data, Path) else data
        parameters = parameters or Parameters()
        setup.check_data(parameters, source)
        check_needs(parameters, source)
        source = negatives.with_negatives(source, parameters, on_strips)
        known = "unfinished" if resume else "other"
        if resume is None:
            known = checkpoint.state(path, out, parameters, source)
        run = checkpoint.load(path, parameters, source) if known == "unfinished" else run_on(source, parameters)
        replaces = "" if run.rows else replaced(out, path, run.parameters, source)
        on_start(Start(len(run.rows), parameters.epochs, known == "finished", replaces))
        training = source.arrays["train_images"], source.arrays["train_labels"]
        validation = source.arrays["validation_images"], source.arrays["validation_labels"]
        reports = []
        with closing(run.trainer), setup.training_context():
            for report in epochs(run, training, validation, on_images):
                checkpoint.save(path, run, source)
                reports.append(report)
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


def _finish(run: Run, data: Artifact, out: Path, reports: tuple[EpochReport, ...]) -> TrainReport:
    """Write history and weights, and fit the calibration with the weights that are kept."""
    history, checkpoint_path = companions(out)
    total, correct = len(data.arrays["validation_images"]), run.rows[run.best_epoch].validation_correct
    result: dict[str, Any] = {"epoch": run.best_epoch, "validation_correct": correct, "validation_total": total}
    artifacts.save_csv(history, checkpoint.describe("history", run, data, result), HISTORY_COLUMNS, run.rows)
    labels = data.arrays["validation_labels"]
    outputs = take_best(run, data.arrays["validation_images"])
    calibration = calibrate(run.network, outputs, labels)
    if calibration is not None:
        result["calibration"] = plain(calibration)
    sha256 = artifacts.save(out, checkpoint.describe("weights", run, data, result), run.best)
    for report in reports:
        record_time(out.parent, sha256, f"epoch {report.epoch}", report.seconds)
    if len(reports) == len(run.rows):  # a resumed run does not know the time of its earlier epochs
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


def _judge(run: Run, data: Artifact, outputs: AnyArray) -> Verdict:
    """Judge the network by its outputs for the validation images; if there are none, by those of training images."""
    labels = data.arrays["validation_labels"]
    if not len(labels):
        labels = data.arrays["train_labels"][:MOST_JUDGED]
        labels = labels[labels < data.meta["dataset"]["classes"]]  # without those of the reject class, which come last
        outputs = take_best(run, data.arrays["train_images"][: len(labels)])
    return judge_network(run.network, outputs, labels, run.parameters.as_json())
