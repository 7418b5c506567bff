"""The kinds of artifact of the baselines: rows of KINDS."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.stages.store.npz import AnyArray
from nn.stages.store.schema import Kind, Members, Names, SchemaError

MOST_GAMMA = 1e9
"""Far above any useful gamma: the kernel of two different images has long become 0."""


def guess_members(_: Mapping[str, Any], __: Names) -> Members:
    """No arrays: the seed is among the parameters."""
    return {}


def guess_rule(meta: Mapping[str, Any], _: Mapping[str, AnyArray]) -> None:
    """Require a seed."""
    seed = meta["parameters"].get("seed")
    if type(seed) is not int or seed < 0:
        raise SchemaError(f"has the seed {seed!r}, expected a whole number from 0")


def darkness_members(_: Mapping[str, Any], __: Names) -> Members:
    """The mean darkness of each digit, and the number of its images."""
    return {"means": ("<f8", ("classes",)), "counts": ("<i8", ("classes",))}


def darkness_rule(meta: Mapping[str, Any], _: Mapping[str, AnyArray]) -> None:
    """Require a height and a width of the images."""
    image = meta["about"]["image"]
    if len(image) != 2 or min(image) < 1:
        raise SchemaError(f"has images of {image}, expected a height and a width")


def svm_members(_: Mapping[str, Any], __: Names) -> Members:
    """The support vectors as images, ordered by digit, and the coefficients of each in its pairs."""
    return {
        "support": ("|u1", ("vectors", "height", "width")),
        "indices": ("<i8", ("vectors",)),
        "counts": ("<i8", ("classes",)),
        "coefficients": ("<f8", ("opponents", "vectors")),
        "intercepts": ("<f8", ("pairs",)),
    }


def svm_rule(meta: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> None:
    """Require one intercept for each pair, one row of coefficients for each opponent, and counts that add up."""
    counts, about = arrays["counts"], meta["about"]
    classes = len(counts)
    lengths = (len(arrays["intercepts"]), len(arrays["coefficients"]))
    if lengths != (classes * (classes - 1) // 2, classes - 1):
        raise SchemaError(f"has {lengths[0]} intercepts and {lengths[1]} rows of coefficients for {classes} digits")
    if (counts < 0).any() or counts.sum() != len(arrays["support"]):
        raise SchemaError(f"has {len(arrays['support'])} support vectors and counts that do not add up to them")
    if not (about["c"] > 0 and 0 < about["gamma"] <= MOST_GAMMA):
        raise SchemaError(
            f"has C {about['c']} and gamma {about['gamma']}, expected numbers above 0, gamma to {MOST_GAMMA:g}"
        )
    if list(arrays["support"].shape[1:]) != about["image"]:
        raise SchemaError(f"has support vectors of {arrays['support'].shape[1:]} and images of {about['image']}")


def pairs_members(_: Mapping[str, Any], __: Names) -> Members:
    """The finished pairs, concatenated; ``lengths`` has the number of support vectors of each."""
    return {
        "digits": ("<i8", ("pairs", "two")),
        "lengths": ("<i8", ("pairs",)),
        "steps": ("<i8", ("pairs",)),
        "intercepts": ("<f8", ("pairs",)),
        "support": ("<i8", ("vectors",)),
        "coefficients": ("<f8", ("vectors",)),
    }


def pairs_rule(_: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> None:
    """Require lengths that add up."""
    lengths = arrays["lengths"]
    if arrays["digits"].shape[1] != 2 or (lengths < 0).any() or np.sum(lengths) != len(arrays["support"]):
        raise SchemaError("has pairs whose support vectors do not add up")


SVM_PATTERN = {"image": [int], "train": int, "c": float, "gamma": float, "chosen": str, "steps": int}

BASELINES = (
    Kind("random", "a random guess", "nn baseline random", guess_members, {}, guess_rule),
    Kind(
        "darkness",
        "a baseline of average darkness",
        "nn baseline darkness",
        darkness_members,
        {"image": [int], "train": int},
        darkness_rule,
    ),
    Kind("svm", "a support vector machine", "nn baseline svm", svm_members, SVM_PATTERN, svm_rule),
    Kind("svm-pairs", "an unfinished support vector machine", "nn baseline svm", pairs_members, {}, pairs_rule),
)
