"""The metadata of an artifact: its JSON, and reading it without the arrays.

In an ``.npz`` it is the first member, ``__meta__``; in a ``.json`` file the key ``made``; in a ``.csv`` file the first
line, after ``# ``.
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from nn.stages.store import files
from nn.stages.store.errors import InputError
from nn.stages.store.kinds import COMMON, KINDS
from nn.stages.store.npz import LOCAL, AnyArray, FormatError, decode_first
from nn.stages.store.schema import SchemaError, check_pattern

META = "__meta__"
MOST_META = 2**16
"""The most bytes of an ``.npz`` that are read for its metadata, which takes one or two thousand."""

MOST_TEXT = 2**24
"""The largest ``.json`` or ``.csv`` file, in bytes."""

TEXT_HINT = "nn writes such files with `nn train` and `nn eval`"

Meta = dict[str, Any]


def load_metadata(path: Path) -> Meta:
    """Read the metadata of an artifact.

    Of an ``.npz``, only the first member is read and checked: damage behind it goes unnoticed.

    Raises
    ------
    InputError
        The file is missing, or has no such metadata.
    """
    if path.suffix == ".npz":
        return _of_arrays(path)
    return of_text(path, read_text(path))


def read_text(path: Path) -> bytes:
    """Read a ``.json`` or ``.csv`` file as bytes; raises InputError."""
    return files.read(path, hint=TEXT_HINT, limit=MOST_TEXT)


def of_text(path: Path, text: bytes) -> Meta:
    """Return the metadata in the text of a ``.json`` or ``.csv`` file; raises InputError."""
    try:
        if path.suffix == ".csv":
            if not text.startswith(b"# "):
                raise SchemaError("does not begin with `# {`")
            meta = parse(text[2:].partition(b"\n")[0])
        else:
            document = parse(text)
            meta = document.get("made") if isinstance(document, dict) else None
        check_pattern(meta, COMMON)
    except SchemaError as error:
        raise InputError(f"{path}: is not a file of figures made by nn ({error}). {TEXT_HINT}") from None
    return dict(meta)


def _of_arrays(path: Path) -> Meta:
    hint = "Make one with `nn fetch` or `nn train`"
    start = files.read_start(path, MOST_META, hint=hint)
    try:
        if start[:4] != LOCAL:
            raise FormatError("is not an .npz file" if start else "is empty")
        name, array = decode_first(start)
        meta = from_json(array if name == META else None)
        kind = KINDS.get(str(meta.get("kind")))
        if kind is None:
            raise SchemaError(f"is of an unknown kind, {str(meta.get('kind'))[:40]!r}; known are {', '.join(KINDS)}")
        check_pattern(meta, {**COMMON, "about": kind.about})
    except (FormatError, SchemaError) as error:
        raise InputError(f"{path}: {error}. {hint}") from None
    return meta


def to_json(meta: Meta) -> bytes:
    """Return metadata as the bytes that an artifact stores."""
    return json.dumps(meta, sort_keys=True, allow_nan=False, separators=(",", ":")).encode()


def from_json(array: AnyArray | None) -> Meta:
    """Parse the ``__meta__`` member; its JSON must be formatted exactly as ``to_json`` does, or SchemaError."""
    if array is None or array.dtype != np.uint8 or array.ndim != 1:
        raise SchemaError("has no description of itself (was it written by another program?)")
    text = array.tobytes()
    meta = parse(text)
    if not isinstance(meta, dict) or to_json(meta) != text:
        raise SchemaError("has a description that is not written as nn writes it")
    return meta


def parse(text: bytes) -> Any:
    """Parse JSON; raises SchemaError for other text and for numbers that are not finite."""
    try:
        return json.loads(text.decode(), parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"has a description that is not JSON ({type(error).__name__})") from None


def _finite(number: str) -> float:
    """Parse a number of JSON; raises ValueError for NaN, Infinity, and numbers that overflow."""
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(number)
    return value
