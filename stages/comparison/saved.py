"""A comparison as compare.json has it: its rows, made into entries again."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from nn.stages.comparison.book import BookFigure
from nn.stages.comparison.entries import Entry
from nn.stages.store.errors import InputError
from nn.stages.store.schema import SchemaError, check_pattern

PATTERN = {
    "name": str,
    "files": [str],
    "runs": int,
    "correct": float,
    "total": int,
    "accuracy": float,
    "spread": float,
    "interval": [float],
    "numbers": int,
    "bytes": int,
    "book": {"name": str, "accuracy": float, "says": str, "command": str},
}
"""The type of each figure; any but the name, the files and the runs may be null."""

NEEDED = ("name", "files", "runs")


def entries(path: Path, rows: Sequence[dict[str, Any]]) -> tuple[Entry, ...]:
    """Return the entries of the rows of a comparison; raises InputError if they are not as nn writes them."""
    try:
        return tuple(_entry(row) for row in rows)
    except (SchemaError, TypeError) as error:
        raise InputError(f"{path}: has a row that nn does not write ({error}). Compare again: `nn compare`") from None


def _entry(row: dict[str, Any]) -> Entry:
    known = {field.name for field in fields(Entry)}
    given = {name: value for name, value in row.items() if name in known and (value is not None or name in NEEDED)}
    check_pattern(given, {f"{name}?": pattern for name, pattern in PATTERN.items()})
    if len(given.get("interval", (0, 0))) != 2:
        raise SchemaError("an interval of other than two numbers")
    book = BookFigure(**given["book"]) if "book" in given else None
    interval = tuple(given["interval"]) if "interval" in given else None
    return Entry(**{**given, "files": tuple(given["files"]), "interval": interval, "book": book})
