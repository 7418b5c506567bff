"""Names and readers of the CSV and JSON files that stages write.

``load_document`` and ``load_rows`` read any such file, and refuse one whose checksum is wrong. The other two ignore a
file that was made from something else than expected.
"""

import hashlib
import os
import re
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from nndigits.stages.store import artifacts, files, metadata
from nndigits.stages.store.errors import InputError, WorldError
from nndigits.stages.store.kinds import MOST_COST
from nndigits.stages.store.metadata import Meta
from nndigits.stages.store.patterns import MOST_COUNT, SchemaError, Text, check_pattern, real
from nndigits.stages.store.texts import MOST_CELL, MOST_PARAMETER, parse_csv, parse_json
from nndigits.stages.system.paths import AS_BYTES, NO_LINKS, NO_WAIT

TIMINGS = "timings.csv"
"""A log of durations beside the artifacts, which do not depend on the clock.

Each slow stage appends a line with the sha256 of the artifact and the seconds, for the comparison of classifiers. The
file may be deleted at any time. The times are then unknown.
"""

TIME = re.compile(rb"[0-9a-f]{1,64},[^,\n]{1,64},[0-9.]+\n")
MOST_TIMINGS = 2**24  # bytes
MOST_WORD = 64
MOST_SECONDS = 1e9

Times = dict[tuple[str, str], float]
"""(sha256, step) -> seconds. A step is ``train``, ``read test``, and so on."""


class EpochRow(NamedTuple):
    """A row of a history: the mean costs, the correct images, and the learning rate at the end of the epoch.

    The training images are a sample. The validation cost is 0 without validation images.
    """

    epoch: int
    cost: float
    validation_correct: int
    validation_total: int
    validation_cost: float
    training_correct: int
    training_total: int
    eta: float


HISTORY_COLUMNS = EpochRow._fields
COLUMN_TYPES = (int, float, int, int, float, int, int, float)


@dataclass(frozen=True)
class History:
    """The epochs of a training run; ``kept`` is the one whose weights were kept, ``name`` that of the weights."""

    path: Path
    meta: Meta
    name: str
    cost_name: str
    kept: int
    rows: tuple[EpochRow, ...]


MOST_LETTERS = 60
"""Longer names of an ensemble's members are replaced by their number and a hash."""


def figures_path(weights: Sequence[Path], split: str = "test", shifts: int = 0, data: str = "") -> Path:
    """Return the path of the figures of one classifier, or of an ensemble, beside the first one's weights.

    ``data`` is the name of the data set, if it is another one than that of the training.

    >>> figures_path([Path("a/wide.npz")]).as_posix()
    'a/wide-eval.json'
    >>> figures_path([Path("a/wide.npz")], "validation", 1).as_posix()
    'a/wide-validation-shifts-1-eval.json'
    >>> figures_path([Path("a/wide.npz")], data="mine").as_posix()
    'a/wide-mine-eval.json'
    >>> figures_path([Path("a/wide.npz"), Path("a/deep.npz")]).as_posix()
    'a/wide+deep-vote-eval.json'
    """
    parts = [weights[0].stem if len(weights) == 1 else _vote(weights)]
    parts += [data] if data else []
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


def load_document(path: Path) -> tuple[Meta, dict[str, Any]]:
    """Read a JSON artifact; return its metadata and its figures. Raises InputError."""
    text = metadata.read_text(path)
    meta = metadata.of_text(path, text)
    return meta, {name: value for name, value in parse_json(text).items() if name != "made"}


def load_rows(path: Path) -> tuple[Meta, list[list[str]]]:
    """Read a CSV; return its metadata and its rows, of which the first names the columns. Raises InputError."""
    text = metadata.read_text(path)
    meta = metadata.of_text(path, text)
    try:
        most_letters = MOST_PARAMETER if meta["kind"] == "results" else MOST_CELL
        return meta, parse_csv(text.partition(b"\n")[2], most_letters)
    except SchemaError as error:
        raise InputError(f"{path}: {error}. Make it again with the command that wrote it") from None


