"""The figure of a reading: the picture with a box around each digit."""

from nndigits.stages.figures.figure import Curve, Figure, Note, Panel
from nndigits.stages.reading.report import ReadReport

FIGURE_WIDTH = 9.0  # inches


def figure(report: ReadReport) -> Figure:
    """Draw the picture with a box around each digit and its value above."""
    digits = [digit for line in report.lines for digit in line]
    boxes = [digit.box for digit in digits]
    edges = [tuple(edge - 0.5 for edge in box) for box in boxes]  # a pixel is drawn centred on its index
    curves = [Curve((x, far, far, x, x), (y, y, low, low, y)) for x, y, far, low in edges]
    size = max((low - y for _, y, _, low in boxes), default=0)
    notes = [
        Note((digit.box[0] + digit.box[2]) / 2, digit.box[1] - 0.2 * size, report.classes[digit.digit], "off")
        for digit in digits
    ]
    width, height = report.size
    shown = (255 - report.picture).tolist()
    room = (height - 0.5, min(-0.5, min((note.y for note in notes), default=0) - 0.2 * size))
    title = report.text.replace("\n", " / ")
    panel = Panel(title, image=shown, curves=tuple(curves), notes=tuple(notes), y_range=room)
    return Figure((panel,), size=(FIGURE_WIDTH, min(max(1.5, FIGURE_WIDTH * height / width + 0.5), FIGURE_WIDTH)))
