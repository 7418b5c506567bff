"""Names and readers of the CSV and JSON files that stages write.

Files with other metadata than expected are ignored.
"""

import csv
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nn.stages.store import artifacts, files
from nn.stages.store.errors import InputError

MOST_BYTES = 2**24

MOST_LETTERS = 60
"""Longer names of an ensemble's members are replaced by their number and a hash."""


def figures_path(weights: Sequence[Path], split: str = "test", shifts: int = 0) -> Path:
    """Return the path of the figures of one classifier, or of an ensemble, beside the first one's weights.

    >>> figures_path([Path("a/wide.npz")]).as_posix()
    'a/wide-eval.json'
    >>> figures_path([Path("a/wide.npz")], "validation", 1).as_posix()
    'a/wide-validation-shifts-1-eval.json'
    >>> figures_path([Path("a/wide.npz"), Path("a/deep.npz")]).as_posix()
    'a/wide+deep-vote-eval.json'
    """
    parts = [weights[0].stem if len(weights) == 1 else _vote(weights)]
    parts += [split] if split != "test" else []
    parts += [f"shifts-{shifts}"] if shifts else []
    return weights[0].parent / f"{'-'.join(parts)}-eval.json"


def confusion_path(figures: Path) -> Path:
    """Return the path of the confusion matrix that belongs to figures.

    >>> confusion_path(Path("a/wide-eval.json")).as_posix()
    'a/wide-confusion.csv'
    >>> confusion_path(Path("figures.json")).as_posix()
    'figures-confusion.csv'
    """
    name = "" if figures.stem == "eval" else f"{figures.stem.removesuffix('-eval')}-"
    return figures.parent / f"{name}confusion.csv"


def _vote(weights: Sequence[Path]) -> str:
    """Return the members' names in one, or a hash of them if they are long or lie in several folders."""
    members = [os.path.relpath(path.with_suffix(""), weights[0].parent) for path in weights]
    joined = "+".join(members)
    if len(joined) <= MOST_LETTERS and not any(os.path.dirname(member) for member in members):
        return f"{joined}-vote"
    return f"vote-of-{len(members)}-{hashlib.sha256(joined.encode(errors='surrogateescape')).hexdigest()[:8]}"


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
