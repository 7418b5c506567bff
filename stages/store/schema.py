"""The schema of a kind of artifact, and checks of a file against it.

Its metadata has a pattern (``stages/store/patterns.py``). Shapes are tuples of dimension names. A name must stand for
the same length in all arrays of a file: images ``(n, height, width)`` and labels ``(n,)`` have the same ``n``.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nndigits.stages.store.npz import AnyArray
from nndigits.stages.store.patterns import SchemaError

Shape = tuple[str, ...]
Members = dict[str, tuple[str, Shape]]
"""Member name -> (types, separated by spaces; dimension names)."""

Names = Collection[str]
"""The names of the arrays in a file."""

REAL = "<f4 <f8"
PIECE = 2**20
"""The numbers of an array that are checked at once."""


@dataclass(frozen=True)
class Kind:
    """One kind of artifact.

    Attributes
    ----------
    title
        What it is, with an article, for messages.
    made_by
        The command that makes such an artifact.
    members
        The arrays that a file must have; or a function that returns them, given its ``about`` and the names of its
        arrays.
    about
        The pattern of the metadata that only this kind has.
    rule
        Checks beyond names, types and shapes; raises SchemaError.
    """

    name: str
    title: str
    made_by: str
    members: Members | Callable[[Mapping[str, Any], Names], Members]
    about: Mapping[str, Any]
    rule: Callable[[Mapping[str, Any], Mapping[str, AnyArray]], None]

    def check(self, meta: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> None:
        """Raise SchemaError unless a file has the arrays of this kind and follows its rule."""
        members = self.members(meta["about"], arrays) if callable(self.members) else self.members
        check_arrays(arrays, members, self.name)
        self.rule(meta, arrays)


def check_arrays(arrays: Mapping[str, AnyArray], members: Members, kind: str) -> None:
    """Raise SchemaError unless the arrays are exactly these members, each with its type and shape."""
    if set(arrays) != set(members):
        missing, extra = sorted(set(members) - set(arrays)), sorted(set(arrays) - set(members))
        raise SchemaError(f"a {kind} with members missing: {missing or 'none'}; too many: {extra or 'none'}")
    lengths: dict[str, tuple[int, str]] = {}
    for name, (dtypes, shape) in members.items():
        _check_array(name, arrays[name], dtypes, shape, lengths)


def _check_array(name: str, array: AnyArray, dtypes: str, shape: Shape, lengths: dict[str, tuple[int, str]]) -> None:
    """Check one array; ``lengths`` maps a dimension name to its length and the array where it first occurred."""
    if array.dtype.str not in dtypes.split():
        raise SchemaError(f"{name} is of type {array.dtype.str}, expected {dtypes.replace(' ', ' or ')}")
    if array.ndim != len(shape):
        raise SchemaError(f"{name} has shape {array.shape}, expected ({', '.join(shape)})")
    for dimension, length in zip(shape, array.shape, strict=True):
        known, first = lengths.setdefault(dimension, (length, name))
        if known != length:
            raise SchemaError(
                f"{name} has shape {array.shape}, which does not fit {first}: {dimension} is {known} there"
            )
    if array.dtype.kind == "f" and not _is_finite(array):
        raise SchemaError(f"{name} holds numbers that are not finite")


def check_range(name: str, array: AnyArray, least: float, most: float) -> None:
    """Raise SchemaError unless all numbers of an array are from ``least`` to ``most``."""
    if array.size and not (least <= array.min() and array.max() <= most):
        raise SchemaError(
            f"{name} holds numbers from {array.min():.6g} to {array.max():.6g}, expected {least:g} to {most:g}"
        )


def _is_finite(array: AnyArray) -> bool:
    """Return whether all numbers are finite, without a mask as long as the array."""
    numbers = array.reshape(-1)
    return all(np.isfinite(numbers[start : start + PIECE]).all() for start in range(0, len(numbers), PIECE))
