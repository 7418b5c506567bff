"""The square of two inputs that are 0 or 1, with the line at which a perceptron changes its answer."""

from collections.abc import Sequence

import numpy as np

from nn.models.arrays.types import Array
from nn.models.chapter.perceptron import all_inputs, perceptron
from nn.stages.figures.figure import Curve, Note, Panel

LOW, HIGH = -0.5, 1.5
COLUMNS, ROWS = 17, 9


def square_lines(outputs: Sequence[float], w: Array | None, b: float = 0.0) -> list[str]:
    """Draw the four outputs at the corners of a square; where a perceptron is given, shade where it answers 1."""
    across, up = np.linspace(LOW, HIGH, COLUMNS), np.linspace(HIGH, LOW, ROWS)
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    shaded = np.zeros((ROWS, COLUMNS)) if w is None else perceptron(grid.reshape(-1, 2), w, b).reshape(ROWS, COLUMNS)
    rows = [["░" if one else " " for one in row] for row in shaded]
    for (x1, x2), output in zip(all_inputs(2), outputs, strict=True):
        row, column = int(np.abs(up - x2).argmin()), int(np.abs(across - x1).argmin())
        rows[row][column - 1 : column + 2] = f"({int(output)})"
    return ["┌" + "─" * COLUMNS + "┐", *("│" + "".join(row) + "│" for row in rows), "└" + "─" * COLUMNS + "┘"]


def captioned(caption: str, lines: list[str]) -> list[str]:
    """A drawing with its name above it."""
    width = max(len(caption), len(lines[0]))
    return [line.ljust(width) for line in (caption, *lines)]


def beside(blocks: Sequence[list[str]], gap: str = "   ") -> tuple[str, ...]:
    """Lay drawings of the same height next to each other."""
    return tuple(gap.join(parts).rstrip() for parts in zip(*blocks, strict=True))


def square_panel(title: str, outputs: Sequence[float], w: Array | None, b: float = 0.0, note: str = "") -> Panel:
    """Plot the same: filled points are ones, hollow points zeros, and the side with answer 1 is tinted."""
    corners = list(zip(all_inputs(2).tolist(), outputs, strict=True))
    curves = []
    if w is not None:
        area = _side(w, b)
        if len(area):
            curves.append(Curve([*area[:, 0], area[0, 0]], [*area[:, 1], area[0, 1]], style="area"))
        border = _border(w, b)
        if len(border) == 2:
            curves.append(Curve(border[:, 0].tolist(), border[:, 1].tolist(), style="line"))
    for wanted, style in ((0, "hollow"), (1, "filled")):
        chosen = [place for place, output in corners if output == wanted]
        curves.append(Curve([place[0] for place in chosen], [place[1] for place in chosen], style=style))  # type: ignore[arg-type]
    notes = (Note(0.5, 0.5, note),) if note else ()
    return Panel(
        title,
        "x1",
        "x2",
        tuple(curves),
        equal=True,
        ticks=(0, 1),
        notes=notes,
        x_range=(LOW, HIGH),
        y_range=(LOW, HIGH),
    )


FRAME = np.array([[LOW, LOW], [HIGH, LOW], [HIGH, HIGH], [LOW, HIGH]])


def _side(w: Array, b: float) -> Array:
    """The corners of the part of the frame where w.x + b > 0, ``(k, 2)``: the frame cut along the line."""
    kept = []
    for here, there in zip(FRAME, np.roll(FRAME, -1, axis=0), strict=True):
        z, z_there = here @ w + b, there @ w + b
        if z > 0:
            kept.append(here)
        if (z > 0) != (z_there > 0):
            kept.append(here + (there - here) * (z / (z - z_there)))
    return np.array(kept).reshape(-1, 2)


def _border(w: Array, b: float) -> Array:
    """The two ends of the line w.x + b = 0 in the frame, ``(2, 2)``, or nothing where it passes it by."""
    ends = []
    for here, there in zip(FRAME, np.roll(FRAME, -1, axis=0), strict=True):
        z, z_there = here @ w + b, there @ w + b
        if (z > 0) != (z_there > 0):
            ends.append(here + (there - here) * (z / (z - z_there)))
    return np.array(ends).reshape(-1, 2)
