"""The third stage: how well does a network, or a baseline, read images that it has not learned from?"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from threadpoolctl import threadpool_limits

from nn.models.arrays.types import Array
from nn.models.network import metrics
from nn.models.network.calibration import calibration_error, temperature_scaled
from nn.models.network.ensemble import Ensemble
from nn.models.network.network import Network
from nn.stages.classifiers import classifier as classifiers
from nn.stages.datasets.known_sets import DatasetReport, known_set
from nn.stages.store import artifacts, files, timings
from nn.stages.store.errors import InputError, UsageError
from nn.stages.store.kinds import Split
from nn.stages.store.reports import Picture, picture, plain

MOST_SHIFTS = 3
"""49 readings of each image."""

MISTAKES = 8
"""How many of the surest mistakes are shown: two rows of four in a terminal."""


@dataclass(frozen=True)
class Mistake:
    """A digit that was read wrong, and how large the output for the wrong answer was."""

    index: int
    label: int
    answer: int
    output: float
    picture: Picture = field(repr=False)


@dataclass(frozen=True)
class DigitReport:
    """How well one digit was read: ``precision`` of the answers, ``recall`` of the digits."""

    digit: int
    total: int
    correct: int
    precision: float
    recall: float


@dataclass(frozen=True)
class EvalReport(DatasetReport):
    """The verdict; ``interval`` is the accuracy's 95 % interval, ``confusion`` has a row a digit.

    ``votes`` counts the networks whose answers were averaged; each image was also read moved by up to ``shifts``
    pixels. ``calibration_error`` is the expected one, of the confidence at ``temperature``, which the weights have:
    None of a vote, and of what is not calibrated.
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
    temperature: float | None = None
    calibration_error: float | None = None


def evaluate(
    weights: Path | Sequence[Path], data: Path, out: Path, *, split: Split = "test", shifts: int = 0
) -> EvalReport:
    """Let what was trained read a part of the data; write figures to ``out``, the confusion matrix beside it.

    Parameters
    ----------
    weights
        What was trained; of several networks the outputs are averaged.
    shifts
        Let networks read each image moved by up to so many pixels each way, too, and average.

    Raises
    ------
    InputError
        Weights or data are missing or unusable, or do not fit each other.
    UsageError
        A vote of something that is not a network.
    """
    paths = (weights,) if isinstance(weights, Path) else tuple(weights)
    confusion_path = artifacts.companion_path(out, "confusion.csv", "eval")
    if any(files.same_file(written, read) for written in (out, confusion_path) for read in (*paths, data)):
        raise UsageError(f"{out}: is a file that is read; name another one to write")
    for path in (out, confusion_path):
        files.check_writable(path)
    trained, source = [artifacts.load(path, *classifiers.READABLE) for path in paths], artifacts.load(data, "dataset")
    classifier = _together(trained, source, shifts)
    images = source.arrays[f"{split}_images"]
    if not len(images):
        raise InputError(f"{data}: has no {split} images. Fetch again with --validation, or take another --split")
    started = time.perf_counter()
    with threadpool_limits(1, "blas"):
        outputs = classifier.outputs(images)
    if len(paths) == 1 and not shifts:
        timings.record(out.parent, trained[0].sha256, f"read {split}", time.perf_counter() - started)
    temperature = trained[0].about.get("calibration", {}).get("temperature") if len(paths) == 1 and not shifts else None
    error = None
    if temperature is not None:
        sure = temperature_scaled(classifiers.class_probabilities(classifier, outputs), temperature)
        error = calibration_error(sure, source.arrays[f"{split}_labels"])
    report = replace(
        _judge(out, paths, str(classifier), source, split, outputs, shifts),
        temperature=temperature,
        calibration_error=error,
    )
    meta = artifacts.describe(
        "eval",
        parameters={"split": split, "shifts": shifts},
        inputs={"data": source, **{_name(number): one for number, one in enumerate(trained, 1)}},
        dataset=source.meta["dataset"],
    )
    header = ["digit", *range(len(report.confusion))]
    rows = [(digit, *row) for digit, row in enumerate(report.confusion)]
    artifacts.save_csv(confusion_path, {**meta, "kind": "confusion"}, header, rows)
    figures = {name: value for name, value in plain(report).items() if name not in ("out", "weights")}
    artifacts.save_json(out, meta, figures)
    return report


def _together(trained: Sequence[artifacts.Artifact], source: artifacts.Artifact, shifts: int) -> classifiers.Classifier:
    """What is to read: one classifier, or a vote."""
    if not 0 <= shifts <= MOST_SHIFTS:
        raise UsageError(f"--shifts {shifts}: expected 0 to {MOST_SHIFTS} pixels")
    members = [classifiers.from_artifact(one, source) for one in trained]
    if len(members) == 1 and not shifts:
        return members[0]
    networks = [member for member in members if isinstance(member, Network)]
    for one, member in zip(trained, members, strict=True):
        if not isinstance(member, Network):
            raise UsageError(
                f"{one.path}: is of the kind {one.kind}; only networks, made by `nn train`, vote or read shifts"
            )
    return Ensemble(networks, shifts)


def _name(number: int) -> str:
    """How a vote's members are called among the inputs: weights, weights_2, ..."""
    return "weights" if number == 1 else f"weights_{number}"


def _judge(
    out: Path,
    weights: tuple[Path, ...],
    what: str,
    source: artifacts.Artifact,
    split: Split,
    outputs: Array,
    shifts: int,
) -> EvalReport:
    images, labels = source.arrays[f"{split}_images"], source.arrays[f"{split}_labels"]
    answers = outputs.argmax(axis=1)
    confusion = metrics.confusion_matrix(labels, answers, outputs.shape[1])
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
                int(answers[index]),
                float(outputs[index].max()),
                picture(images[index]),
            )
            for index in metrics.most_confident_mistakes(outputs, labels, MISTAKES)
        ),
        votes=len(weights),
        shifts=shifts,
    )
