"""The kinds of artifact: the arrays of each kind with types and shapes, and its metadata.

A new kind is a new row of KINDS. ``schema.py`` explains the rows.
"""

from collections.abc import Mapping
from typing import Any, Literal

from nn.stages.store.baseline_kinds import BASELINES
from nn.stages.store.npz import AnyArray
from nn.stages.store.schema import REAL, Kind, Members, Names, SchemaError, check_arrays, check_pattern

FORMAT = 1

Split = Literal["test", "validation", "train"]
"""The splits of a data set."""

DATASET_PATTERN = {"name": str, "verified": bool, "classes": int, "source": {"...": str}}
"""The metadata on the data set that an artifact was made from."""

MOST_CLASSES = 256
"""A label is a byte."""

CLASSIFIER_KINDS = ("weights", "random", "darkness", "svm")
"""The kinds that are classifiers."""

LEAST_TEMPERATURE, MOST_TEMPERATURE = 0.01, 100.0
"""The allowed temperatures. `nn train` searches from 0.02 to 50."""

COMMON = {
    "kind": str,
    "format": int,
    "parameters": dict,
    "inputs": {"...": str},
    "dataset": DATASET_PATTERN,
    "versions": {"...": str},
    "about": dict,
}


def dataset_members(_: Mapping[str, Any], __: Names) -> Members:
    """Images and labels of the three splits."""
    members: Members = {}
    for part in ("train", "validation", "test"):
        members[f"{part}_images"] = ("|u1", (part, "height", "width"))
        members[f"{part}_labels"] = ("|u1", (part,))
    return members


def dataset_rule(meta: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> None:
    """Require training images, and labels below the number of classes."""
    classes = meta["dataset"]["classes"]
    if not arrays["train_images"].size:
        raise SchemaError("has no training images")
    for part in ("train", "validation", "test"):
        if len(arrays[f"{part}_labels"]) and arrays[f"{part}_labels"].max() >= classes:
            raise SchemaError(f"has {part}_labels beyond its {classes} classes")


def weights_members(_: Mapping[str, Any], names: Names, prefix: str = "") -> Members:
    """Weights and biases of each trainable layer, numbered from 1.

    Storage does not know the kinds of layers. The number of layers and their shapes are checked when the network is
    built (``runs/network_artifacts.py``).
    """
    members: Members = {}
    layers = max(sum(name.startswith(f"{prefix}{part}_") for name in names) for part in ("weights", "biases"))
    for number in range(1, max(1, layers) + 1):
        members[f"{prefix}weights_{number}"] = (REAL, (f"neurons of layer {number}", f"inputs of layer {number}"))
        members[f"{prefix}biases_{number}"] = (REAL, (f"neurons of layer {number}",))
    return members


def weights_rule(meta: Mapping[str, Any], _: Mapping[str, AnyArray]) -> None:
    """Require a temperature in the allowed range."""
    temperature = meta["about"].get("calibration", {}).get("temperature", 1.0)
    if not LEAST_TEMPERATURE <= temperature <= MOST_TEMPERATURE:
        raise SchemaError(
            f"has the temperature {temperature}, expected a number from {LEAST_TEMPERATURE:g} to {MOST_TEMPERATURE:g}"
        )


def checkpoint_members(about: Mapping[str, Any], names: Names) -> Members:
    """The current weights, the best ones, the optimizer state, and the cost and validation accuracy of each epoch."""
    return {
        **weights_members(about, names),
        **weights_members(about, names, "best_"),
        **{name: member for of in about["memory"] for name, member in weights_members(about, names, f"{of}_").items()},
        "cost": ("<f8", ("epochs",)),
        "validation_correct": ("<i8", ("epochs",)),
    }


NETWORK_PATTERN = {"layers": [str], "cost": str, "image": [int]}
CALIBRATION_PATTERN = {"temperature": float, "images": int, "error_before": float, "error_after": float}
"""The temperature, the number of validation images it was fitted on, and the calibration error before and after."""

PCG64_PATTERN = {
    "bit_generator": str,
    "state": {"state": int, "inc": int},
    "has_uint32": int,
    "uinteger": int,
}

KINDS = {
    kind.name: kind
    for kind in (
        Kind("dataset", "a data set", "nn fetch", dataset_members, {}, dataset_rule),
        Kind(
            "weights",
            "a trained network",
            "nn train",
            weights_members,
            {
                **NETWORK_PATTERN,
                "epoch": int,
                "validation_correct": int,
                "validation_total": int,
                "calibration?": CALIBRATION_PATTERN,
            },
            weights_rule,
        ),
        Kind(
            "checkpoint",
            "a checkpoint",
            "nn train",
            checkpoint_members,
            {**NETWORK_PATTERN, "random_state": PCG64_PATTERN, "best_epoch": int, "memory": [str]},
        ),
        *BASELINES,
    )
}


def check(meta: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> None:
    """Raise SchemaError if an artifact does not match its own kind."""
    found = meta.get("format") if isinstance(meta, dict) else None
    if found != FORMAT:
        raise SchemaError(f"has format {found!r}, this nn reads format {FORMAT}")
    kind = KINDS.get(str(meta.get("kind")))
    if kind is None:
        raise SchemaError(f"is of an unknown kind, {str(meta.get('kind'))[:40]!r}; known are {', '.join(KINDS)}")
    check_pattern(meta, {**COMMON, "about": kind.about})
    if not 1 <= meta["dataset"]["classes"] <= MOST_CLASSES:
        raise SchemaError(f"has {meta['dataset']['classes']} classes, expected 1 to {MOST_CLASSES}")
    check_arrays(arrays, kind.members(meta["about"], arrays), kind.name)
    if kind.rule is not None:
        kind.rule(meta, arrays)
