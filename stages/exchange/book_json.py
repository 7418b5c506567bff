"""The JSON that the book's ``network2.py`` saves: sizes, weights and biases of sigmoid layers, and the cost."""

from typing import Any

import numpy as np

from nndigits.models.arrays.limits import MOST_CLASSES
from nndigits.stages.store.npz import AnyArray, FormatError
from nndigits.stages.store.patterns import Items, SchemaError, Text, check_pattern, whole
from nndigits.stages.store.texts import parse_json

MOST_BYTES = 2**24
"""The largest file. One number takes some 20 characters, so 784-100-10 takes 1.6 MB."""

MOST_VALUES = 900_000
"""The most numbers and lists, which are counted before the file is parsed. 784-1000-10 has 800,000."""

MOST_QUOTES = 100
"""The most quotes around texts and keys. A network has some ten."""

MOST_LAYERS, MOST_NEURONS, MOST_NUMBER = 50, 100_000, 1e300
COSTS = {"QuadraticCost": "quadratic", "CrossEntropyCost": "cross-entropy"}
FORM = {
    "sizes": Items(whole(1, MOST_NEURONS), 2, MOST_LAYERS),
    "weights": Items(list, 1, MOST_LAYERS),
    "biases": Items(list, 1, MOST_LAYERS),
    "cost": Text(40),
}


def decode(blob: bytes) -> tuple[list[int], str, dict[str, AnyArray]]:
    """Return the sizes of the layers, the name of the cost, and the weights and biases as an artifact stores them.

    Raises
    ------
    FormatError
        The bytes are not such a file.
    """
    values, quotes = sum(map(blob.count, (b",", b"[", b"{"))), blob.count(b'"')
    if quotes > MOST_QUOTES:
        raise FormatError(f"has {quotes:,} quotes, at most {MOST_QUOTES:,} are read")
    if values > MOST_VALUES:
        raise FormatError(f"has about {values:,} values, at most {MOST_VALUES:,} are read")
    try:
        document = parse_json(blob)
        check_pattern(document, FORM)
    except SchemaError as error:
        raise FormatError(f"is not a network of the book's network2.py: {error}") from None
    sizes, cost = document["sizes"], document["cost"]
    if cost not in COSTS:
        raise FormatError(f"has cost {cost!r}, expected {' or '.join(COSTS)}")
    if not 2 <= sizes[-1] <= MOST_CLASSES:
        raise FormatError(
            f"has a last layer of size {sizes[-1]:,}, expected a neuron for each of 2 to {MOST_CLASSES} classes"
        )
    layers = list(zip(sizes[1:], sizes, strict=False))
    if not len(document["weights"]) == len(document["biases"]) == len(layers):
        raise FormatError(f"has weights of {len(document['weights'])} layers for the sizes {sizes}")
    arrays: dict[str, AnyArray] = {}
    for number, ((neurons, inputs), w, b) in enumerate(
        zip(layers, document["weights"], document["biases"], strict=True), 1
    ):
        arrays[f"weights_{number}"] = _matrix(w, neurons, inputs, f"weights of layer {number}")
        arrays[f"biases_{number}"] = _matrix(b, neurons, 1, f"biases of layer {number}").ravel()
    return sizes, COSTS[cost], arrays


def _matrix(rows: list[Any], neurons: int, inputs: int, what: str) -> AnyArray:
    """Return rows of numbers as an array, ``(neurons, inputs)``."""
    if len(rows) != neurons or any(type(row) is not list or len(row) != inputs for row in rows):
        raise FormatError(f"has {what} that are not {neurons} rows of {inputs} numbers")
    if any(type(number) not in (int, float) or abs(number) > MOST_NUMBER for row in rows for number in row):
        raise FormatError(f"has {what} that are not numbers")
    return np.array(rows, "<f8")
