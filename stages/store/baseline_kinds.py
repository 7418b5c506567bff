"""The kinds of artifact of the baselines: rows of KINDS."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nndigits.models.arrays.limits import MOST_SVM_BYTES
from nndigits.stages.store.npz import AnyArray
from nndigits.stages.store.patterns import COUNT, MOST_COUNT, MOST_SEED, Items, SchemaError, Text, shown, whole
from nndigits.stages.store.schema import Kind, Members, check_range

MOST_GAMMA = 1e9
"""Far above any useful gamma: the kernel of two different images has long become 0."""

MOST_C = 1e15
"""Far above any useful C. No coefficient is larger than C, so that their sums do not overflow."""

MOST_STEPS = 2**37
"""The most steps of a pair, which is days of work. Those of all pairs of 256 classes still add up to a count."""

MOST_INTERCEPT = 1e30
ROUNDING = 1e-9
"""The relative error that rounding may leave in a stored number."""

MOST_LABEL = 255

IMAGE = Items(whole(1, 2**31), 2, 2)
"""The height and the width of an image."""


def guess_rule(meta: Mapping[str, Any], _: Mapping[str, AnyArray]) -> None:
    """Require a seed."""
    seed = meta["parameters"].get("seed")
    if type(seed) is not int or not 0 <= seed <= MOST_SEED:
        raise SchemaError(f"has the seed {shown(seed)}, expected a whole number from 0 to 2^128 - 1")


DARKNESS: Members = {"means": ("<f8", ("classes",)), "counts": ("<i8", ("classes",))}
"""The mean darkness of each digit, and the number of its images."""


def darkness_rule(meta: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> None:
    """Require a mean of each class that images of this size can have, and counts that add up."""
    about, counts = meta["about"], arrays["counts"]
    _check_classes(meta, counts)
    check_range("means", arrays["means"], 0, about["image"][0] * about["image"][1] * (1 + ROUNDING))
    check_range("counts", counts, 0, about["train"])
    if counts.sum() != about["train"] or not about["train"]:
        raise SchemaError(f"has {about['train']:,} training images and counts that do not add up to them")


SVM: Members = {
    "support": ("|u1", ("vectors", "height", "width")),
    "indices": ("<i8", ("vectors",)),
    "counts": ("<i8", ("classes",)),
    "coefficients": ("<f8", ("opponents", "vectors")),
    "intercepts": ("<f8", ("pairs",)),
}
"""The support vectors as images, ordered by digit, and the coefficients of each in its pairs."""


def svm_rule(meta: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> None:
    """Require one intercept for each pair, one row of coefficients for each opponent, and counts that add up."""
    counts, about = arrays["counts"], meta["about"]
    classes = len(counts)
    lengths = (len(arrays["intercepts"]), len(arrays["coefficients"]))
    if lengths != (classes * (classes - 1) // 2, classes - 1):
        raise SchemaError(f"has {lengths[0]} intercepts and {lengths[1]} rows of coefficients for {classes} digits")
    _check_classes(meta, counts)
    check_range("counts", counts, 0, max(1, len(arrays["support"])))
    if counts.sum() != len(arrays["support"]):
        raise SchemaError(f"has {len(arrays['support'])} support vectors and counts that do not add up to them")
    if not (0 < about["c"] <= MOST_C and 0 < about["gamma"] <= MOST_GAMMA):
        raise SchemaError(
            f"has C {about['c']} and gamma {about['gamma']}, expected numbers above 0, C to {MOST_C:g} and gamma to "
            f"{MOST_GAMMA:g}"
        )
    _check_machines(arrays)
    check_range("indices", arrays["indices"], 0, about["train"] - 1)
    if len(np.unique(arrays["indices"])) < len(arrays["indices"]):
        raise SchemaError("has a training image twice among its support vectors")
    if list(arrays["support"].shape[1:]) != about["image"]:
        raise SchemaError(f"has support vectors of {arrays['support'].shape[1:]} and images of {about['image']}")
    # To predict: the vectors in float32, all pixels and the used ones, and the weights of pairs in float64 and float32.
    needed = 2 * 4 * arrays["support"].size + (8 + 4) * len(arrays["support"]) * lengths[0]
    if needed > MOST_SVM_BYTES:
        raise SchemaError(f"takes {needed // 10**6:,} MB to predict with, expected at most {MOST_SVM_BYTES // 10**6:,}")


def _check_classes(meta: Mapping[str, Any], counts: AnyArray) -> None:
    """Raise SchemaError unless there is a count for each class of the data set."""
    if len(counts) != meta["dataset"]["classes"]:
        raise SchemaError(f"has counts of {len(counts)} digits, the data set has {meta['dataset']['classes']}")


def _check_machines(arrays: Mapping[str, AnyArray]) -> None:
    """Raise SchemaError for numbers of binary classifiers whose sums could overflow."""
    check_range("coefficients", arrays["coefficients"], -MOST_C * (1 + ROUNDING), MOST_C * (1 + ROUNDING))
    check_range("intercepts", arrays["intercepts"], -MOST_INTERCEPT, MOST_INTERCEPT)


PAIRS: Members = {
    "digits": ("<i8", ("pairs", "two")),
    "lengths": ("<i8", ("pairs",)),
    "steps": ("<i8", ("pairs",)),
    "intercepts": ("<f8", ("pairs",)),
    "support": ("<i8", ("vectors",)),
    "coefficients": ("<f8", ("vectors",)),
}
"""The finished pairs, concatenated; ``lengths`` has the number of support vectors of each."""


def pairs_rule(_: Mapping[str, Any], arrays: Mapping[str, AnyArray]) -> None:
    """Require lengths that add up."""
    lengths, most = arrays["lengths"], len(arrays["support"])
    if arrays["digits"].shape[1] != 2 or (lengths < 0).any() or (lengths > most).any() or np.sum(lengths) != most:
        raise SchemaError("has pairs whose support vectors do not add up")
    check_range("digits", arrays["digits"], 0, MOST_LABEL)
    check_range("steps", arrays["steps"], 0, MOST_STEPS)
    check_range("support", arrays["support"], 0, MOST_COUNT)
    _check_machines(arrays)


SVM_PATTERN = {"image": IMAGE, "train": COUNT, "c": float, "gamma": float, "chosen": Text(40), "steps": COUNT}

BASELINES = (
    Kind("random", "a random guess", "nn baseline random", {}, {}, guess_rule),
    Kind(
        "darkness",
        "a baseline of average darkness",
        "nn baseline darkness",
        DARKNESS,
        {"image": IMAGE, "train": COUNT},
        darkness_rule,
    ),
    Kind("svm", "a support vector machine", "nn baseline svm", SVM, SVM_PATTERN, svm_rule),
    Kind("svm-pairs", "an unfinished support vector machine", "nn baseline svm", PAIRS, {}, pairs_rule),
)
