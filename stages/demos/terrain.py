"""A test function and the path of gradient descent on it: as letters for a terminal, and as a figure."""

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.test_functions import TestFunction
from nndigits.stages.demos.shared.texts import Say, Text
from nndigits.stages.figures.figure import Figure, Panel

say = Say("gradient-descent")

WIDTH, HEIGHT = 53, 21
SHADES = " .:-=+*#"
GRID = 81
TANGENTS = 3
FLOOR, CEILING = 1e-8, 1e3
"""Range of the plotted cost, as shares of the first cost."""


def drawing(valley: TestFunction, path: Array, eta: float) -> tuple[str, ...]:
    """Draw C from above, or from the side if it has one variable, and the ball's first ten positions as 0 to 9."""
    reach, above = valley.reach, path.shape[1] == 2
    x, y = np.linspace(-reach, reach, WIDTH), np.linspace(reach, -reach, HEIGHT)
    rows = [[" "] * WIDTH for _ in range(HEIGHT)]
    if above:
        height = _height(valley, np.stack(np.meshgrid(x, y), axis=-1))
        levels = (height / height.max() * (len(SHADES) - 0.001)).astype(int)
        rows = [[SHADES[level] for level in row] for row in levels]
    points = [] if above else [(v, ".") for v in x[:, None]]
    for v, character in [*points, *reversed([(v, str(step)) for step, v in enumerate(path[:10])])]:
        if np.abs(v).max() <= reach:
            row, column = _cell(valley, v)
            rows[row][column] = character
    frame = "+" + "-" * WIDTH + "+"
    up = f", v2 from {-reach:g} (bottom) to {reach:g}" if above else ""
    return (
        say("drawn-above" if above else "drawn-side", eta=eta),
        f"  {frame}",
        *(f"  |{''.join(row)}|" for row in rows),
        f"  {frame}",
        f"   {'v1' if above else 'v'} from {-reach:g} to {reach:g}{up}",
    )


def _cell(valley: TestFunction, v: Array) -> tuple[int, int]:
    """Return the row and column of a position in the drawing."""
    column = round((float(v[0]) / valley.reach + 1) / 2 * (WIDTH - 1))
    if len(v) == 2:
        return round((1 - float(v[1]) / valley.reach) / 2 * (HEIGHT - 1)), column
    top = float(valley.value(np.array([[-valley.reach], [valley.reach]])).max())
    share = (float(valley.value(v)) - valley.lowest) / (top - valley.lowest)
    return min(HEIGHT - 1, max(0, round((1 - share) * (HEIGHT - 1)))), column


def _height(valley: TestFunction, v: Array) -> Array:
    """Compute the square root of C minus its minimum: it has the same contours, evenly spaced in a bowl."""
    height: Array = np.sqrt(np.maximum(valley.value(v) - valley.lowest, 0))
    return height


def figure(valley: TestFunction, etas: tuple[float, ...], paths: list[Array]) -> Figure:
    """Plot the path for each learning rate, and the cost after each step."""
    panels, costs = [], []
    panel = _from_above if len(valley.start) == 2 else _from_the_side
    for eta, path in zip(etas, paths, strict=True):
        above = np.maximum(valley.value(path) - valley.lowest, 0)
        shown = _until((above > CEILING * above[0]) | (above < FLOOR * above[0]), above)
        costs.append(say.curve(range(len(shown)), shown, say("eta-eta-g", eta=eta)))
        visible = _until(np.abs(path).max(axis=1) > valley.reach, path)
        panels.append(panel(valley, say("eta-eta-g-2", eta=eta), visible))
    return Figure((*panels, say.panel("c-minus-its-minimum-after", "step", "", *costs, log_y=True)))


def _until(outside: Array, steps: Array) -> Array:
    """Return the steps before the first one that is outside the plotted range."""
    return steps[: outside.argmax()] if outside.any() else steps


def _from_above(valley: TestFunction, title: Text, path: Array) -> Panel:
    axis = np.linspace(-valley.reach, valley.reach, GRID)
    height = _height(valley, np.stack(np.meshgrid(axis, axis), axis=-1))
    x, y = path.T
    curves = say.curve(x, y, "path"), say.curve(x, y, "", "points"), say.curve(x[:1], y[:1], "start", "points")
    return say.panel(title, "v1", "v2", *curves, contour_x=axis, contour_y=axis, heights=height, equal=True)


def _from_the_side(valley: TestFunction, title: Text, path: Array) -> Panel:
    """Plot C(v), the positions of the ball, and the tangents at the first of them."""
    axis = np.linspace(-valley.reach, valley.reach, GRID)
    width = valley.reach / 4
    sides = np.array([-1, 1])
    tangents = (
        say.curve(
            v + sides * width,
            valley.value(v) + sides * width * valley.gradient(v),
            "" if step else "tangents",
            "dashed",
        )
        for step, v in enumerate(path[:TANGENTS])
    )
    ball = say.curve(path[:, 0], valley.value(path), "the-ball", "points")
    return say.panel(title, "v", "c", say.curve(axis, valley.value(axis[:, None]), "C(v)"), *tangents, ball)
