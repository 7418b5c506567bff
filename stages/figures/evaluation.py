"""The figure of an evaluation: the confusion matrix and the most confident mistakes."""

from typing import TYPE_CHECKING

from nndigits.stages.figures.figure import Figure, Panel, Tile
from nndigits.stages.figures.text import shortened
from nndigits.stages.words.classes import are_digits, noun, short
from nndigits.stages.words.numbers import percent, share

if TYPE_CHECKING:
    from nndigits.stages.evaluate import EvalReport

MISTAKES_IN_ROW = 2
MOST_LETTERS = 60
"""Of a network's name in the title."""
WIDTH, HEIGHT, MOST_INCHES = 9.4, 5.6, 16.0
CLASS = 0.42
"""The least width of a class's column in inches."""


def evaluation_figure(report: "EvalReport") -> Figure:
    """Draw the confusion matrix with its counts, and the mistakes, each with its label and the prediction."""
    names = tuple(map(short, report.classes))
    name = shortened(report.what, MOST_LETTERS)
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
        columns=2,
        size=(width, height),
        title=f"{name}: {correct} {report.split} {images} correct, {percent(report.accuracy)}",
        widths=(2.2 * (WIDTH + larger) / WIDTH, 1.0) if tiles else (),
    )
