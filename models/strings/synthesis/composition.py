"""Strips of digits, composed of single ones: each digit's ink where it lies, so that it is known what any cut holds.

Digits that overlap share their ink: the strip is the most that any of them has at a place.
"""

from collections.abc import Sequence

import numpy as np

from nn.models.arrays.types import Array


def compose(digits: Sequence[Array], gaps: Sequence[int], drops: Sequence[int]) -> Array:
    """Lay the ink of digits, each ``(h, w)`` and cut close, in a row: ``(digits, height, width)``, each alone.

    Parameters
    ----------
    gaps
        Empty columns between each digit and the next, one fewer than digits; below zero they overlap.
    drops
        How far each stands below the line on which all have their middles.
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
    """The gap between two digits, composed with no drop, at which their ink meets on the row where it is closest."""
    height = max(len(first), len(second))
    right, left = np.full(height, np.nan), np.full(height, np.nan)
    for edge, digit, flipped in ((right, first, True), (left, second, False)):
        top = height // 2 - len(digit) // 2
        ink = digit > 0.5
        distance = (ink[:, ::-1] if flipped else ink).argmax(axis=1).astype(float)
        distance[~ink.any(axis=1)] = np.nan
        edge[top : top + len(digit)] = distance
    both = right + left
    return 0 if np.isnan(both).all() else -int(np.nanmin(both))
