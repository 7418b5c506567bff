"""Where a line of digits may be cut: paths from top to bottom that cross as little ink as they can.

Between digits that do not touch such a path runs over paper alone, however they reach over each other; where they
touch it finds the thin joint. One is sought through each pixel of the middle row, and of those the locally cheapest
are kept: the valleys of the projection, along paths that bend (Tseng and Lee 1999 cut characters by such paths).
"""

import numpy as np
import numpy.typing as npt

from nn.models.arrays.types import Array, Integers

BEND = 1.0
"""What a step sideways costs, in pixels of ink: a path that bends as it likes follows one digit's outline into it."""


def cut_paths(ink: Array) -> tuple[Integers, Array]:
    """The cheapest path through each pixel of the middle row of ``(height, width)`` ink.

    Returns the column that each path passes on each row, ``(width, height)``, from left to right, and the ink that
    each crosses, ``(width,)``, bends included.
    """
    middle = len(ink) // 2
    up, cost_up = _grow(ink[middle::-1])
    down, cost_down = _grow(ink[middle:])
    paths = np.concatenate([up[:, :0:-1], down], axis=1)
    costs: Array = cost_up + cost_down - ink[middle]
    return np.maximum.accumulate(paths, axis=0), costs


def _grow(ink: Array) -> tuple[Integers, Array]:
    """The cheapest path from each pixel of the first row to the last row: columns ``(width, height)``, and costs."""
    height, width = ink.shape
    steps = np.zeros((height, width), np.intp)
    cost: Array = ink[-1].astype(float)
    padded = np.full(width + 2, np.inf)
    for row in range(height - 2, -1, -1):
        padded[1:-1] = cost
        left, right = padded[:-2] + BEND, padded[2:] + BEND
        side = np.where(left <= right, -1, 1)
        least = np.minimum(left, right)
        steps[row] = np.where(least < cost, side, 0)
        cost = np.minimum(cost, least) + ink[row]
    paths = np.empty((height, width), np.intp)
    paths[0] = np.arange(width)
    for row in range(height - 1):
        paths[row + 1] = paths[row] + steps[row, paths[row]]
    return paths.T, cost


def cheapest_paths(costs: Array, apart: int, most: float) -> Integers:
    """The places of the cheapest, none nearer than ``apart`` to a cheaper one, none dearer than ``most``: in order."""
    free: npt.NDArray[np.bool_] = costs <= most
    kept = []
    for place in np.argsort(costs, kind="stable").tolist():
        if free[place]:
            kept.append(place)
            free[max(0, place - apart + 1) : place + apart] = False
    return np.sort(np.array(kept, np.intp))