def read_history(path: Path) -> History:
    """Read the history that `nn train` wrote; raises InputError if it is missing, damaged, or no history."""
    meta = artifacts.load_metadata(path)
    hint = "Make one with `nn train`"
    if path.suffix != ".csv" or meta["kind"] != "history":
        raise InputError(f"{path}: is not the history of a training run (kind: {meta['kind']}). {hint}")
    about, name = meta["about"], "weights" if path.stem == "history" else path.stem.removesuffix("-history")
    try:
        rows = _epochs(load_rows(path)[1])
        if about["epoch"] >= len(rows):
            raise SchemaError(f"{len(rows)} epochs, of which {about['epoch']} is the best")
    except SchemaError as error:
        raise InputError(f"{path}: is not a history as `nn train` writes it ({error}). {hint}") from None
    return History(path, meta, name, about["cost"], about["epoch"], tuple(rows))


def _epochs(rows: Sequence[Sequence[str]]) -> list[EpochRow]:
    """Return the numbers in rows of text, of which the first names the columns; raises SchemaError for others."""
    if list(rows[0]) != list(HISTORY_COLUMNS):
        raise SchemaError(f"columns {rows[0][: len(HISTORY_COLUMNS)]}")
    epochs = []
    for number, texts in enumerate(rows[1:]):
        try:
            row = EpochRow(*(kind(text) for kind, text in zip(COLUMN_TYPES, texts, strict=True)))
        except ValueError:
            raise SchemaError(f"something else than numbers for epoch {number}") from None
        for name in ("cost", "validation_cost", "eta"):
            check_pattern(getattr(row, name), real(-MOST_COST, MOST_COST), f"the {name} of epoch {number}")
        for correct, total in (row[2:4], row[5:7]):
            if row.epoch != number or not 0 <= correct <= total <= MOST_COUNT:
                raise SchemaError(f"{correct} of {total} correct in epoch {row.epoch}, where epoch {number} should be")
        epochs.append(row)
    return epochs


def read_rows(path: Path, meta: Meta, header: Sequence[str]) -> list[list[str]]:
    """Read the rows of a CSV that has the description ``meta``; no rows if there is no such file.

    Raises InputError if the file is damaged.
    """
    if not files.has_content(path):
        return []
    found, rows = load_rows(path)
    return rows[1:] if artifacts.is_same_work(found, meta) and rows[0] == list(header) else []


def read_document(path: Path, meta: Meta) -> dict[str, Any] | None:
    """Read a JSON document that has the description ``meta``; None if there is no such file."""
    if path.suffix != ".json":
        return None
    try:
        found, figures = load_document(path)
    except InputError:
        return None
    return figures if artifacts.is_same_work(found, meta) else None


def record_time(folder: Path, sha256: str, step: str, seconds: float) -> None:
    """Append a line to the log. A file of another kind or of another user stays, and the time is then unknown.

    Raises WorldError where the disk fails.
    """
    path, line = folder / TIMINGS, f"{sha256},{step},{seconds:.3f}\n"
    # One short append, so that several programs can do it at once. Links are not followed, only regular files are
    # written, and a pipe without a reader does not block.
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | NO_LINKS | NO_WAIT | AS_BYTES
    try:
        with open(os.open(path, flags, 0o666), "r+b", buffering=0) as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode) and (not status.st_size or TIME.match(file.read(200))):
                if status.st_size:
                    file.seek(-1, os.SEEK_END)
                    line = line if file.read(1) == b"\n" else f"\n{line}"
                file.write(line.encode())
    except OSError as error:
        if files.kind_of(error) is WorldError:
            raise WorldError(f"{path}: cannot be written ({files.reason(error)}); all else is written") from None


def read_times(folder: Path) -> Times:
    """Read all times; the last of equal keys counts, and malformed lines are ignored."""
    times: Times = {}
    with suppress(InputError):
        text = files.read(folder / TIMINGS, hint="Delete it", limit=MOST_TIMINGS).decode(errors="replace")
        for line in text.splitlines():
            with suppress(ValueError):
                sha256, step, seconds = line.split(",")
                check_pattern([sha256, step], [Text(MOST_WORD)])
                if 0 <= float(seconds) <= MOST_SECONDS:
                    times[sha256, step] = float(seconds)
    return times
