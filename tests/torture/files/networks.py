"""Networks of other programs, forged: safetensors files and the JSON of the book's code."""

import json
from collections.abc import Iterator
from typing import Any

from small import SMALL

from nndigits.stages.exchange import book_json
from nndigits.stages.store import metadata, safetensors
from nndigits.stages.store.safetensors import OWN
from torture.files.forge import Case, case

LAYERS = "dense 3 sigmoid, dense 2 softmax"
IMAGE = "2x2"
"""The layers and images of ``tensors``."""

BOOK = {
    "sizes": [2, 2],
    "weights": [[[0.5, -2.0], [3.25, 4.0]]],
    "biases": [[[1.5], [-2.5]]],
    "cost": "QuadraticCost",
}


def packed(header: Any, numbers: bytes = bytes(8), length: int | None = None) -> bytes:
    """Return a safetensors file; a header of bytes is taken as it is."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + numbers


def tensor(shape: list[int], start: int, end: int, dtype: str = "F32") -> dict[str, Any]:
    """Return the description of a tensor."""
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def tensors() -> bytes:
    """Return a good file: the layers of LAYERS for images of 2 x 2."""
    header = {
        "0.weight": tensor([3, 4], 0, 48),
        "0.bias": tensor([3], 48, 60),
        "1.weight": tensor([2, 3], 60, 84),
        "1.bias": tensor([2], 84, 92),
    }
    return packed(header, bytes(92))


def exported(kind: str, **changed: Any) -> bytes:
    """Return a file as `nn export` writes it, but of any kind of artifact, and with changes in its description."""
    meta, arrays = SMALL[kind]()
    return b"".join(map(bytes, safetensors.encode(arrays, {OWN: metadata.to_json({**meta, **changed}).decode()})))


def book(**changed: Any) -> bytes:
    """Return a network of the book's code, with some of its values changed."""
    return json.dumps({**BOOK, **changed}).encode()


def safetensors_cases() -> Iterator[Case]:
    """Yield safetensors files that `nn import` must refuse."""
    good, one = tensors(), {"a": tensor([2], 0, 8)}
    for name, reason, blob in (
        ("empty", "not a safetensors file", b""),
        ("a header without end", "its header should have", packed(one, length=2**63)),
        ("a header of 2 MB", "its header should have", packed(b" " * 2**21)),
        ("half of it", "should fill them", good[: len(good) - 46]),
        ("a byte more", "should fill them", good + b"x"),
        ("nested lists", "not JSON", packed(b'{"a":' + b"[" * 100_000)),
        ("nested less deeply", "nested", packed(b'{"a":' + b"[" * 50 + b"]" * 50 + b"}")),
        ("more lists than are read", "values, at most", packed(b'{"a":[' + b"[]," * 340_000 + b"[]]}")),
        ("a number of a million digits", "1,000,000 digits", packed(b'{"a":' + b"9" * 1_000_000 + b"}")),
        ("a list", "should begin with {", packed([1])),
        ("spaces before the header", "should begin with {", packed(b" " * 8 + json.dumps(one).encode())),
        ("no tensors", "has no tensors", packed({}, b"")),
        ("3,000 tensors", "at most 2,000", packed({f"t{n}": tensor([0], 0, 0) for n in range(3000)}, b"")),
        ("a name of 900,000 characters", "at most 255", packed({"x" * 900_000: one["a"]})),
        ("a name that clears the screen", "cannot be printed", packed({"\x1b[2J\n": one["a"]})),
        ("a name that is half a character", "cannot be printed", packed(b'{"\\ud800": 1}')),
        ("a name of odd digits", "no layer of nn has", packed({"²": one["a"]})),
        ("an unknown type", "of type F8_E4M3", packed({"a": tensor([8], 0, 8, "F8_E4M3")})),
        ("a shape of 2^78", "in 8 bytes", packed({"a": tensor([2**39, 2**39], 0, 8)})),
        ("2,000 axes", "entries", packed({"a": tensor([1] * 2000, 0, 8)})),
        ("a side that is true", "is bool", packed({"a": {**one["a"], "shape": [True]}})),
        ("a tensor that is a number", "should be dict, is int", packed({"a": 1})),
        ("a name twice", "not JSON", packed(b'{"a": 1, "a": 2}')),
        ("a negative side", "expected 0 to", packed({"a": tensor([-2], 0, 8)})),
        ("offsets that run backwards", "overlap", packed({"a": tensor([2], 8, 0)})),
        ("offsets that overlap", "overlap", packed({"a": one["a"], "b": one["a"]})),
        ("a gap", "gaps", packed({"a": tensor([1], 0, 4), "b": tensor([1], 8, 12)}, bytes(12))),
        ("numbers that are not finite", "not finite", good[:-92] + b"\xff" * 92),
        ("a layer without neurons", "without any number", packed({"a.weight": tensor([0, 4], 0, 0)}, b"")),
        (
            "a layer more",
            "without any number",
            packed({**json.loads(good[8:-92]), "z.weight": tensor([0], 92, 92)}, bytes(92)),
        ),
        ("whole numbers", "not real", good.replace(b"F32", b"I32")),
        ("texts that are numbers", "should be str", packed({"__metadata__": {OWN: 3}}, b"")),
        ("nn's description, empty", "has format None", packed({"__metadata__": {OWN: "{}"}}, b"")),
        ("nn's description, half a character", "cannot be printed", packed(b'{"__metadata__":{"nn":"\\ud800"}}', b"")),
        ("nn's description, another format", "format 2", exported("weights", format=2)),
        ("nn's description, without weights", "weights_1", packed(json.dumps(described()).encode(), b"")),
    ):
        yield case(f"safetensors: {name}", reason, blob)
    for kind in SMALL:
        if kind != "weights":
            yield case(f"safetensors: nn's {kind}", "expected weights", exported(kind))


