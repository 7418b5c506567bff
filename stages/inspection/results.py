"""The results of `nn eval` on disk: read, checked, and found for given weights, whatever the files are called."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nn.stages.classifiers.accuracy import DigitReport
from nn.stages.datasets.known_sets import DatasetReport, known_set
from nn.stages.inspection.folder import Folder
from nn.stages.store.artifacts import Meta
from nn.stages.store.errors import InputError
from nn.stages.store.result_files import load_document
from nn.stages.store.schema import SchemaError, check_pattern

AGAIN = "Make it again with `nn eval`"

DIGIT = {"digit": int, "total": int, "correct": int, "precision": float, "recall": float}
MISTAKE = {"index": int, "label": int, "answer": int, "output": float}
FIGURES: dict[str, Any] = {
    "what": str,
    "split": str,
    "correct": int,
    "total": int,
    "accuracy": float,
    "interval": [float],
    "confusion": [[int]],
    "per_digit": [DIGIT],
    "mistakes": [MISTAKE],
}
"""The pattern of the figures that are shown; others may stand beside them."""


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


def load_result(path: Path) -> tuple[Meta, EvalResult]:
    """Read the figures of `nn eval`, and their metadata; raises InputError if they are not as nn writes them."""
    meta, figures = load_document(path)
    try:
        known = _only(figures, FIGURES)
        check_pattern(known, FIGURES)
        _check_numbers(known)
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
    )


def _only(found: Any, pattern: Any) -> Any:
    """Return what a pattern names, without further keys: a newer nn may write more of them."""
    if isinstance(found, dict) and isinstance(pattern, dict):
        return {name: _only(value, pattern[name]) for name, value in found.items() if name in pattern}
    if isinstance(found, list) and isinstance(pattern, list):
        return [_only(value, pattern[0]) for value in found]
    return found


def _check_numbers(figures: dict[str, Any]) -> None:
    """Raise SchemaError unless the figures agree with each other."""
    confusion, correct, total = figures["confusion"], figures["correct"], figures["total"]
    if not 0 <= correct <= total or not total or len(figures["interval"]) != 2:
        raise SchemaError(f"{correct} correct of {total}")
    if {len(row) for row in confusion} != {len(confusion)} or len(figures["per_digit"]) != len(confusion):
        raise SchemaError("the confusion matrix is not square, or has not one row for each digit")
    if sum(map(sum, confusion)) != total:
        raise SchemaError(f"the confusion matrix has {sum(map(sum, confusion))} images, not {total}")


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
