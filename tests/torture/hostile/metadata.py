"""Well-formed archives whose metadata is no JSON, or violates the schema."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from small import SMALL

from nndigits.stages.store.npz import encode
from torture.hostile.case import Case, case
from torture.hostile.forge import artifact_bytes, with_metadata

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
        "a single quote": b"{'a': 1}",
        "cut off": good[:-1],
        "twice": good + good,
        "not UTF-8": b"\xff" + good,
        "UTF-16": good.decode().encode("utf-16"),
        "NaN": b'{"a":NaN}',
        "Infinity": b'{"a":-Infinity}',
        "60,000 brackets": b"[" * 60_000,
        "30,000 nested lists": b"[" * 30_000 + b"]" * 30_000,
        "10,000 nested objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        "1e999": good.replace(b'"validation":2', b'"validation":1e999'),
        "an integer of 5,000 digits": b'{"a":' + b"9" * 5000 + b"}",
        "a key twice": good.replace(b'"about":{},', b'"about":{},"about":{},'),
    }.items():
        yield case(f"metadata: {name}", "is not JSON", with_metadata(text, arrays))
    number = good.replace(b'"validation":2', b'"validation":%s')
    for name, text in {
        "a list": b"[]",
        "null": b"null",
        "a number": b"7",
        "a string": b'"dataset"',
        "spaces": json.dumps(meta, sort_keys=True).encode(),
        "other order": json.dumps(meta, separators=(",", ":")).encode(),
        "a line at its end": good + b"\n",
        "an escape that is not needed": good.replace(b"made-up", rb"\u006dade-up"),
        "1E2": number % b"1E2",
        "2.50": number % b"2.50",
        "-0": number % b"-0",
    }.items():
        yield case(f"metadata: {name}", "not written as nn writes it", with_metadata(text, arrays))
    for name, array in {
        "as numbers": np.frombuffer(good, np.uint8).astype("<i8"),
        "as a table": np.frombuffer(good, np.uint8)[None],
        "one byte": np.array(7, np.uint8),
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
        ("format 0", "has format 0", {"format": 0}),
        ("format '1'", "has format '1'", {"format": "1"}),
        ("format true", "format should be int, is bool", {"format": True}),
        ("format 1.0", "format should be int, is float", {"format": 1.0}),
        ("format null", "has format None", {"format": None}),
        ("kind soup", "unknown kind, 'soup'", {"kind": "soup"}),
        ("kind of 60,000 letters", "unknown kind, 'x{40}';", {"kind": "x" * 60_000}),
        ("kind with an escape sequence", "unknown kind", {"kind": "\x1b[2J"}),
        ("kind []", "unknown kind", {"kind": []}),
        ("kind null", "unknown kind", {"kind": None}),
        ("kind weights", "about should have", {"kind": "weights"}),
        ("kind random", "too many", {"kind": "random"}),
        ("kind svm-pairs", "members missing", {"kind": "svm-pairs"}),
        ("one key more", "should have", {"more": 1}),
        ("parameters a list", "parameters should be dict", {"parameters": []}),
        ("inputs a string", "inputs should be dict", {"inputs": "data"}),
        ("inputs of numbers", "inputs.data should be str", {"inputs": {"data": 3}}),
        ("dataset null", "dataset should be dict", {"dataset": None}),
        ("dataset without a name", "dataset should have", {"dataset": {k: dataset[k] for k in dataset if k != "name"}}),
        ("dataset.name a number", "dataset.name should be str", {"dataset": {**dataset, "name": 1}}),
        ("dataset.verified 1", "dataset.verified should be bool", {"dataset": {**dataset, "verified": 1}}),
        ("dataset.classes true", "dataset.classes should be int", {"dataset": {**dataset, "classes": True}}),
        ("dataset.classes 1.5", "dataset.classes should be int", {"dataset": {**dataset, "classes": 1.5}}),
        ("dataset.classes 0", "classes is 0, expected 1 to 256", {"dataset": {**dataset, "classes": 0}}),
        ("dataset.classes -1", "classes is -1,", {"dataset": {**dataset, "classes": -1}}),
        ("dataset.classes 2^40", "classes is 1099511627776,", {"dataset": {**dataset, "classes": 2**40}}),
        (
            "dataset.names of 9 classes",
            "has 9 names for 10 classes",
            {"dataset": {**dataset, "names": list("abcdefghi")}},
        ),
        ("dataset.names twice", "of the same name", {"dataset": {**dataset, "names": list("abcdefghia")}}),
        ("dataset.names blank", "without a name", {"dataset": {**dataset, "names": list("abcdefghi ")}}),
        ("dataset.names of numbers", "should be str", {"dataset": {**dataset, "names": list(range(10))}}),
        ("dataset.names a string", "names should be list", {"dataset": {**dataset, "names": "abcdefghij"}}),
        ("dataset.names long", "has 41 characters", {"dataset": {**dataset, "names": ["x" * 41, *"bcdefghij"]}}),
        (
            "dataset.names unprintable",
            "cannot be printed",
            {"dataset": {**dataset, "names": ["\x1b[2J", *"bcdefghij"]}},
        ),
        ("dataset.plain 1", "dataset.plain should be bool", {"dataset": {**dataset, "plain": 1}}),
        ("dataset.source of numbers", "dataset.source.x should be str", {"dataset": {**dataset, "source": {"x": 1}}}),
        ("versions a list", "versions should be dict", {"versions": []}),
        ("about null", "about should be dict", {"about": None}),
        ("about with a key", "about should have", {"about": {"x": 1}}),
    ):
        yield case(f"field: {name}", reason, artifact_bytes({**meta, **change}, arrays))
    for key in meta:
        kept = {k: v for k, v in meta.items() if k != key}
        yield case(f"field: no {key}", "should have|format None|unknown kind", artifact_bytes(kept, arrays))


def kind_fields() -> Iterator[Case]:
    """Yield metadata with one wrong value among the fields of one kind."""
    for kind, key, value, reason in (
        ("weights", "layers", "dense 3 sigmoid", "about.layers should be list"),
        ("weights", "layers", [3], "an entry of about.layers should be str"),
        ("weights", "layers", [], "members missing|layers"),
        ("weights", "layers", ["soup 3", "dense 10 sigmoid"], "soup 3"),
        ("weights", "layers", ["dense 3 sigmoid"] * 1000, "layers has 1,000 entries"),
        ("weights", "layers", ["dense 4 sigmoid", "dense 10 sigmoid"], r"weights of shape \(4, 30\)"),
        ("weights", "layers", ["dense 0 sigmoid", "dense 10 sigmoid"], "dense 0"),
        ("weights", "layers", ["dense 3 soup", "dense 10 sigmoid"], "soup"),
        ("weights", "layers", [f"dense {10**30} sigmoid", "dense 10 sigmoid"], "at most 9 digits"),
        ("weights", "layers", ["dense 3 sigmoid, dense 10 sigmoid"], "are not written as nn writes them"),
        ("weights", "layers", ["conv 3 99x99", "dense 10 sigmoid"], "conv"),
        ("weights", "layers", ["dense 3 sigmoid", "dense 10 sigmoid", "max 0"], "max 0"),
        ("weights", "layers", ["dense 3 sigmoid", "dense 10 sigmoid\x1b[2J"], "layer|dense"),
        ("weights", "cost", "soup", "cost 'soup'"),
        ("weights", "image", [5], "image has 1 entries, expected 2"),
        ("weights", "image", [5, 6, 1], "image has 3 entries"),
        ("weights", "image", [30, 0], "image is 0,"),
        ("weights", "image", [-5, -6], "image is -5,"),
        ("weights", "image", [5, 7], "weights of shape"),
        ("weights", "image", [10**30, 6], "image is 1000"),
        ("weights", "calibration", {}, "about.calibration should have"),
        ("weights", "calibration", {**CALIBRATION, "temperature": 0.0}, "temperature is 0.0"),
        ("weights", "calibration", {**CALIBRATION, "temperature": 1}, "temperature should be float"),
        ("weights", "epoch", "0", "about.epoch should be int"),
        ("checkpoint", "memory", ["__class__"], "members missing"),
        ("checkpoint", "memory", {}, "about.memory should be list"),
        ("checkpoint", "random_state", {}, "about.random_state should have"),
        ("checkpoint", "best_epoch", None, "about.best_epoch should be int"),
        ("darkness", "image", [5], "image"),
        ("darkness", "image", [0, 6], "image"),
        ("darkness", "image", "56", "about.image should be list"),
        ("darkness", "train", 2.5, "about.train should be int"),
        ("svm", "c", 0.0, "C 0.0 and gamma"),
        ("svm", "gamma", -1.0, "gamma -1.0"),
        ("svm", "gamma", 1e308, "gamma to 1e"),
        ("svm", "c", 1, "about.c should be float"),
        ("svm", "image", [6, 5], "images of"),
        ("svm", "image", [], "image has 0 entries"),
    ):
        meta, arrays = SMALL[kind]()
        shown = str(value)[:50]
        yield case(f"about: {kind}, {key} {shown!r}", reason, artifact_bytes(_about(meta, key, value), arrays))


def _about(meta: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return {**meta, "about": {**meta["about"], key: value}}
