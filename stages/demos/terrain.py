"""A test function and the path of gradient descent on it: as letters for a terminal, and as a figure."""

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.test_functions import TestFunction
from nndigits.stages.demos.shared.texts import Say
from nndigits.stages.figures.figure import Curve, Figure, Panel

say = Say("gradient-descent")

WIDTH, HEIGHT = 53, 21
SHADES = " .:-=+*#"
GRID = 81
TANGENTS = 3
FLOOR, CEILING = 1e-8, 1e3
"""Range of the plotted cost, as shares of the first cost."""


def drawing(valley: TestFunction, path: Array, eta: float) -> tuple[str, ...]:
    """Draw C from above, or from the side if it has one variable, and the ball's first ten positions as 0 to 9."""
    rows = [list(row) for row in (_from_above(valley) if path.shape[1] == 2 else _from_the_side(valley))]
    for step in reversed(range(min(len(path), 10))):
        cell = _cell(valley, path[step])
        if cell is not None:
            rows[cell[0]][cell[1]] = str(step)
    across = f"{'v1' if path.shape[1] == 2 else 'v'} from {-valley.reach:g} to {valley.reach:g}"
    up = f", v2 from {-valley.reach:g} (bottom) to {valley.reach:g}" if path.shape[1] == 2 else ""
    frame = "+" + "-" * WIDTH + "+"
    return (
        say("drawn-above" if path.shape[1] == 2 else "drawn-side", eta=eta),
        f"  {frame}",
        *(f"  |{''.join(row)}|" for row in rows),
        f"  {frame}",
        f"   {across}{up}",
    )


def _from_above(valley: TestFunction) -> list[str]:
    x, y = np.linspace(-valley.reach, valley.reach, WIDTH), np.linspace(valley.reach, -valley.reach, HEIGHT)
    height = _height(valley, np.stack(np.meshgrid(x, y), axis=-1))
    levels = (height / height.max() * (len(SHADES) - 0.001)).astype(int)
    return ["".join(SHADES[level] for level in row) for row in levels]


def _from_the_side(valley: TestFunction) -> list[str]:
    x = np.linspace(-valley.reach, valley.reach, WIDTH)[:, None]
    cells = [_cell(valley, v) for v in x]
    return ["".join("." if cells[column] == (row, column) else " " for column in range(WIDTH)) for row in range(HEIGHT)]


def _cell(valley: TestFunction, v: Array) -> tuple[int, int] | None:
    """Return the row and column of a position, or None if it is outside the drawing."""
    if np.abs(v).max() > valley.reach:
        return None
    column = round((float(v[0]) / valley.reach + 1) / 2 * (WIDTH - 1))
    if len(v) == 2:
        return round((1 - float(v[1]) / valley.reach) / 2 * (HEIGHT - 1)), column
    top = float(valley.value(np.array([[-valley.reach], [valley.reach]])).max())
    share = (float(valley.value(v)) - valley.lowest) / (top - valley.lowest)
    return min(HEIGHT - 1, max(0, round((1 - share) * (HEIGHT - 1)))), column


def _height(valley: TestFunction, v: Array) -> Array:
    """Compute the square root of C minus its minimum: it has the same contours, evenly spaced in a bowl."""
    above: Array = np.maximum(valley.value(v) - valley.lowest, 0)
    return np.sqrt(above)


def figure(valley: TestFunction, etas: tuple[float, ...], paths: list[Array]) -> Figure:
    """Plot the path for each learning rate, and the cost after each step."""
    panel = _contours if paths[0].shape[1] == 2 else _curve
    panels = [panel(valley, eta, path) for eta, path in zip(etas, paths, strict=True)]
    curves = tuple(_costs(valley, eta, path) for eta, path in zip(etas, paths, strict=True))
    costs = Panel(say("c-minus-its-minimum-after"), say("step"), "", curves, log_y=True)
    return Figure((*panels, costs), columns=2)


def _costs(valley: TestFunction, eta: float, path: Array) -> Curve:
    """Return C minus its minimum after each step, until it leaves the plotted range."""
    above = np.maximum(valley.value(path) - valley.lowest, 0)
    outside = np.flatnonzero((above > CEILING * above[0]) | (above < FLOOR * above[0]))
    shown = above[: outside[0]] if len(outside) else above
    return Curve(list(range(len(shown))), shown.tolist(), say("eta-eta-g", eta=eta))


def _visible(valley: TestFunction, path: Array) -> Array:
    """Return the path until it leaves the plotted range."""
    outside = np.flatnonzero(np.abs(path).max(axis=1) > valley.reach)
    return path[: outside[0]] if len(outside) else path


def _contours(valley: TestFunction, eta: float, path: Array) -> Panel:
    axis = np.linspace(-valley.reach, valley.reach, GRID)
    height = _height(valley, np.stack(np.meshgrid(axis, axis), axis=-1))
    visible = _visible(valley, path)
    x, y = visible[:, 0].tolist(), visible[:, 1].tolist()
    return Panel(
        say("eta-eta-g-2", eta=eta),
        "v1",
        "v2",
        (Curve(x, y, say("path")), Curve(x, y, "", "points"), Curve(x[:1], y[:1], say("start"), "points")),
        contour_x=axis.tolist(),
        contour_y=axis.tolist(),
        heights=height.tolist(),
        equal=True,
    )


def _curve(valley: TestFunction, eta: float, path: Array) -> Panel:
    """Plot C(v), the positions of the ball, and the tangents at the first of them."""
    axis = np.linspace(-valley.reach, valley.reach, GRID)
    visible = _visible(valley, path)
    width = valley.reach / 4
    tangents = tuple(
        Curve(
            [float(v[0]) - width, float(v[0]) + width],
            [float(valley.value(v) + side * width * valley.gradient(v)[0]) for side in (-1, 1)],
            say("tangents") if step == 0 else "",
            "dashed",
        )
        for step, v in enumerate(visible[:TANGENTS])
    )
    curve = Curve(axis.tolist(), valley.value(axis[:, None]).tolist(), "C(v)")
    positions = Curve(visible[:, 0].tolist(), valley.value(visible).tolist(), say("the-ball"), "points")
    return Panel(say("eta-eta-g-2", eta=eta), "v", say("c"), (curve, *tangents, positions))
