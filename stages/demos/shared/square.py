"""The four inputs of a function of two bits as a square, with the line where a perceptron's output changes."""

from collections.abc import Sequence

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.neurons import all_inputs, perceptron
from nndigits.stages.figures.figure import Curve, Note, Panel

LOW, HIGH = -0.5, 1.5
COLUMNS, ROWS = 15, 9
FRAME = np.array([[LOW, LOW], [HIGH, LOW], [HIGH, HIGH], [LOW, HIGH]])


def square_lines(outputs: Sequence[float], w: Array | None, b: float = 0.0) -> list[str]:
    """Draw the four outputs at the corners of a square, and shade where the perceptron, if given, outputs 1."""
    across, up = np.linspace(LOW, HIGH, COLUMNS), np.linspace(HIGH, LOW, ROWS)
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    shaded = np.zeros((ROWS, COLUMNS)) if w is None else perceptron(grid.reshape(-1, 2), w, b).reshape(ROWS, COLUMNS)
    rows = [["░" if one else " " for one in row] for row in shaded]
    for (x1, x2), output in zip(all_inputs(2), outputs, strict=True):
        row, column = int(np.abs(up - x2).argmin()), int(np.abs(across - x1).argmin())
        rows[row][column - 1 : column + 2] = f"({int(output)})"
    return ["┌" + "─" * COLUMNS + "┐", *("│" + "".join(row) + "│" for row in rows), "└" + "─" * COLUMNS + "┘"]


def square_panel(title: str, outputs: Sequence[float], w: Array | None, b: float = 0.0, note: str = "") -> Panel:
    """Plot the square: filled points for output 1, hollow points for 0, and the side with output 1 shaded."""
    curves = []
    if w is not None:
        area, line = edge(w, b, corners=True), edge(w, b, corners=False)
        if len(area):
            curves.append(Curve([*area[:, 0], area[0, 0]], [*area[:, 1], area[0, 1]], style="area"))
        if len(line) == 2:
            curves.append(Curve(line[:, 0].tolist(), line[:, 1].tolist(), style="line"))
    x, given = all_inputs(2), np.array(outputs)
    off, on = x[given == 0].T.tolist(), x[given == 1].T.tolist()
    curves += [Curve(off[0], off[1], style="hollow"), Curve(on[0], on[1], style="filled")]
    frame = (LOW, HIGH)
    notes = (Note(0.5, 0.5, note),) if note else ()
    return Panel(title, "x1", "x2", tuple(curves), equal=True, ticks=(0, 1), notes=notes, x_range=frame, y_range=frame)


def edge(w: Array, b: float, *, corners: bool) -> Array:
    """Return where the line w.x + b = 0 crosses the frame, ``(2, 2)``, or ``(0, 2)`` if it misses it.

    With ``corners``, return the corners of the part of the frame where w.x + b > 0, ``(k, 2)``.
    """
    points = []
    for here, there in zip(FRAME, np.roll(FRAME, -1, axis=0), strict=True):
        z, z_there = here @ w + b, there @ w + b
        if corners and z > 0:
            points.append(here)
        if (z > 0) != (z_there > 0):
            points.append(here + (there - here) * (z / (z - z_there)))
    return np.array(points).reshape(-1, 2)
