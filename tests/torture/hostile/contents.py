"""Well-formed artifacts whose arrays violate the schema of their kind."""

from collections.abc import Iterator

import numpy as np
from small import SMALL

from torture.hostile.case import Case, case
from torture.hostile.forge import artifact_bytes


def content_cases() -> Iterator[Case]:
    """Yield all of these cases."""
    yield from member_sets()
    yield from inconsistent_arrays()
    yield from invalid_values()


def member_sets() -> Iterator[Case]:
    """Yield each kind with an array missing, one added, and each array with another type or one dimension more."""
    for kind, small in SMALL.items():
        meta, arrays = small()
        yield case(
            f"members: {kind}, one more", r"too many: \['more'\]", artifact_bytes(meta, {**arrays, "more": np.ones(1)})
        )
        for name, array in arrays.items():
            kept = {other: arrays[other] for other in arrays if other != name}
            other = {**arrays, name: np.zeros(array.shape, "<i4")}
            yield case(f"members: {kind}, no {name}", rf"members missing: \['{name}'\]", artifact_bytes(meta, kept))
            yield case(f"members: {kind}, {name} of <i4", f"{name} is of type <i4", artifact_bytes(meta, other))
            deeper = {**arrays, name: array[None]}
            yield case(f"members: {kind}, {name} deeper", f"{name} has shape", artifact_bytes(meta, deeper))


def inconsistent_arrays() -> Iterator[Case]:
    """Yield arrays that are valid alone and do not match each other."""
    for kind, name, change, reason in (
        ("dataset", "train_labels", lambda a: a[:-1], "train is 4"),
        ("dataset", "test_images", lambda a: a[:, :4], "height"),
        ("dataset", "validation_images", lambda a: a[:, :, :4], "width"),
        ("weights", "biases_1", lambda a: a[:2], "neurons of layer 1"),
        ("weights", "biases_2", np.float64, "has weights of float32 and biases of float64, expected one type"),
        ("weights", "weights_2", lambda a: a[:, :2], r"has weights of shape \(10, 3\), and these are \(10, 2\)"),
        ("weights", "weights_1", lambda a: a[:, :29], "weights of shape"),
        ("weights", "biases_2", lambda a: np.full_like(a, np.nan), "not finite"),
        ("weights", "weights_1", lambda a: np.full_like(a, -np.inf), "not finite"),
        ("weights", "weights_1", lambda a: a.astype("<f8"), "weights of float64 and biases of float32"),
        ("checkpoint", "best_weights_1", lambda a: a[:, 1:], "does not fit"),
        ("checkpoint", "validation_correct", lambda a: np.append(a, 1), "epochs is 1"),
        ("checkpoint", "cost", lambda a: a * np.nan, "not finite"),
        ("darkness", "counts", lambda a: a[1:], "classes is 10"),
        ("svm", "indices", lambda a: a[1:], "vectors is 10"),
        ("svm-pairs", "steps", lambda a: a[1:], "pairs is 2"),
    ):
        meta, arrays = SMALL[kind]()
        what = f"inconsistent: {kind}, {name}, {reason}, {change(arrays[name]).dtype}"
        yield case(what, reason, artifact_bytes(meta, {**arrays, name: change(arrays[name])}))


def invalid_values() -> Iterator[Case]:
    """Yield arrays of the right types and shapes whose values are invalid."""
    for kind, name, change, reason in (
        ("dataset", "train_labels", lambda a: a + np.uint8(7), "beyond its 10 classes"),
        ("dataset", "test_labels", lambda a: a + np.uint8(253), "beyond its 10 classes"),
        ("svm", "counts", lambda a: -a, "counts holds numbers from -1"),
        ("svm", "counts", lambda a: a * 2, "do not add up"),
        ("svm", "counts", lambda a: np.append(a[:-2], [2**62, 2 - 2**62]), "counts holds numbers from -4"),
        ("svm", "intercepts", lambda a: a[1:], "44 intercepts"),
        ("svm", "coefficients", lambda a: a[1:], "8 rows of coefficients"),
        ("svm-pairs", "lengths", lambda a: a + 1, "do not add up"),
        ("svm-pairs", "lengths", lambda a: np.array([4, -1]), "do not add up"),
        ("svm-pairs", "digits", lambda a: a[:, :1], "do not add up"),
    ):
        meta, arrays = SMALL[kind]()
        what = f"value: {kind}, {name}, {reason}, {change(arrays[name]).flat[0]}"
        yield case(what, reason, artifact_bytes(meta, {**arrays, name: change(arrays[name])}))
    meta, arrays = SMALL["dataset"]()
    empty = {"train_images": arrays["train_images"][:0], "train_labels": arrays["train_labels"][:0]}
    yield case("value: dataset, no images", "has no training images", artifact_bytes(meta, {**arrays, **empty}))
    flat = {name: array[:, :0] for name, array in arrays.items() if name.endswith("images")}
    yield case(
        "value: dataset, images of no height", "has no training images", artifact_bytes(meta, {**arrays, **flat})
    )
    meta, arrays = SMALL["random"]()
    for seed in (-1, 1.5, True, None, "0"):
        yield case(
            f"value: random, seed {seed!r}",
            "has the seed",
            artifact_bytes({**meta, "parameters": {"seed": seed}}, arrays),
        )
