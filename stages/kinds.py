"""What each kind of artifact must hold: its arrays with types and shapes, and what it says of itself.

Shapes are written with letters that must mean the same length wherever they stand in one file: weights of shapes
``(b, a)`` and ``(c, b)`` fit each other, images ``(n, height, width)`` and labels ``(n,)`` belong together. A new
kind is a new row of KINDS.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nn.stages.npz import AnyArray

FORMAT = 1

Shape = tuple[str, ...]
Members = dict[str, tuple[str, Shape]]
"""Member name -> (types, separated by spaces; dimension names)."""

REAL = "<f4 <f8"


class Unfit(ValueError):
    """A file of the right format that is not what its kind must be."""


@dataclass(frozen=True)
class Kind:
    """One kind of artifact.

    Attributes
    ----------
    made_by
        The command that makes one.
    members
        The arrays it must have, told from what the file says ``about`` itself.
    about
        The pattern of that description: see ``conforms``.
    rule
        What must hold beyond names, types and shapes; raises Unfit where it does not.
    """

    name: str
    made_by: str
    members: Callable[[Mapping[str, Any]], Members]
    about: Mapping[str, Any]
    rule: Callable[[Mapping[str, Any], Mapping[str, AnyArray]], None] | None = None


DATASET_PATTERN = {"name": str, "verified": bool, "classes": int, "source": {"...": str}}
"""What every artifact says of the images that it goes back to."""

COMMON = {
    "kind": str,
    "format": int,
    "parameters": dict,
    "inputs": {"...": str},
    "dataset": DATASET_PATTERN,
    "versions": {"...": str},
    "about": dict,
}


def dataset_members(_: Mapping[str, Any]) -> Members:
    """Images and labels of the three parts."""
    members: Members = {}
    for part in ("train", "validation", "test"):
        members[f"{part}_images"] = ("|u1", (part, "height", "width"))
        members[f"{part}_labels"] = ("|u1", (part,))
    return members


def dataset_rule(meta: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> None:
    """There is something to train with, and no label is beyond the classes."""
    classes = meta["dataset"]["classes"]
    if not arrays["train_images"].size:
        raise Unfit("has no training images")
    for part in ("train", "validation", "test"):
        if len(arrays[f"{part}_labels"]) and arrays[f"{part}_labels"].max() >= classes:
            raise Unfit(f"has {part}_labels beyond its {classes} classes")


def weights_members(about: Mapping[str, Any], prefix: str = "") -> Members:
    """Weights and biases of each layer, numbered from 1: what a layer gives, the next one takes."""
    members: Members = {}
    for number in range(1, len(about["layers"]) + 1):
        here, before = f"neurons of layer {number}", f"neurons of layer {number - 1}"
        members[f"{prefix}weights_{number}"] = (REAL, (here, before))
        members[f"{prefix}biases_{number}"] = (REAL, (here,))
    return members


def checkpoint_members(about: Mapping[str, Any]) -> Members:
    """The weights as they stand, the best ones so far, and one row of figures an epoch."""
    return {
        **weights_members(about),
        **weights_members(about, "best_"),
        "cost": ("<f8", ("epochs",)),
        "validation_correct": ("<i8", ("epochs",)),
    }


NETWORK_PATTERN = {"layers": [str], "cost": str, "image": [int]}
PCG64_PATTERN = {
    "bit_generator": str,
    "state": {"state": int, "inc": int},
    "has_uint32": int,
    "uinteger": int,
}

KINDS = {
    kind.name: kind
    for kind in (
        Kind("dataset", "nn fetch", dataset_members, {}, dataset_rule),
        Kind(
            "weights",
            "nn train",
            weights_members,
            {**NETWORK_PATTERN, "epoch": int, "validation_correct": int, "validation_total": int},
        ),
        Kind(
            "checkpoint",
            "nn train",
            checkpoint_members,
            {**NETWORK_PATTERN, "random_state": PCG64_PATTERN, "best_epoch": int},
        ),
    )
}


def conforms(value: Any, pattern: Any, where: str = "") -> None:
    """Raise Unfit where a value read from JSON does not follow a pattern.

    A type stands for a value of it, a one-element list for a list of such, a dictionary for exactly its keys,
    and a dictionary with the one key ``...`` for any keys.
    """
    if isinstance(pattern, Mapping):
        _check_type(value, dict, where)
        any_key = pattern.get("...")
        if any_key is None and set(value) != set(pattern):
            raise Unfit(f"{where or 'its description'} should have {sorted(pattern)}, has {sorted(value)}")
        for key, item in value.items():
            conforms(item, any_key or pattern[key], f"{where}.{key}".lstrip("."))
    elif isinstance(pattern, list):
        _check_type(value, list, where)
        for item in value:
            conforms(item, pattern[0], f"an entry of {where}")
    else:
        _check_type(value, pattern, where)


def _check_type(value: object, expected: type, where: str) -> None:
    if type(value) is not expected:
        raise Unfit(f"{where or 'its description'} should be {expected.__name__}, is {type(value).__name__}")


def check(meta: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> None:
    """Raise Unfit where an artifact is not what its own kind must be."""
    found = meta.get("format") if isinstance(meta, dict) else None
    if found != FORMAT:
        raise Unfit(f"has format {found!r}, this nn reads format {FORMAT}")
    kind = KINDS.get(str(meta.get("kind")))
    if kind is None:
        raise Unfit(f"is of an unknown kind, {str(meta.get('kind'))[:40]!r}; known are {', '.join(KINDS)}")
    conforms(meta, {**COMMON, "about": kind.about})
    members = kind.members(meta["about"])
    if set(arrays) != set(members):
        missing, extra = sorted(set(members) - set(arrays)), sorted(set(arrays) - set(members))
        raise Unfit(f"a {kind.name} with members missing: {missing or 'none'}; too many: {extra or 'none'}")
    lengths: dict[str, tuple[int, str]] = {}
    for name, (dtypes, shape) in members.items():
        _check_array(name, arrays[name], dtypes, shape, lengths)
    if kind.rule is not None:
        kind.rule(meta, arrays)


def _check_array(name: str, array: AnyArray, dtypes: str, shape: Shape, lengths: dict[str, tuple[int, str]]) -> None:
    """Check one array; ``lengths`` remembers what each letter meant, and where it was met first."""
    if array.dtype.str not in dtypes.split():
        raise Unfit(f"{name} is of type {array.dtype.str}, expected {dtypes.replace(' ', ' or ')}")
    if array.ndim != len(shape):
        raise Unfit(f"{name} has shape {array.shape}, expected ({', '.join(shape)})")
    for letter, length in zip(shape, array.shape, strict=True):
        known, first = lengths.setdefault(letter, (length, name))
        if known != length:
            raise Unfit(f"{name} has shape {array.shape}, which does not fit {first}: {letter} is {known} there")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise Unfit(f"{name} holds numbers that are not finite")
