"""Tables of files: the durations of steps, the rows of a comparison; and the files that are not shown at all."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nndigits.stages.inspection.folder import Folder
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.kinds import CLASSIFIER_KINDS
from nndigits.stages.store.patterns import COUNT, Json, SchemaError, check_pattern
from nndigits.stages.store.result_files import load_document, read_times
from nndigits.stages.words.escaping import shell_word

OTHER_KINDS = {
    ".md": "is a table for people to read; the figures in it are in the .json file beside it: `nn show {}`",
    ".toml": "is a recipe, which is text; train with it: `nn train --recipe {}`",
    **dict.fromkeys((".png", ".jpg", ".jpeg"), "is a picture; read its digit: `nn predict {}`"),
    ".svg": "is a picture; a browser shows it. `nn show` takes .npz, .json and .csv files",
    ".txt": "is not a file of nn; `nn show` takes .npz, .json and .csv files",
}
"""Why a file of another kind is not shown, and what to do with it."""


TRIAL: dict[str, Any] = {"name": str, "state": str, "validation_correct?": COUNT, "finished_epochs": COUNT}
"""What is shown of a trial of a sweep."""


@dataclass(frozen=True)
class ArrayReport:
    """One array of an artifact."""

    name: str
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class TableReport:
    """A table of text and numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float, ...], ...]


def refuse_other_kinds(path: Path) -> None:
    """Raise InputError, with what to do instead, for a folder, or a file whose ending says that it holds no figures."""
    if os.path.isdir(path):
        raise InputError(f"{path}: is a folder. `nn status {shell_word(path)}` lists its files")
    if path.suffix in OTHER_KINDS and path.exists():
        name = path.with_suffix(".json") if path.suffix == ".md" else path
        raise InputError(f"{path}: {OTHER_KINDS[path.suffix].format(shell_word(name))}")


def arrays(artifact: Artifact) -> tuple[ArrayReport, ...]:
    """Describe the arrays of an artifact."""
    named = sorted(artifact.arrays.items())
    return tuple(ArrayReport(name, str(array.dtype), array.shape) for name, array in named)


def times(folder: Folder) -> TableReport:
    """Return the durations of a folder: the file that each is of, or the first digits of its hash; step; seconds."""
    names = {folder.sha256(folder.path / name): name for name in folder.names(*CLASSIFIER_KINDS)}
    known = read_times(folder.path).items()
    rows = tuple((names.get(sha256, f"{sha256[:8]} (not here)"), step, seconds) for (sha256, step), seconds in known)
    return TableReport(("file", "step", "seconds"), rows)


def trials(path: Path) -> TableReport:
    """Return the trials of a sweep, the best first; `nn sweep` compares them."""
    found = load_document(path)[1].get("trials")
    try:
        check_pattern(found, [{**TRIAL, "...": Json(2)}], "trials")
    except SchemaError as error:
        raise InputError(f"{path}: has no trials as `nn sweep` writes them ({error}). Sweep again") from None
    return TableReport(tuple(name.rstrip("?") for name in TRIAL), tuple(_cells(one) for one in found or ()))


def _cells(trial: dict[str, Any]) -> tuple[str | int | float, ...]:
    return tuple(trial.get(name.rstrip("?"), "") for name in TRIAL)


def entries(path: Path) -> tuple[dict[str, Any], ...]:
    """Return the rows of a comparison; ``stages/comparison`` knows what is in them."""
    found = load_document(path)[1].get("entries")
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise InputError(f"{path}: has no rows as `nn compare` writes them. Compare again")
    return tuple(found)
