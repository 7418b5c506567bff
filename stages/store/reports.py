"""Conversion of stage reports, which are frozen dataclasses, to JSON."""

import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from nndigits.models.arrays.types import Bytes
from nndigits.stages.words.escaping import json_text

Picture = tuple[tuple[int, ...], ...]
"""Rows of pixels, 0 to 255."""


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
