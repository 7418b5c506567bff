"""Labels of an estimator: as names of classes, which an artifact stores, and back; and samples set aside by class."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nndigits.models.arrays.types import Integers
from nndigits.stages.words.classes import are_digits

TEXT = "text"
WHOLE = tuple(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))
TYPES = (TEXT, "bool", *WHOLE, "float16", "float32", "float64")
"""The types of labels that can be stored; all but text are those of NumPy."""


def type_of(labels: Any) -> str:
    """Return the type of labels, one of TYPES.

    Raises
    ------
    ValueError
        They are of a type that cannot be stored, such as dates.
    """
    kind = TEXT if all(isinstance(label, str) for label in labels) else labels.dtype.name
    if kind not in TYPES:
        raise ValueError(f"labels of type {kind} cannot be saved: expected text, booleans or numbers")
    return kind


def usual_type(names: Sequence[str]) -> str:
    """Return the type of labels where an artifact states none, as those of `nn train`: 0, 1, 2, ... are numbers."""
    return "int64" if are_digits(names) else TEXT


def labels_of(names: Sequence[str], kind: str) -> Any:
    """Return labels of a type, ``(classes,)``, given the texts that they were stored as.

    Raises
    ------
    ValueError
        The texts are not those of labels of this type.
    """
    if kind not in TYPES:
        raise ValueError(f"labels of type {kind!r}, expected one of {', '.join(TYPES)}")
    if kind == TEXT:
        return np.array(names)
    try:
        labels = np.array(names) == "True" if kind == "bool" else np.array(names).astype(kind)
    except (ValueError, OverflowError):
        labels = None
    if labels is None or list(map(str, labels)) != list(names):
        raise ValueError(f"labels of type {kind} that are not written as such")
    return labels


def split_off(labels: Integers, fraction: float, rng: np.random.Generator) -> tuple[Integers, Integers]:
    """Return the indices of training and validation samples, in ascending order.

    Of each class, the share ``fraction`` becomes validation samples, rounded down, so one training sample is always
    left.
    """
    validation = [np.empty(0, int)]
    for label in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == label))
        validation.append(members[: int(fraction * len(members))])
    chosen = np.sort(np.concatenate(validation))
    return np.setdiff1d(np.arange(len(labels)), chosen), chosen
