"""Figures that a stage wrote, read again: only whole, and only if they say of themselves what is expected."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nn.stages.store import artifacts, files
from nn.stages.store.errors import InputError

MOST_BYTES = 2**24


def rows(path: Path, meta: artifacts.Meta, header: Sequence[str]) -> list[list[str]]:
    """The rows of a CSV that was made exactly as ``meta`` says; none where there is no such file."""
    try:
        if artifacts.load_figures_meta(path) != meta:
            return []
        lines = files.read(path, hint="", limit=MOST_BYTES).decode().splitlines()[1:]
        found = list(csv.reader(lines))
    except (InputError, UnicodeDecodeError, csv.Error):
        return []
    return found[1:] if found[:1] == [list(header)] else []


def document(path: Path, meta: artifacts.Meta) -> dict[str, Any] | None:
    """A JSON document that was made exactly as ``meta`` says; None where there is no such file."""
    try:
        if path.suffix != ".json" or artifacts.load_figures_meta(path) != meta:
            return None
        return dict(json.loads(files.read(path, hint="", limit=MOST_BYTES)))
    except (InputError, ValueError):
        return None
