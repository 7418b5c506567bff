"""The results of `nn eval` on disk: read, checked, and found for given weights, whatever the files are called."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from nndigits.models.arrays.limits import MOST_CLASSES
from nndigits.models.augmentation.robustness import LEVELS, Robustness
from nndigits.stages.datasets.known_sets import DatasetReport, class_names, known_set
from nndigits.stages.results.folder import Folder
from nndigits.stages.runs.verdict import FINE, Cause, DigitReport, State, Verdict
from nndigits.stages.store.artifacts import Meta
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.patterns import (
    COUNT,
    MOST_COUNT,
    MOST_FLOAT,
    SHARE,
    Items,
    SchemaError,
    Text,
    check_part,
    real,
    whole,
)
from nndigits.stages.store.result_files import load_document

AGAIN = "Make it again with `nn eval`"

ROUNDING = 1e-9

LABEL = whole(0, MOST_CLASSES - 1)
DIGIT = {"digit": LABEL, "total": COUNT, "correct": COUNT, "precision": SHARE, "recall": SHARE}
MISTAKE = {"index": COUNT, "label": LABEL, "answer": LABEL, "output": float}
VERDICT = {
    "state": Text(10),
    "cause": Text(10),
    "classes": Items(LABEL, 0, MOST_CLASSES),
    "eta": real(0, MOST_FLOAT),
}
FIGURES: dict[str, Any] = {
    "what": str,
    "split": Text(20),
    "correct": COUNT,
    "total": whole(1, MOST_COUNT),
    "accuracy": SHARE,
    "interval": Items(SHARE, 2, 2),
    "confusion": Items(Items(COUNT, 1, MOST_CLASSES), 1, MOST_CLASSES),
    "per_digit": Items(DIGIT, 1, MOST_CLASSES),
    "mistakes": Items(MISTAKE, 0, 100),
    "verdict": VERDICT,
    "robustness?": {f"{kind}?": Items(Items(real(0, MOST_FLOAT), 2, 2), 0, 100) for kind in LEVELS},
}
"""The pattern of the figures that are used; others may stand beside them."""


@dataclass(frozen=True)
class MistakeResult:
    """A misclassified digit, with the prediction (``answer``) and its output."""

    index: int
    label: int
    answer: int
    output: float


@dataclass(frozen=True)
class EvalResult(DatasetReport):
    """An evaluation as its file has it.

    Attributes
    ----------
    interval
        The 95 % interval of the accuracy.
    confusion
        A row for each digit, a column for each prediction.
    mistakes
        The most confident ones.
    classes
        The names of the classes.
    robustness
        The accuracy on distorted images, if it was measured.
    """

    path: Path
    what: str
    dataset: str
    verified: bool
    split: str
    correct: int
    total: int
    accuracy: float
    interval: tuple[float, float]
    confusion: tuple[tuple[int, ...], ...]
    per_digit: tuple[DigitReport, ...]
    mistakes: tuple[MistakeResult, ...]
    classes: tuple[str, ...]
    verdict: Verdict
    robustness: Robustness


def load_result(path: Path) -> tuple[Meta, EvalResult]:
    """Read the figures of `nn eval`, and their metadata; raises InputError if they are not as nn writes them."""
    meta, figures = load_document(path)
    try:
        known = checked_figures(figures)
        names = class_names(meta["dataset"])
        if len(names) != len(known["confusion"]):
            raise SchemaError(f"{len(known['confusion'])} classes, and its data set has {len(names)}")
    except SchemaError as error:
        raise InputError(f"{path}: has other figures than nn writes ({error}). {AGAIN}") from None
    low, high = known["interval"]
    return meta, EvalResult(
        path=path,
        what=known["what"],
        dataset=meta["dataset"]["name"],
        verified=known_set(meta["dataset"]) is not None,
        split=known["split"],
        correct=known["correct"],
        total=known["total"],
        accuracy=known["accuracy"],
        interval=(low, high),
        confusion=tuple(tuple(row) for row in known["confusion"]),
        per_digit=tuple(DigitReport(**one) for one in known["per_digit"]),
        mistakes=tuple(MistakeResult(**one) for one in known["mistakes"]),
        classes=names,
        verdict=verdict_of(known),
        robustness={
            kind: tuple((level, share) for level, share in levels)
            for kind, levels in known.get("robustness", {}).items()
        },
    )


def verdict_of(figures: Mapping[str, Any]) -> Verdict:
    """Return the verdict in the figures of an evaluation; of figures without one, that nothing is wrong."""
    found = figures.get("verdict")
    return Verdict(**{**found, "classes": tuple(found["classes"])}) if found else FINE


def checked_figures(figures: dict[str, Any]) -> dict[str, Any]:
    """Return the figures that FIGURES names; raises SchemaError if they are not as nn writes them."""
    known = check_part(figures, FIGURES)
    _check_numbers(known)
    return known


def _check_numbers(figures: dict[str, Any]) -> None:
    """Raise SchemaError unless the figures agree with each other."""
    confusion, correct, total = figures["confusion"], figures["correct"], figures["total"]
    if {len(row) for row in confusion} != {len(confusion)} or len(figures["per_digit"]) != len(confusion):
        raise SchemaError("the confusion matrix is not square, or has not one row for each digit")
    if sum(map(sum, confusion)) != total:
        raise SchemaError(f"the confusion matrix has {sum(map(sum, confusion))} images, not {total}")
    if sum(confusion[digit][digit] for digit in range(len(confusion))) != correct:
        raise SchemaError(f"{correct} correct of {total}, which the confusion matrix has not")
    low, high = figures["interval"]
    if abs(figures["accuracy"] - correct / total) > ROUNDING or low > high:
        raise SchemaError(f"an accuracy of {figures['accuracy']}, from {low} to {high}, for {correct} of {total}")
    if any(max(one["label"], one["answer"]) >= len(confusion) for one in figures["mistakes"]):
        raise SchemaError("a mistake is of a class that the confusion matrix has not")
    verdict = figures["verdict"]
    if verdict["state"] not in get_args(State) or verdict["cause"] not in get_args(Cause):
        raise SchemaError(f"the verdict {verdict['state']}, {verdict['cause']}")
    if max(verdict["classes"], default=0) >= len(confusion):
        raise SchemaError("a class is not learned that the confusion matrix has not")
    for digit, one in enumerate(figures["per_digit"]):
        if one["digit"] != digit or one["correct"] > one["total"]:
            raise SchemaError(f"{one['correct']} correct of {one['total']} for digit {one['digit']}")


def is_of(meta: Meta, sha256: str | None) -> bool:
    """Whether figures, given their metadata, are of one classifier by itself: not of an ensemble, and without shifts.

    The metadata decides, not the name: eval.json may hold the figures of any weights.
    """
    own = {key: value for key, value in meta["inputs"].items() if key != "data"}
    return own == {"weights": sha256} and not meta["parameters"].get("shifts")


def results_of(folder: Folder, sha256: str) -> list[EvalResult]:
    """Return the results of one classifier by itself, given its hash; those that cannot be read are left out."""
    found = []
    for name in folder.names("eval"):
        if is_of(folder.metadata[name], sha256):
            with suppress(InputError):
                found.append(load_result(folder.path / name)[1])
    return found
