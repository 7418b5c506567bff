"""An evaluation as text: the accuracy, and the confusion matrix or, for many classes, what each is confused with."""

from pathlib import Path
from typing import TYPE_CHECKING

from nndigits.cli.terminal.layout import width
from nndigits.cli.terminal.options import ARTIFACTS
from nndigits.cli.terminal.output import Output, call
from nndigits.cli.terminal.tables import Column, Table, table
from nndigits.stages.words.classes import are_digits, noun, nouns, short
from nndigits.stages.words.numbers import percent, share

if TYPE_CHECKING:
    from nndigits.stages.classifiers.baseline_accuracy import AccuracyReport
    from nndigits.stages.evaluate import EvalReport
    from nndigits.stages.pages.report import PageReport
    from nndigits.stages.results.evaluations import EvalResult


NAME = 16
"""The columns of a name beside a matrix; a longer one is cut."""

MOST_CONFUSED = 3
"""The wrong predictions that a class is listed with."""


def render_confusion(report: "EvalReport | EvalResult", output: Output) -> None:
    """Print a row for each class: the number of each prediction, precision and recall.

    A matrix that is too wide is printed as a list, with the most frequent wrong predictions of each class.
    """
    matrix = _matrix(report)
    if are_digits(report.classes) or matrix.fits(width()):
        output.prose(f"Confusion matrix (rows: true {nouns(report.classes)}, columns: predictions):")
        output.line()
        output.table(matrix)
        return
    output.prose(f"The {len(report.classes)} {nouns(report.classes)}, each with what it is most often confused with:")
    output.line()
    output.table(_list(report))


def _matrix(report: "EvalReport | EvalResult") -> Table:
    """Return the confusion matrix; the columns of classes with long names have their numbers."""
    names = report.classes
    heads = names if all(len(name) == 1 for name in names) else tuple(map(str, range(len(names))))
    rows = names if heads == names else tuple(f"{head} {name}" for head, name in zip(heads, names, strict=True))
    first = Column(noun(names), left=True, cut=0 if are_digits(names) else NAME)
    columns = [Column(head) for head in heads]
    matrix = Table(first, *columns, Column("precision", rank=2), Column("recall", rank=1), least_gap=1)
    for name, digit, row in zip(rows, report.per_digit, report.confusion, strict=True):
        cells = [str(count) if count else "." for count in row]
        matrix.add_row(
            name,
            *cells,
            percent(digit.precision, 1),
            percent(digit.recall, 1),
            styles={1 + digit.digit: "good"},
        )
    return matrix


def _list(report: "EvalReport | EvalResult") -> Table:
    """Return a row for each class: its images, precision, recall, and the most frequent wrong predictions."""
    names = report.classes
    rows = table(
        Column(noun(names), left=True, cut=NAME),
        Column("images", rank=1),
        "precision",
        "recall",
        Column("read as", left=True),
    )
    for name, digit, row in zip(names, report.per_digit, report.confusion, strict=True):
        wrong = [(count, other) for other, count in enumerate(row) if count and other != digit.digit]
        wrong.sort(key=lambda one: (-one[0], one[1]))
        others = ", ".join(f"{short(names[other])} ({count:,})" for count, other in wrong[:MOST_CONFUSED])
        figures = (f"{digit.total:,}", percent(digit.precision, 1), percent(digit.recall, 1))
        rows.add_row(name, *figures, others)
    return rows


def score(verdict: "AccuracyReport | EvalReport | EvalResult | PageReport", split: str) -> str:
    """Format the accuracy on a split of the data, in one line."""
    low, high = (percent(limit) for limit in verdict.interval)
    return (
        f"{verdict.what} on the {split} images of {verdict.dataset_title}: {share(verdict.correct, verdict.total)} "
        f"correct, {percent(verdict.accuracy)} (95 % interval {low} to {high})"
    )


def verdict_lines(verdict: "AccuracyReport", output: Output, out: Path, data: Path, book: str) -> None:
    """Print the accuracy, the book's figure, and the next commands."""
    output.prose(f"{score(verdict, 'test')} -> {out}")
    if not output.quiet:
        if verdict.has_book_figures:
            output.prose(f"The book: {book}.")
        elif are_digits(verdict.classes):
            output.prose(f"The book: {book}, but on MNIST, not on {verdict.dataset_title}.")
    folder = [out.parent] if out.parent != ARTIFACTS else []
    output.note("Try next:", call("eval", weights=[out], data=data), call("compare", *folder, data=data))
