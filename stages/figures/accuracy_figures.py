"""The figures of an evaluation, its confusion matrix and mistakes, and of a comparison, beside the book's figures."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nndigits.stages.figures.figure import Curve, Figure, Panel, Tile, shortened
from nndigits.stages.words.classes import are_digits, noun, short
from nndigits.stages.words.numbers import percent, share

if TYPE_CHECKING:
    from nndigits.stages.evaluate import EvalReport
    from nndigits.stages.results.entries import Entry


MISTAKES_IN_ROW = 2
MOST_LETTERS, MOST_NAME = 36, 60
"""Of a label, and of a network's name in the title."""
WIDTH, HEIGHT, MOST_INCHES = 9.4, 5.6, 16.0
CLASS = 0.42
"""The least width of a class's column in inches."""

NAN = float("nan")
TICKS = (0.01, 0.1, 0.5, 0.9, 0.97, 0.99, 0.997, 0.999)
FINE_TICKS = (0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.997, 0.999)
FINE = 6.0
"""The range of log-odds below which the fine ticks have room."""
MARGIN = 0.3
"""On each side of the drawn accuracies, in log-odds."""
BELOW = 0.22
"""How far below our accuracy the book's is drawn, in rows: they are often equal."""
NEAREST = 0.0005
"""The least distance of a drawn accuracy from 0 and from 1, which a logit scale cannot reach."""


def evaluation_figure(report: "EvalReport") -> Figure:
    """Draw the confusion matrix with its counts, and the mistakes, each with its label and the prediction."""
    names = tuple(map(short, report.classes))
    name = shortened(report.what, MOST_NAME)
    images = "image" if report.total == 1 else "images"
    matrix = Panel(
        "Confusion matrix",
        "prediction",
        f"true {noun(report.classes)}",
        counts=report.confusion,
        names=() if are_digits(report.classes) else names,
        scale="images (logarithmic scale)",
    )
    tiles = tuple(
        Tile(mistake.picture, f"{names[mistake.label]}, read as {names[mistake.answer]}\n#{mistake.index}")
        for mistake in report.mistakes
    )
    mistakes = Panel("Most confident mistakes", tiles=tiles, tiles_in_row=MISTAKES_IN_ROW)
    panels = (matrix, mistakes) if tiles else (matrix,)
    larger = min(MOST_INCHES, max(0.0, CLASS * (len(report.confusion) - 10)))
    width, height = (WIDTH + larger) / len(panels), HEIGHT + larger
    correct = share(report.correct, report.total)
    return Figure(
        panels,
        size=(width, height),
        title=f"{name}: {correct} {report.split} {images} correct, {percent(report.accuracy)}",
        widths=(2.2 * (WIDTH + larger) / WIDTH, 1.0) if tiles else (),
    )


def comparison_figure(entries: Sequence["Entry"], dataset: str, *, with_book: bool) -> Figure:
    """Draw a row for each classifier: its accuracy, the 95 % interval, and, on MNIST, the book's figure.

    The scale is logistic, because the classifiers differ most near 100 %.
    """
    rows = [entry for entry in entries if entry.accuracy is not None or (with_book and entry.book)]
    ours = [(y, entry.accuracy) for y, entry in enumerate(rows) if entry.accuracy is not None]
    limits = [(y, *entry.interval) for y, entry in enumerate(rows) if entry.interval is not None]
    theirs = [(y, entry.book.accuracy) for y, entry in enumerate(rows) if with_book and entry.book]
    drawn = [x for _, *xs in (*ours, *limits, *theirs) for x in xs]
    curves = [
        # Intervals are one curve with gaps, so that they have one colour and one name.
        Curve(
            [_inside(x) for _, low, high in limits for x in (low, high, NAN)],
            [height for y, _, _ in limits for height in (y, y, NAN)],
            "95 % interval",
            "interval",
        ),
        Curve([_inside(x) for _, x in ours], [y for y, _ in ours], "measured", "points"),
    ]
    if theirs:
        curves.append(Curve([_inside(x) for _, x in theirs], [y + BELOW for y, _ in theirs], "the book", "diamond"))
    low, high = _inside(min(drawn, default=0.1)), _inside(max(drawn, default=0.9))
    least, most = _log_odds(low) - MARGIN, _log_odds(high) + MARGIN
    low, high = (1 / (1 + math.exp(-z)) for z in (least, most))
    ticks = [tick for tick in (FINE_TICKS if most - least < FINE else TICKS) if low <= tick <= high]
    panel = Panel(
        f"Accuracy on the test images of {shortened(dataset, MOST_LETTERS)}",
        "accuracy (logistic scale)",
        curves=tuple(curves),
        x_range=(low, high),
        y_range=(len(rows) - 0.5, -0.5),
        x_ticks=tuple((tick, f"{100 * tick:g} %") for tick in ticks),
        y_ticks=tuple(map(_label, rows)),
        logit_x=True,
    )
    return Figure((panel,), columns=1, size=(9.4, 1.6 + 0.36 * len(rows)))


def _label(entry: "Entry") -> str:
    """Return the file and the name of a classifier, and its accuracy."""
    runs = f"{entry.name}, {entry.runs} runs" if entry.runs > 1 else entry.name
    name = f"{Path(entry.files[0]).stem}: {entry.name}" if entry.runs == 1 else runs
    return shortened(name, MOST_LETTERS) + ("" if entry.accuracy is None else f"  {percent(entry.accuracy)}")


def _log_odds(accuracy: float) -> float:
    return math.log(accuracy / (1 - accuracy))


def _inside(accuracy: float) -> float:
    """Return the accuracy, moved to where a logit scale can draw it."""
    return min(max(accuracy, NEAREST), 1 - NEAREST)
