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


MIN_SLICE_FOREGROUND = 6.0
"""A slice with less foreground than the end of a stroke is background: its two cuts are one cut."""

BOX_THRESHOLD = 0.3
"""Pixels above this belong to a bounding box."""


def slice_labels(cuts: Integers, columns: int) -> Integers:
    """Return the slice of each pixel, ``(rows, columns)``: the number of inner cuts to its left."""
    starts = np.zeros((cuts.shape[1], columns + 1), np.intp)
    rows = np.arange(cuts.shape[1])
    for path in cuts[1:-1]:
        starts[rows, path] += 1
    labels: Integers = starts.cumsum(axis=1)[:, :-1]
    return labels


def sum_per_slice(slices: Integers, foreground: Array, count: int) -> Array:
    """Return the sum of the foreground in each slice, ``(count,)``."""
    sums: Array = np.bincount(slices.ravel(), foreground.ravel(), count).astype(float)
    return sums


def without_empty_slices(sums: Array, costs: Array) -> list[int]:
    """Return the cuts to keep so that no slice is empty: of the two cuts around an empty slice, the cheaper one."""
    keep = [0]
    for number in range(1, len(sums)):
        if sums[number - 1] > MIN_SLICE_FOREGROUND:
            keep.append(number)
        elif len(keep) > 1 and costs[number] < costs[keep[-1]]:
            keep[-1] = number
    if len(keep) > 1 and sums[-1] <= MIN_SLICE_FOREGROUND:
        keep.pop()
    return [*keep, len(sums)]


def slice_boxes(foreground: Array, slices: Integers, count: int) -> tuple[Integers, Integers, Integers, Integers]:
    """Return the left, right, top and bottom of each slice's foreground, right and bottom exclusive, ``(count,)`` each.

    Of an empty slice, the right is left of the left.
    """
    rows, columns = np.nonzero(foreground > BOX_THRESHOLD)
    numbers = slices[rows, columns]
    height, width = foreground.shape
    left, top = np.full(count, width), np.full(count, height)
    right, bottom = np.zeros(count, int), np.zeros(count, int)
    np.minimum.at(left, numbers, columns)
    np.maximum.at(right, numbers, columns + 1)
    np.minimum.at(top, numbers, rows)
    np.maximum.at(bottom, numbers, rows + 1)
    return left, right, top, bottom
