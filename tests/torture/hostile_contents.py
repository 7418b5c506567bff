"""Archives as nn writes them, whose arrays are not what their kind must be."""

from collections.abc import Iterator

import numpy as np
from small import SMALL

from torture.case import Case, case
from torture.forge import written


def content_cases() -> Iterator[Case]:
    """All of them."""
    yield from member_sets()
    yield from chains()
    yield from rules()


def member_sets() -> Iterator[Case]:
    """Each kind with a member too few, one too many, and each member of another type and of more dimensions."""
    for kind, small in SMALL.items():
        meta, arrays = small()
        yield case(f"members: {kind}, one more", r"too many: \['more'\]", written(meta, {**arrays, "more": np.ones(1)}))
        for name, array in arrays.items():
            kept = {other: arrays[other] for other in arrays if other != name}
            other = {**arrays, name: np.zeros(array.shape, "<i4")}
            yield case(f"members: {kind}, no {name}", rf"members missing: \['{name}'\]", written(meta, kept))
            yield case(f"members: {kind}, {name} of <i4", f"{name} is of type <i4", written(meta, other))
            deeper = {**arrays, name: array[None]}
            yield case(f"members: {kind}, {name} deeper", f"{name} has shape", written(meta, deeper))


def chains() -> Iterator[Case]:
    """Arrays that are right alone, and do not fit each other."""
    for kind, name, change, reason in (
        ("dataset", "train_labels", lambda a: a[:-1], "train is 4"),
        ("dataset", "test_images", lambda a: a[:, :4], "height"),
        ("dataset", "validation_images", lambda a: a[:, :, :4], "width"),
        ("weights", "biases_1", lambda a: a[:2], "neurons of layer 1"),
        ("weights", "weights_2", lambda a: a[:, :2], r"has weights of shape \(10, 3\), and these are \(10, 2\)"),
        ("weights", "weights_1", lambda a: a[:, :29], "weights of shape"),
        ("weights", "biases_2", lambda a: np.full_like(a, np.nan), "not finite"),
        ("weights", "weights_1", lambda a: np.full_like(a, -np.inf), "not finite"),
        ("weights", "weights_1", lambda a: a.astype("<f8"), "weights of shape"),
        ("checkpoint", "best_weights_1", lambda a: a[:, 1:], "does not fit"),
        ("checkpoint", "validation_correct", lambda a: np.append(a, 1), "epochs is 1"),
        ("checkpoint", "cost", lambda a: a * np.nan, "not finite"),
        ("darkness", "counts", lambda a: a[1:], "classes is 10"),
        ("svm", "indices", lambda a: a[1:], "vectors is 10"),
        ("svm-pairs", "steps", lambda a: a[1:], "pairs is 2"),
    ):
        meta, arrays = SMALL[kind]()
        what = f"chain: {kind}, {name}, {reason}, {change(arrays[name]).dtype}"
        yield case(what, reason, written(meta, {**arrays, name: change(arrays[name])}))


def rules() -> Iterator[Case]:
    """What must hold beyond types and shapes."""
    for kind, name, change, reason in (
        ("dataset", "train_labels", lambda a: a + np.uint8(7), "beyond its 10 classes"),
        ("dataset", "test_labels", lambda a: a + np.uint8(253), "beyond its 10 classes"),
        ("svm", "counts", lambda a: -a, "do not add up"),
        ("svm", "counts", lambda a: a * 2, "do not add up"),
        ("svm", "counts", lambda a: np.append(a[:-2], [2**62, 2 - 2**62]), "do not add up"),
        ("svm", "intercepts", lambda a: a[1:], "44 intercepts"),
        ("svm", "coefficients", lambda a: a[1:], "8 rows of coefficients"),
        ("svm-pairs", "lengths", lambda a: a + 1, "do not add up"),
        ("svm-pairs", "lengths", lambda a: np.array([4, -1]), "do not add up"),
        ("svm-pairs", "digits", lambda a: a[:, :1], "do not add up"),
    ):
        meta, arrays = SMALL[kind]()
        what = f"rule: {kind}, {name}, {reason}, {change(arrays[name]).flat[0]}"
        yield case(what, reason, written(meta, {**arrays, name: change(arrays[name])}))
    meta, arrays = SMALL["dataset"]()
    empty = {"train_images": arrays["train_images"][:0], "train_labels": arrays["train_labels"][:0]}
    yield case("rule: dataset, no images", "has no training images", written(meta, {**arrays, **empty}))
    flat = {name: array[:, :0] for name, array in arrays.items() if name.endswith("images")}
    yield case("rule: dataset, images of no height", "has no training images", written(meta, {**arrays, **flat}))
    meta, arrays = SMALL["random"]()
    for seed in (-1, 1.5, True, None, "0"):
        yield case(
            f"rule: random, seed {seed!r}", "has the seed", written({**meta, "parameters": {"seed": seed}}, arrays)
        )
