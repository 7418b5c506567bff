"""The third stage: evaluate a classifier on images that it was not trained on."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from threadpoolctl import threadpool_limits

from nndigits.models.arrays.types import Array, Integers
from nndigits.models.augmentation.robustness import Robustness, robustness
from nndigits.models.network import metrics
from nndigits.models.network.calibration import InPieces, calibration_error
from nndigits.models.network.ensemble import Ensemble
from nndigits.models.network.needs import needs
from nndigits.models.network.network import Network
from nndigits.stages.classifiers import classifier as classifiers
from nndigits.stages.classifiers import ensemble_outputs
from nndigits.stages.classifiers.ensemble_outputs import OnPart
from nndigits.stages.datasets import data_artifact
from nndigits.stages.datasets.data_artifact import require_images
from nndigits.stages.datasets.known_sets import DatasetReport, class_names, known_set
from nndigits.stages.runs import network_artifacts
from nndigits.stages.runs.verdict import FINE, DigitReport, Verdict, judge_network
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.errors import UsageError
from nndigits.stages.store.kinds import CLASSIFIER_KINDS, KINDS, Split
from nndigits.stages.store.result_files import confusion_path, figures_path, record_time
from nndigits.stages.store.texts import Picture, picture, plain
from nndigits.stages.words.classes import noun

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
    if not 0 <= shifts <= MOST_SHIFTS:
        raise UsageError(f"expected 0 to {MOST_SHIFTS} pixels", "shifts", shifts)
    for number, path in enumerate(paths):
        if any(files.same_file(path, other) for other in paths[:number]):
            raise UsageError(f"{path}: is named twice, and has one vote; name each network once")
    if out is not None:
        artifacts.check_output(out, "eval", *paths, data, example="weights-eval.json")
    trained = [artifacts.load(path, *CLASSIFIER_KINDS) for path in paths]
    source = data_artifact.load(data)
    out, confusion = check_outputs(trained, source, out, split, shifts)
    require_images(source, split)
    for one in trained:
        network_artifacts.check_unlearned(one, source, split)
    classifier = _combine(trained, source, shifts)
    if address is not None and not isinstance(classifier, Ensemble):
        raise UsageError("shares out several networks, or shifts: leave it out for one classifier", "on", address)
    if distort and isinstance(classifier, Ensemble):
        raise UsageError("is of one classifier by itself: leave out the others, and shifts", "distort", None)
    cost = len(source.arrays[f"{split}_labels"]) * sum(map(_multiplications, _networks(classifier)))
    if cost > COSTLY:
        on_cost(cost)
    started = time.perf_counter()
    robust: Robustness = {}
    with threadpool_limits(1, "blas"), classifiers.finite_outputs(*paths):
        if isinstance(classifier, Ensemble):
            outputs = ensemble_outputs.outputs(classifier, trained, source, split, address, on_part)
        else:
            outputs = classifier.outputs(source.arrays[f"{split}_images"])
        read = time.perf_counter() - started
        if distort and not isinstance(classifier, Ensemble):
            robust = robustness(classifier.outputs, source.arrays[f"{split}_images"], source.arrays[f"{split}_labels"])
    if len(paths) == 1 and not shifts:
        record_time(out.parent, trained[0].sha256, f"read {split}", read)
    report = _report(out, paths, str(classifier), source, split, outputs, shifts)
    if not isinstance(classifier, Ensemble):
        report = _judged(report, classifier, outputs, source.arrays[f"{split}_labels"], trained[0])
    other = tuple(filter(None, (network_artifacts.other_data(one, source) for one in trained)))
    report = replace(report, other_data=other, robustness=robust)
    if before_saving is not None:
        before_saving(report)
    _save(report, confusion, trained, source)
    return report


def _judged(
    report: EvalReport, classifier: classifiers.Classifier, outputs: Array, labels: Integers, made: artifacts.Artifact
) -> EvalReport:
    """Return a report with what a network has learned, and with its calibration, if it has one."""
    if isinstance(classifier, Network):
        report = replace(report, verdict=judge_network(classifier, outputs, labels, made.meta["parameters"]))
    temperature = made.about.get("calibration", {}).get("temperature")
    if temperature is None:
        return report
    pieces = InPieces(partial(classifiers.class_probabilities, classifier), outputs, labels)
    return replace(report, temperature=temperature, calibration_error=calibration_error(pieces, temperature))


def _save(
    report: EvalReport, confusion: Path, trained: Sequence[artifacts.Artifact], source: artifacts.Artifact
) -> None:
    """Write the confusion matrix and the figures."""
    meta = artifacts.describe(
        "eval",
        parameters={
            "split": report.split,
            "shifts": report.shifts,
            **({"distort": True} if report.robustness else {}),
        },
        inputs={"data": source, **{network_artifacts.role_of(number): one for number, one in enumerate(trained, 1)}},
        dataset=source.meta["dataset"],
    )
    header = [noun(report.classes), *report.classes]
    rows = [(name, *row) for name, row in zip(report.classes, report.confusion, strict=True)]
    artifacts.save_csv(confusion, {**meta, "kind": "confusion"}, header, rows)
    figures = {name: value for name, value in plain(report).items() if name not in ("out", "weights")}
    artifacts.save_json(report.out, meta, figures)


def check_outputs(
    trained: Sequence[artifacts.Artifact],
    data: artifacts.Artifact,
    out: Path | None = None,
    split: Split = "test",
    shifts: int = 0,
) -> tuple[Path, Path]:
    """Check that the figures and the confusion matrix can be written; return their paths."""
    inputs = [one.path for one in (*trained, data)]
    figures = out or figures_of(trained, data, split, shifts)
    confusion = confusion_path(figures)
    if out is None:
        artifacts.check_output(figures, "eval", *inputs)
    artifacts.check_output(confusion, "confusion", *inputs)
    return figures, confusion


def figures_of(
    trained: Sequence[artifacts.Artifact], data: artifacts.Artifact, split: Split = "test", shifts: int = 0
) -> Path:
    """Return where the figures of classifiers on a split of the data are written, if no other file is named."""
    own = all(network_artifacts.has_own_data(one, data) for one in trained)
    return figures_path([one.path for one in trained], split, shifts, "" if own else data.path.stem)


def _combine(
    trained: Sequence[artifacts.Artifact], source: artifacts.Artifact, shifts: int
) -> classifiers.Classifier | Ensemble:
    """Return one classifier, or an ensemble of networks."""
    members = [classifiers.make_classifier_for(one, source) for one in trained]
    if len(members) == 1 and not shifts:
        return members[0]
    networks = [member for member in members if isinstance(member, Network)]
    for one, member in zip(trained, members, strict=True):
        if not isinstance(member, Network):
            raise UsageError(
                f"{one.path}: is {KINDS[one.kind].title}; only networks, made by `nn train`, vote or read shifts"
            )
    return Ensemble(networks, shifts)


def _networks(classifier: classifiers.Classifier | Ensemble) -> list[Network]:
    """Return the networks of a classifier, each as often as it reads an image; none of a baseline."""
    if isinstance(classifier, Ensemble):
        return classifier.networks * classifier.versions
    return [classifier] if isinstance(classifier, Network) else []


def _multiplications(network: Network) -> int:
    return needs(network.layers, network.dtype).multiplications


def _report(
    out: Path,
    weights: tuple[Path, ...],
    what: str,
    source: artifacts.Artifact,
    split: Split,
    outputs: Array,
    shifts: int,
) -> EvalReport:
    images, labels = source.arrays[f"{split}_images"], source.arrays[f"{split}_labels"]
    predictions = outputs.argmax(axis=1)
    confusion = metrics.confusion_matrix(labels, predictions, outputs.shape[1])
    correct, total = int(confusion.trace()), len(labels)
    precision, recall = metrics.precision(confusion), metrics.recall(confusion)
    return EvalReport(
        out=out,
        weights=weights,
        what=what,
        dataset=source.meta["dataset"]["name"],
        verified=known_set(source.meta["dataset"]) is not None,
        split=split,
        correct=correct,
        total=total,
        accuracy=correct / total,
        interval=metrics.wilson_interval(correct, total),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        per_digit=tuple(
            DigitReport(
                digit,
                int(confusion[digit].sum()),
                int(confusion[digit, digit]),
                float(precision[digit]),
                float(recall[digit]),
            )
            for digit in range(len(confusion))
        ),
        mistakes=tuple(
            Mistake(
                int(index),
                int(labels[index]),
                int(predictions[index]),
                float(outputs[index].max()),
                picture(images[index]),
            )
            for index in metrics.most_confident_mistakes(outputs, labels, MISTAKES)
        ),
        votes=len(weights),
        shifts=shifts,
        classes=class_names(source.meta["dataset"]),
    )
