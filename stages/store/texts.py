"""JSON, CSV and TOML from files that a stranger may have written, within limits; and reports as JSON.

The depth of JSON and the length of its numbers are limited, and the columns and the cells of CSV. The limits of TOML
are checked before the parser begins: for a dotted key of n names, it stores all n beginnings of it, and 65 kB of
``a.a.a`` would take 4 GB. A key stands on one line, so a limit on the length of a line limits its depth.
"""

import csv
import json
import math
import re
import tomllib
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from nndigits.models.arrays.types import Bytes
from nndigits.stages.store.patterns import Items, SchemaError, Text, check_pattern
from nndigits.stages.words.escaping import json_text

MOST_DEPTH = 10
"""Containers inside each other. The files of nn have at most six."""

MOST_DIGITS = 40
"""The characters of a whole number. The longest that nn writes are the 39 digits of a random state."""

MOST_COLUMNS = 300
"""A confusion matrix of 256 classes has 257."""

MOST_CELL = 60
"""The characters of a cell. A number in full has at most 24."""

ROW = Items(Text(MOST_CELL), 0, MOST_COLUMNS)

MOST_TOML = 2**14
MOST_LINE = 1000
"""Characters. Longer texts may be written on several lines, between triple quotes."""

Picture = tuple[tuple[int, ...], ...]
"""Rows of pixels, 0 to 255."""


def parse_json(text: bytes) -> Any:
    """Parse JSON; raises SchemaError for other text, and for numbers or nesting beyond the limits."""
    try:
        value = json.loads(
            text.decode(),
            object_pairs_hook=_unique,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_whole,
        )
    except SchemaError:
        raise
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"has a description that is not JSON ({type(error).__name__})") from None
    _check_depth(value)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; of two values with one name, programs take different ones."""
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("two values of one name")
    return value


def _no_number(constant: str) -> float:
    raise ValueError(constant)  # NaN and Infinity, which are no JSON


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise SchemaError("has a number that is too large")
    return value


def _whole(number: str) -> int:
    if len(number) > MOST_DIGITS:
        raise SchemaError(f"has a number of {len(number):,} digits")
    return int(number)


def _check_depth(value: Any) -> None:
    """Raise SchemaError for containers nested deeper than the limit. Level by level, so that no depth is too much."""
    level = [value]
    for _ in range(MOST_DEPTH + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    raise SchemaError(f"has a description nested more than {MOST_DEPTH} levels deep")


def parse_csv(text: bytes) -> list[list[str]]:
    """Return the rows of a table, at least one; all have the same length. Raises SchemaError."""
    try:
        rows = list(csv.reader(text.decode().splitlines()))
    except (UnicodeDecodeError, csv.Error):
        raise SchemaError("is not a table of text") from None
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        raise SchemaError("has rows of different lengths")
    for number, row in enumerate(rows):
        check_pattern(row, ROW, f"row {number:,}")
    return rows


def parse_toml(text: str) -> dict[str, Any]:
    """Parse TOML; raises SchemaError for other text, and for text beyond the limits."""
    size = len(text.encode())
    if size > MOST_TOML:
        raise SchemaError(f"has {size:,} bytes, at most {MOST_TOML:,} are read")
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > MOST_LINE:
            raise SchemaError(f"has {len(line):,} characters in line {number}, at most {MOST_LINE:,} are read")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SchemaError(f"is not TOML: {error}") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, or brackets inside brackets
        raise SchemaError("is not TOML: it has a number or a nesting of impossible size") from None


def picture(image: Bytes) -> Picture:
    """Return the rows of an image, ``(height, width)``, as plain numbers."""
    return tuple(tuple(row) for row in image.tolist())


def plain(value: Any) -> Any:
    """Convert a report to dictionaries, lists, strings and numbers, without the fields that its repr omits."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value) if field.repr}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value


def to_json(document: Any) -> str:
    """Format a document as readable JSON: indented, with lists of plain values on one line."""
    text = json_text(document, indent=1)
    return re.sub(r"\[[^][{}]*\]", lambda found: re.sub(r"\n\s*", " ", found[0]), text)
