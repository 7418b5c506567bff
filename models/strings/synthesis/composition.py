"""Strips composed from single digits. The foreground of each digit is kept apart, as ground truth for every cut.

Where digits overlap, the strip is the maximum of their foregrounds.
"""

from collections.abc import Sequence

import numpy as np

from nndigits.models.arrays.types import Array


def compose(digits: Sequence[Array], gaps: Sequence[int], drops: Sequence[int]) -> Array:
    """Lay cropped digits, each ``(h, w)``, in a row, and return each alone on it: ``(digits, height, width)``.

    Parameters
    ----------
    gaps
        Empty columns between neighbouring digits, ``(digits - 1,)``. Negative gaps overlap.
    drops
        The offset of each digit below the common centre line, in rows, ``(digits,)``.
    """
    lefts = [0]
    for digit, gap in zip(digits, gaps, strict=False):
        lefts.append(lefts[-1] + max(digit.shape[1] + gap, 1))
    tops = [drop - len(digit) // 2 for digit, drop in zip(digits, drops, strict=True)]
    height = max(top + len(digit) for top, digit in zip(tops, digits, strict=True)) - min(tops)
    width = max(left + digit.shape[1] for left, digit in zip(lefts, digits, strict=True))
    layers: Array = np.zeros((len(digits), height, width), np.float32)
    for layer, digit, top, left in zip(layers, digits, tops, lefts, strict=True):
        layer[top - min(tops) : top - min(tops) + len(digit), left : left + digit.shape[1]] = digit
    return layers


def touching_gap(first: Array, second: Array) -> int:
    """Return the gap at which two digits, composed with no drop, touch on the row where they are closest."""
    height = max(len(first), len(second))
    right, left = np.full(height, np.nan), np.full(height, np.nan)
    for edge, digit, flipped in ((right, first, True), (left, second, False)):
        top = height // 2 - len(digit) // 2
        mask = digit > 0.5
        distance = (mask[:, ::-1] if flipped else mask).argmax(axis=1).astype(float)
        distance[~mask.any(axis=1)] = np.nan
        edge[top : top + len(digit)] = distance
    both = right + left
    return 0 if np.isnan(both).all() else -int(np.nanmin(both))
