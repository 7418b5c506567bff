"""The third stage: evaluate a classifier on images that it was not trained on."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from nndigits.models.arrays.types import Array, Integers
from nndigits.models.augmentation.robustness import Robustness, robustness
from nndigits.models.network import metrics
from nndigits.models.network.calibration import InPieces, calibration_error
from nndigits.models.network.needs import needs
from nndigits.models.network.network import Network
from nndigits.stages import evaluation_files
from nndigits.stages.classifiers import classifier as classifiers
from nndigits.stages.classifiers import vote
from nndigits.stages.classifiers.vote import OnPart
from nndigits.stages.datasets import data_artifact
from nndigits.stages.datasets.known_sets import DatasetReport, class_names, known_set
from nndigits.stages.runs import network_artifacts
from nndigits.stages.runs.verdict import FINE, DigitReport, Verdict, judge_network
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import UsageError
from nndigits.stages.store.kinds import CLASSIFIER_KINDS, Split
from nndigits.stages.store.result_files import record_time
from nndigits.stages.store.texts import Picture, picture

MOST_SHIFTS = 3
"""With 3, each image is classified 49 times."""

MISTAKES = 8
"""The number of most confident mistakes to report: two rows of four in a terminal."""


COSTLY = 10**11
"""Multiplications beyond which the cost is told: some ten seconds."""


@dataclass(frozen=True)
class Mistake:
    """A misclassified digit, with the prediction (``answer``) and its output."""

    index: int
    label: int
    answer: int
    output: float
    picture: Picture = field(repr=False)


@dataclass(frozen=True)
class EvalReport(DatasetReport):
    """The result of an evaluation.

    Attributes
    ----------
    interval
        The 95 % interval of the accuracy.
    confusion
        A row for each digit, a column for each prediction.
    votes
        The number of networks whose outputs were averaged.
    shifts
        The outputs were also averaged over images moved by up to this many pixels.
    classes
        The names of the classes.
    verdict
        What the network has learned; of an ensemble and a baseline, nothing is said.
    other_data
        A sentence for each member that was trained on another data set.
    robustness
        The accuracy on distorted images, if it was asked for.
    temperature, calibration_error
        The temperature in the weights, and the expected calibration error with it. None for an ensemble, and for a
        classifier that is not calibrated.
    """

    out: Path
    weights: tuple[Path, ...]
    what: str
    dataset: str
    verified: bool
    split: Split
    correct: int
    total: int
    accuracy: float
    interval: tuple[float, float]
    confusion: tuple[tuple[int, ...], ...]
    per_digit: tuple[DigitReport, ...]
    mistakes: tuple[Mistake, ...]
    votes: int
    shifts: int
    classes: tuple[str, ...]
    verdict: Verdict = FINE
    other_data: tuple[str, ...] = ()
    robustness: Robustness = field(default_factory=dict)
    temperature: float | None = None
    calibration_error: float | None = None


def evaluate(
    weights: Path | Sequence[Path],
    data: Path,
    out: Path | None = None,
    *,
    split: Split = "test",
    shifts: int = 0,
    distort: bool = False,
    address: str | None = None,
    on_part: OnPart = lambda done, total: None,
    on_cost: Callable[[int], None] = lambda multiplications: None,
    before_saving: Callable[[EvalReport], None] | None = None,
) -> EvalReport:
    """Evaluate classifiers on a split of the data; write figures as JSON, and the confusion matrix beside them.

    Parameters
    ----------
    weights
        A trained classifier, or several networks, whose outputs are averaged.
    out
        Where to write the figures. Default: beside the weights, under the name that ``figures_path`` gives, with that
        of the data if it is not that of the training.
    shifts
        Also average the networks' outputs over images moved by up to this many pixels each way.
    distort
        Also measure the accuracy on noisy, rotated and shifted images.
    address
        A Dask scheduler, whose workers classify for an ensemble. Default: threads of this process.
    on_part
        Called with the number of networks, and shifts, of an ensemble that are done, and of all.
    on_cost
        Called before the work with the number of multiplications, if they are more than COSTLY.
    before_saving
        Called with the report before the figures are written, to draw them: make takes the JSON for the sign that all
        is done.

    Raises
    ------
    InputError
        Weights or data are missing or unusable, or do not fit each other.
    UsageError
        An ensemble with a member that is not a network or that is named twice, or a cluster for one classifier.
    WorldError
        A cluster does not answer, or there is not enough memory.
    """
    paths = (weights,) if isinstance(weights, Path) else tuple(weights)
    is_vote = len(paths) > 1 or shifts > 0
    if not 0 <= shifts <= MOST_SHIFTS:
        raise UsageError(f"expected 0 to {MOST_SHIFTS} pixels", "shifts", shifts)
    if address is not None and not is_vote:
        raise UsageError("shares out several networks, or shifts: leave it out for one classifier", "on", address)
    if distort and is_vote:
        raise UsageError("is of one classifier by itself: leave out the others, and shifts", "distort", None)
    files.check_named_once(paths)
    if out is not None:
        artifacts.check_output(out, "eval", *paths, data, example="weights-eval.json")
    trained = [artifacts.load(path, *CLASSIFIER_KINDS) for path in paths]
    source = data_artifact.load(data)
    out = evaluation_files.check_outputs(trained, source, out, split, shifts)
    data_artifact.require_images(source, split)
    for one in trained:
        network_artifacts.check_unlearned(one, source, split)
    images, labels = source.arrays[f"{split}_images"], source.arrays[f"{split}_labels"]

    def tell_cost(networks: Sequence[classifiers.Classifier]) -> None:
        each = sum(needs(one.layers, one.dtype).multiplications for one in networks if isinstance(one, Network))
        if len(labels) * each > COSTLY:
            on_cost(len(labels) * each)

    more: dict[str, Any] = {}
    with threadpool_limits(1, "blas"), classifiers.finite_outputs(*paths):
        if is_vote:
            ensemble = vote.make_ensemble(trained, source, shifts)
            tell_cost(ensemble.networks * ensemble.versions)
            what, outputs = str(ensemble), vote.outputs(ensemble, trained, source, split, address, on_part)
        else:
            classifier = classifiers.make_classifier_for(trained[0], source)
            tell_cost([classifier])
            started = time.perf_counter()
            what, outputs = str(classifier), classifier.outputs(images)
            record_time(out.parent, trained[0].sha256, f"read {split}", time.perf_counter() - started)
            more = _judged(classifier, outputs, labels, trained[0])
            more["robustness"] = robustness(classifier.outputs, images, labels) if distort else {}
    more |= {"out": out, "weights": paths, "what": what, "votes": len(paths), "shifts": shifts}
    report = _report(outputs, source, split, other_data=network_artifacts.other_data(trained, source), **more)
    if before_saving is not None:
        before_saving(report)
    evaluation_files.save(report, trained, source)
    return report


def _judged(classifier: classifiers.Classifier, outputs: Array, labels: Integers, made: Artifact) -> dict[str, Any]:
    """Return what a network has learned, and the calibration of a classifier that has one."""
    judged: dict[str, Any] = {}
    if isinstance(classifier, Network):
        judged["verdict"] = judge_network(classifier, outputs, labels, made.meta["parameters"])
    temperature = made.about.get("calibration", {}).get("temperature")
    if temperature is not None:
        pieces = InPieces(partial(classifiers.class_probabilities, classifier), outputs, labels)
        judged |= {"temperature": temperature, "calibration_error": calibration_error(pieces, temperature)}
    return judged


def _report(outputs: Array, source: Artifact, split: Split, **more: Any) -> EvalReport:
    """Return the report on outputs, ``(n, classes)``, for the images of a split; ``more`` has what they do not tell."""
    images, labels = source.arrays[f"{split}_images"], source.arrays[f"{split}_labels"]
    predictions = outputs.argmax(axis=1)
    confusion = metrics.confusion_matrix(labels, predictions, outputs.shape[1])
    correct, total = int(confusion.trace()), len(labels)
    precision, recall = metrics.precision(confusion), metrics.recall(confusion)
    return EvalReport(
        dataset=source.meta["dataset"]["name"],
        verified=known_set(source.meta["dataset"]) is not None,
        split=split,
        correct=correct,
        total=total,
        accuracy=correct / total,
        interval=metrics.wilson_interval(correct, total),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        per_digit=tuple(
            DigitReport(digit, int(row.sum()), int(row[digit]), float(precision[digit]), float(recall[digit]))
            for digit, row in enumerate(confusion)
        ),
        mistakes=tuple(
            Mistake(at, int(labels[at]), int(predictions[at]), float(outputs[at].max()), picture(images[at]))
            for at in metrics.most_confident_mistakes(outputs, labels, MISTAKES).tolist()
        ),
        classes=class_names(source.meta["dataset"]),
        **more,
    )
