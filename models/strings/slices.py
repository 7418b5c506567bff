"""The slices between the cuts of a line: the slice of each pixel, and the foreground in each slice."""

import numpy as np

from nndigits.models.arrays.types import Array, Integers

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
