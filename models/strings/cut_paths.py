"""Cut paths: paths from the top to the bottom of a text line that cross as little foreground as possible.

Between digits that do not touch, such a path crosses only background, even where one digit overhangs the other. Where
digits touch, it finds the thin joint. Dynamic programming finds the cheapest path through each pixel of the middle row;
of these, the locally cheapest are kept. They are the minima of a projection profile along paths that bend (Tseng and
Lee 1999 cut characters by such paths).
"""

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.types import Array, Integers

STEP_COST = 1.0
"""The cost of a step sideways, in foreground pixels. At no cost, a path would follow the outline of a digit into it."""


def cut_paths(foreground: Array) -> tuple[Integers, Array]:
    """Find the cheapest path through each pixel of the middle row of a foreground, ``(height, width)``.

    Returns the column of each path on each row, ``(width, height)``, from left to right, and the cost of each path,
    ``(width,)``: the foreground that it crosses plus its steps sideways.
    """
    middle = len(foreground) // 2
    up, cost_up = _paths_down(foreground[middle::-1])
    down, cost_down = _paths_down(foreground[middle:])
    paths = np.concatenate([up[:, :0:-1], down], axis=1)
    costs: Array = cost_up + cost_down - foreground[middle]
    return np.maximum.accumulate(paths, axis=0), costs


def _paths_down(foreground: Array) -> tuple[Integers, Array]:
    """Find the cheapest path from each pixel of the first row to the last: columns ``(width, height)``, and costs."""
    height, width = foreground.shape
    steps = np.zeros((height, width), np.intp)
    cost: Array = foreground[-1].astype(float)
    padded = np.full(width + 2, np.inf)
    for row in range(height - 2, -1, -1):
        padded[1:-1] = cost
        left, right = padded[:-2] + STEP_COST, padded[2:] + STEP_COST
        side = np.where(left <= right, -1, 1)
        sideways = np.minimum(left, right)
        steps[row] = np.where(sideways < cost, side, 0)
        cost = np.minimum(cost, sideways) + foreground[row]
    paths = np.empty((height, width), np.intp)
    paths[0] = np.arange(width)
    for row in range(height - 1):
        paths[row + 1] = paths[row] + steps[row, paths[row]]
    return paths.T, cost


def crossed_foreground(foreground: Array, paths: Integers) -> Array:
    """Return the foreground that each path, ``(n, height)``, crosses, without its steps sideways, ``(n,)``."""
    crossed: Array = foreground[np.arange(len(foreground)), paths].sum(axis=1)
    return crossed


def cheapest_paths(costs: Array, min_distance: int, max_cost: float) -> Integers:
    """Return the indices of the locally cheapest paths, in ascending order.

    No path is nearer than ``min_distance`` to a cheaper one, and none costs more than ``max_cost``.
    """
    free: npt.NDArray[np.bool_] = costs <= max_cost
    kept = []
    for index in np.argsort(costs, kind="stable").tolist():
        if free[index]:
            kept.append(index)
            free[max(0, index - min_distance + 1) : index + min_distance] = False
    return np.sort(np.array(kept, np.intp))
