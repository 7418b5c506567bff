"""Well-formed archives whose metadata is no JSON, or whose metadata or arrays violate the schema of their kind."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from small import SMALL

from nndigits.stages.store.npz import encode
from torture.files.forge import Case, artifact_bytes, case, with_metadata

CALIBRATION = {"temperature": 1.5, "images": 2, "error_before": 0.25, "error_after": 0.125}


def metadata_cases() -> Iterator[Case]:
    """Yield all of these cases."""
    yield from invalid_json()
    yield from common_fields()
    yield from kind_fields()


def invalid_json() -> Iterator[Case]:
    """Yield metadata that is not the JSON that nn writes."""
    meta, arrays = SMALL["dataset"]()
    good = json.dumps(meta, sort_keys=True, separators=(",", ":")).encode()
    for name, text in {
        "nothing": b"",
        "not JSON": b"hello",
        "NaN": b'{"a":NaN}',
        "30,000 nested lists": b"[" * 30_000 + b"]" * 30_000,
        "10,000 nested objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        "1e999": good.replace(b'"validation":2', b'"validation":1e999'),
        "an integer of 5,000 digits": b'{"a":' + b"9" * 5000 + b"}",
        "a key twice": good.replace(b'"about":{},', b'"about":{},"about":{},'),
    }.items():
        yield case(f"metadata: {name}", "is not JSON|too large|number of", with_metadata(text, arrays))
    number = good.replace(b'"validation":2', b'"validation":%s')
    for name, text in {
        "a list": b"[]",
        "spaces": json.dumps(meta, sort_keys=True).encode(),
        "-0": number % b"-0",
    }.items():
        yield case(f"metadata: {name}", "not written as nn writes it", with_metadata(text, arrays))
    for name, array in {
        "as numbers": np.frombuffer(good, np.uint8).astype("<i8"),
    }.items():
        yield case(f"metadata: {name}", "has no description of itself", with_metadata(array, arrays))
    yield case("metadata: none", "has no description of itself", b"".join(encode(arrays)))
    yield case("metadata: under another name", "has no description", b"".join(encode({**arrays, "meta": array[None]})))


def common_fields() -> Iterator[Case]:
    """Yield metadata with one wrong value among the fields that all kinds share."""
    meta, arrays = SMALL["dataset"]()
    dataset = meta["dataset"]
    for name, reason, change in (
        ("format 2", "has format 2, this nn reads format 1", {"format": 2}),
        ("kind soup", "unknown kind, 'soup'", {"kind": "soup"}),
        ("kind with an escape sequence", "unknown kind", {"kind": "\x1b[2J"}),
        ("kind weights", "about should have", {"kind": "weights"}),
        ("one key more", "should have", {"more": 1}),
        ("parameters a list", "parameters should be dict", {"parameters": []}),
        ("inputs of numbers", "inputs.data should be str", {"inputs": {"data": 3}}),
        ("dataset without a name", "dataset should have", {"dataset": {k: dataset[k] for k in dataset if k != "name"}}),
        ("dataset.classes 0", "classes is 0, expected 1 to 256", {"dataset": {**dataset, "classes": 0}}),
        ("dataset.classes 2^40", "classes is 1099511627776,", {"dataset": {**dataset, "classes": 2**40}}),
        (
            "dataset.names of 9 classes",
            "has 9 names for 10 classes",
            {"dataset": {**dataset, "names": list("abcdefghi")}},
        ),
        ("dataset.names of numbers", "should be str", {"dataset": {**dataset, "names": list(range(10))}}),
        ("dataset.source of numbers", "dataset.source.x should be str", {"dataset": {**dataset, "source": {"x": 1}}}),
    ):
        yield case(f"field: {name}", reason, artifact_bytes({**meta, **change}, arrays))
    for key in meta:
        kept = {k: v for k, v in meta.items() if k != key}
        yield case(f"field: no {key}", "should have|format None|unknown kind", artifact_bytes(kept, arrays))


def kind_fields() -> Iterator[Case]:
    """Yield metadata with one wrong value among the fields of one kind."""
    for kind, key, value, reason in (
        ("weights", "layers", "dense 3 sigmoid", "about.layers should be list"),
        ("weights", "layers", ["soup 3", "dense 10 sigmoid"], "soup 3"),
        ("weights", "layers", ["dense 3 sigmoid"] * 1000, "layers has 1,000 entries"),
        ("weights", "layers", ["dense 4 sigmoid", "dense 10 sigmoid"], r"weights of shape \(4, 30\)"),
        ("weights", "layers", [f"dense {10**30} sigmoid", "dense 10 sigmoid"], "at most 9 digits"),
        ("weights", "layers", ["conv 3 99x99", "dense 10 sigmoid"], "conv"),
        ("weights", "layers", ["dense 3 sigmoid", "dense 10 sigmoid\x1b[2J"], "layer|dense"),
        ("weights", "cost", "soup", "cost 'soup'"),
        ("weights", "image", [30, 0], "image is 0,"),
        ("weights", "calibration", {}, "about.calibration should have"),
        ("weights", "calibration", {**CALIBRATION, "temperature": 0.0}, "temperature is 0.0"),
        ("checkpoint", "memory", ["__class__"], "members missing"),
        ("checkpoint", "random_state", {}, "about.random_state should have"),
        ("darkness", "image", [5], "image"),
        ("svm", "c", 0.0, "C 0.0 and gamma"),
        ("svm", "gamma", 1e308, "gamma to 1e"),
    ):
        meta, arrays = SMALL[kind]()
        shown = str(value)[:50]
        yield case(f"about: {kind}, {key} {shown!r}", reason, artifact_bytes(_about(meta, key, value), arrays))


def _about(meta: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return {**meta, "about": {**meta["about"], key: value}}


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
        ("weights", "biases_1", lambda a: a[:2], "neurons of layer 1"),
        ("weights", "biases_2", np.float64, "has weights of float32 and biases of float64, expected one type"),
        ("weights", "weights_2", lambda a: a[:, :2], r"has weights of shape \(10, 3\), and these are \(10, 2\)"),
        ("weights", "weights_1", lambda a: np.full_like(a, -np.inf), "not finite"),
        ("checkpoint", "best_weights_1", lambda a: a[:, 1:], "does not fit"),
        ("checkpoint", "validation_correct", lambda a: np.append(a, 1), "epochs is 1"),
        ("darkness", "counts", lambda a: a[1:], "classes is 10"),
    ):
        meta, arrays = SMALL[kind]()
        what = f"inconsistent: {kind}, {name}, {reason}, {change(arrays[name]).dtype}"
        yield case(what, reason, artifact_bytes(meta, {**arrays, name: change(arrays[name])}))


def invalid_values() -> Iterator[Case]:
    """Yield arrays of the right types and shapes whose values are invalid."""
    for kind, name, change, reason in (
        ("dataset", "train_labels", lambda a: a + np.uint8(7), "beyond its 10 classes"),
        ("svm", "counts", lambda a: -a, "counts holds numbers from -1"),
        ("svm", "counts", lambda a: a * 2, "do not add up"),
        ("svm", "intercepts", lambda a: a[1:], "44 intercepts"),
        ("svm", "coefficients", lambda a: a[1:], "8 rows of coefficients"),
        ("svm-pairs", "lengths", lambda a: a + 1, "do not add up"),
        ("svm-pairs", "lengths", lambda a: np.array([4, -1]), "do not add up"),
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
    for seed in (-1, True):
        yield case(
            f"value: random, seed {seed!r}",
            "has the seed",
            artifact_bytes({**meta, "parameters": {"seed": seed}}, arrays),
        )


def cases() -> Iterator[Case]:
    """Yield files whose metadata is wrong, or whose arrays do not match their kind."""
    yield from metadata_cases()
    yield from content_cases()
