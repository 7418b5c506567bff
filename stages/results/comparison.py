"""The comparison as a table of formatted text, as Markdown, and as rows of compare.json, which become entries again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nndigits.stages.results.entries import BookFigure, Entry
from nndigits.stages.results.evaluations import VERDICT, verdict_of
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.patterns import COUNT, MOST_COUNT, SHARE, Items, SchemaError, check_part, real, whole
from nndigits.stages.words import escaping
from nndigits.stages.words.numbers import percent, seconds, size

COLUMNS = (
    "file",
    "correct",
    "accuracy",
    "95 % interval",
    "the book",
    "parameters",
    "size",
    "training, s",
    "reading, s",
    "classifier",
)

NOTE = (
    "The accuracy is on the test images; ± is the standard deviation over runs from different seeds. The interval is "
    "for the random choice of the test images. Training and reading (all test images) were timed on this machine; – "
    "means unknown. The book gives the best epoch of its networks."
)


def cells(entry: Entry, *, with_book: bool = True) -> tuple[str, ...]:
    """Return the formatted columns of one row."""
    book = entry.book.says.split(",")[0] if entry.book and with_book else ""
    return (
        file_name(entry),
        "" if entry.correct is None else f"{entry.correct:,.0f}" if entry.runs == 1 else f"{entry.correct:,.1f}",
        _accuracy(entry),
        "" if entry.interval is None else "{:.2f} to {:.2f} %".format(*(100 * limit for limit in entry.interval)),
        book,
        "" if entry.numbers is None else f"{entry.numbers:,}",
        "" if entry.bytes is None else size(entry.bytes),
        _seconds(entry.train_seconds, entry.runs),
        _seconds(entry.read_seconds, entry.runs),
        entry.name + (f", {entry.runs} runs" if entry.runs > 1 else ""),
    )


def file_name(entry: Entry) -> str:
    """Return the file of a row, or a pattern for those of several runs; a dash for what only the book has."""
    if len(entry.files) < 2:
        return "".join(entry.files) or "–"
    first, last = min(entry.files), max(entry.files)
    same = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    return f"{first[:same]}*.npz"


def markdown(entries: Sequence[Entry], dataset: str, *, with_book: bool) -> str:
    """Return the table as a page of Markdown."""
    rows = [
        COLUMNS,
        ("---", *["---:"] * (len(COLUMNS) - 2), "---"),
        *(map(escaping.markdown, cells(one, with_book=with_book)) for one in entries),
    ]
    note = "" if with_book else " (not MNIST: the book's figures do not apply)"
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"# Classifiers compared on {escaping.markdown(dataset)}{note}\n\n{table}\n\n{NOTE}\n"


def _accuracy(entry: Entry) -> str:
    if entry.accuracy is None:
        return ""
    spread = "" if entry.spread is None else f" ± {100 * entry.spread:.2f}"
    return percent(entry.accuracy) + spread


def _seconds(count: float | None, runs: int) -> str:
    if count is None:
        return "–" if runs else ""
    return seconds(count)


ENTRY: dict[str, Any] = {
    "name": str,
    "files?": [str],
    "runs?": COUNT,
    "correct?": real(0, MOST_COUNT),
    "total?": whole(1, MOST_COUNT),
    "accuracy?": SHARE,
    "spread?": SHARE,
    "interval?": Items(SHARE, 2, 2),
    "numbers?": COUNT,
    "bytes?": COUNT,
    "book?": {"name": str, "accuracy": SHARE, "says": str, "command": str, "file": str},
    "verdicts?": {"...": VERDICT},
}
"""The pattern of a row of a comparison, without what is null; times are not in it."""


def entries(path: Path, rows: Sequence[dict[str, Any]]) -> tuple[Entry, ...]:
    """Return the entries of the rows of a comparison; raises InputError if they are not as nn writes them."""
    try:
        return tuple(map(_entry, rows))
    except SchemaError as error:
        raise InputError(f"{path}: has a row that nn does not write ({error}). Compare again: `nn compare`") from None


def _entry(row: dict[str, Any]) -> Entry:
    found = check_part(row, ENTRY)
    book, interval = found.get("book"), found.get("interval")
    return Entry(
        **{
            **found,
            "files": tuple(found.get("files", ())),
            "interval": tuple(interval) if interval else None,
            "book": BookFigure(**book) if book else None,
            "verdicts": {name: verdict_of({"verdict": one}) for name, one in found.get("verdicts", {}).items()},
        }
    )
