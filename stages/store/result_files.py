"""Readers of the CSV and JSON files that stages write. Files with other metadata than expected are ignored."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nn.stages.store import artifacts, files
from nn.stages.store.errors import InputError

MOST_BYTES = 2**24


def read_rows(path: Path, meta: artifacts.Meta, header: Sequence[str]) -> list[list[str]]:
    """Read the rows of a CSV whose metadata equals ``meta``; no rows if there is no such file."""
    try:
        if artifacts.load_metadata(path) != meta:
            return []
        lines = files.read(path, hint="", limit=MOST_BYTES).decode().splitlines()[1:]
        table = list(csv.reader(lines))
    except (InputError, UnicodeDecodeError, csv.Error):
        return []
    return table[1:] if table[:1] == [list(header)] else []


def read_document(path: Path, meta: artifacts.Meta) -> dict[str, Any] | None:
    """Read a JSON document whose metadata equals ``meta``; None if there is no such file."""
    try:
        if path.suffix != ".json" or artifacts.load_metadata(path) != meta:
            return None
        return dict(json.loads(files.read(path, hint="", limit=MOST_BYTES)))
    except (InputError, ValueError):
        return None