def described() -> dict[str, Any]:
    """Return a header with nn's description of a network, and no tensors."""
    meta, _ = SMALL["weights"]()
    return {"__metadata__": {OWN: metadata.to_json(meta).decode()}}


def book_cases() -> Iterator[Case]:
    """Yield JSON files that `nn import` must refuse."""
    good = book()
    wide = 5000
    for name, reason, blob in (
        ("half of it", "not JSON", good[: len(good) // 2]),
        ("nested lists", "not JSON", b"[" * 500_000),
        ("NaN", "not JSON", book(biases=[[[float("nan")], [0]]])),
        ("infinity by overflow", "too large", good.replace(b"3.25", b"1e999")),
        ("a number of 5,000 digits", "5,000 digits", good.replace(b"3.25", b"9" * 5000)),
        ("a number that is too large", "not numbers", good.replace(b"3.25", b"1e301")),
        ("a key more", "should have", book(note="\u2028\x1b[2J")),
        ("a layer of 2^40 neurons", "expected 1 to", book(sizes=[2, 2**40])),
        ("50 layers of 100,000", "weights of 1 layers", book(sizes=[*[100_000] * 49, 10])),
        (
            "images that are too wide",
            "1 x 5,000",
            book(sizes=[wide, 2], weights=[[[0] * wide] * 2], biases=[[[0]] * 2]),
        ),
        ("a row that is too short", "2 rows of 2", book(weights=[[[1, 2], [3]]])),
        ("an unknown cost", "has cost 'HingeCost', expected QuadraticCost or CrossEntropyCost", book(cost="HingeCost")),
        ("one size", "sizes has 1 entries, expected 2 to 50", book(sizes=[2])),
        ("a number as text", "weights of layer 1 that are not numbers", book(weights=[[[1, 2], [3, "4"]]])),
        ("biases in a row", "biases of layer 1 that are not 2 rows of 1 numbers", book(biases=[[1, 2]])),
    ):
        yield case(f"book: {name}", reason, blob)
    most = book_json.MOST_VALUES
    yield case("book: as many lists as are read", "should have", b'{"sizes":[' + b"[]," * (most // 2 - 4) + b"[]]}")
    yield case("book: as many numbers as are read", "should have", b'{"sizes":[' + b"0.1," * (most - 8) + b"0.1]}")
    yield case("book: more lists than are read", "values, at most", b"[" + b"[]," * most + b"[]]")
    yield Case("book: more bytes than are read", "at most", lambda: bytes(book_json.MOST_BYTES + 1), heavy=True)
