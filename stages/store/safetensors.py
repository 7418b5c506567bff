"""The safetensors format: a header in JSON, and the numbers of each tensor behind it.

    8 bytes   the length of the header, little-endian
    header    {"name": {"dtype": "F32", "shape": [30, 784], "data_offsets": [0, 94080]}, "__metadata__": {...}}
    numbers   in C order, little-endian, without gaps

A file may come from a stranger. The header is checked in full before any number is read. The library safetensors takes
two tensors of one name, and gives no texts of a file that is already in memory.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np

from nndigits.stages.store.files import Buffer
from nndigits.stages.store.npz import AnyArray, FormatError
from nndigits.stages.store.patterns import Items, SchemaError, Text, check_pattern, whole
from nndigits.stages.store.texts import parse_json

LENGTH = 8
MOST_HEADER = 2**20
"""Bytes of a header. That of a network of 400 layers takes 40,000; the description that nn stores, some 2,000."""

MOST_VALUES = 2**17
"""The most names, numbers and containers in a header, which are counted before it is parsed."""

MOST_TENSORS, MOST_AXES, MOST_SIDE = 2_000, 8, 2**40
METADATA = "__metadata__"
OWN = "nn"
"""The text that holds the description of an artifact of nn."""

DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "U8": "|u1", "BOOL": "|b1"}
"""The types that are read. Networks of nn are of F32 or F64; a count of batches, which PyTorch stores, is of I64."""

NAMES = {np.dtype(name): code for code, name in DTYPES.items()}
TENSOR = {
    "dtype": Text(10),
    "shape": Items(whole(0, MOST_SIDE), 0, MOST_AXES),
    "data_offsets": Items(whole(0, MOST_SIDE), 2, 2),
}
TEXTS = {"...": Text(2**16)}


def encode(arrays: Mapping[str, AnyArray], texts: Mapping[str, str]) -> Iterator[Buffer]:
    """Yield the bytes of a file with these arrays, in their order, and texts by name. Equal content, equal bytes."""
    header: dict[str, Any] = {METADATA: dict(texts)}
    end = 0
    for name, array in arrays.items():
        start, end = end, end + array.nbytes
        header[name] = {"dtype": NAMES[array.dtype], "shape": list(array.shape), "data_offsets": [start, end]}
    blob = json.dumps(header, separators=(",", ":")).encode()
    blob += b" " * (-len(blob) % LENGTH)  # the numbers start at a multiple of 8
    yield len(blob).to_bytes(LENGTH, "little") + blob
    for array in arrays.values():
        yield np.ascontiguousarray(array).tobytes()


def decode(blob: bytes) -> tuple[dict[str, AnyArray], dict[str, str]]:
    """Return the arrays, by name in the order of their numbers, and the texts of a file.

    Raises
    ------
    FormatError
        The bytes are not those of a file as the format defines it.
    """
    length = int.from_bytes(blob[:LENGTH], "little")
    if len(blob) < LENGTH or not 2 <= length <= min(MOST_HEADER, len(blob) - LENGTH):
        raise FormatError(f"is not a safetensors file: its header should have {length:,} bytes, of {len(blob):,}")
    numbers = memoryview(blob)[LENGTH + length :]
    text = blob[LENGTH : LENGTH + length]
    if not text.startswith(b"{"):
        raise FormatError("is not a safetensors file: its header should begin with {")
    values = sum(map(text.count, (b",", b"[", b"{")))
    if values > MOST_VALUES:
        raise FormatError(f"its header has about {values:,} values, at most {MOST_VALUES:,} are read")
    try:
        header = parse_json(text)
        check_pattern(header, dict)
        texts = header.pop(METADATA, {})
        check_pattern(texts, TEXTS)
        check_pattern(header, {"...": TENSOR})
    except SchemaError as error:
        raise FormatError(f"its header: {error}") from None
    if len(header) > MOST_TENSORS:
        raise FormatError(f"has {len(header):,} tensors, at most {MOST_TENSORS:,} are read")
    tensors = sorted(header.items(), key=lambda item: item[1]["data_offsets"])
    _check_offsets([tensor["data_offsets"] for _, tensor in tensors], len(numbers))
    return {name: _array(name, tensor, numbers) for name, tensor in tensors}, texts


def _check_offsets(offsets: list[list[int]], size: int) -> None:
    """Raise FormatError unless the tensors follow each other without gaps, and fill the file."""
    if any(end < start for start, end in offsets) or any(a[1] != b[0] for a, b in pairwise(offsets)):
        raise FormatError("has tensors that overlap, or gaps between them")
    if (offsets[0][0], offsets[-1][1]) != (0, size) if offsets else size:
        raise FormatError(f"has {size:,} bytes of numbers, and its tensors should fill them")


def _array(name: str, tensor: Mapping[str, Any], numbers: memoryview) -> AnyArray:
    """Return a tensor as a view of the numbers of a file."""
    start, end = tensor["data_offsets"]
    if tensor["dtype"] not in DTYPES:
        raise FormatError(f"has {name!r} of type {tensor['dtype']}; read are {', '.join(DTYPES)}")
    dtype = np.dtype(DTYPES[tensor["dtype"]])
    if not prod(tensor["shape"]):
        raise FormatError(f"has {name!r} of shape {tensor['shape']}, without any number")
    if prod(tensor["shape"]) * dtype.itemsize != end - start:
        raise FormatError(f"has {name!r} of shape {tensor['shape']} in {end - start:,} bytes")
    return np.frombuffer(numbers[start:end], dtype).reshape(tensor["shape"])
