"""Paper told from ink, and its light made even.

No photograph of a sheet has one white: a lamp stands on one side, a hand throws a shadow. What the paper looks like
where there is ink on it, is told from the paper around: the picture is seen in coarse blocks, and whatever is narrower
than a window of several blocks is taken away. An edge between light and shadow is not narrow, and stays.
"""

import numpy as np

from nn.models.arrays.types import Array, Bytes, Integers
from nn.models.images.resampling import resample

BLOCKS = 48
"""Blocks along the longer side."""

WINDOW = 17
"""Blocks that a window has: a third of the picture, wider than any stroke of a digit that fills it."""

LEAST_LIGHT = 1 / 255

ROUNDS, STEADY = 5, 1e-3
"""How often weights are chosen anew, and what keeps a picture of a pixel or a line from having many planes."""

RING = 0.06
"""The share of each side that is looked at to tell paper from ink: what is at the edge is paper."""


def foreground_density(grey: Array) -> Array:
    """How much ink there is, ``(height, width)``: about 0 on paper; the darker, or on dark paper the lighter, the more.

    ``grey`` is from 0 to 1. Dark ink takes a share of the light that the paper sends back, whatever that is: light that
    is uneven cancels.
    """
    coarse = _coarse(grey)
    if is_foreground_lighter(coarse):
        grey, coarse = 1 - grey, 1 - coarse
    share = grey / np.maximum(resample(_without_ink(coarse), *grey.shape), LEAST_LIGHT)
    # What is lighter than its surroundings by chance has drawn the paper up; most of what is not dark is paper.
    level = quantile(share[share >= min(0.5, share.max())], 0.5)
    if level < LEAST_LIGHT:
        return np.zeros_like(grey)  # no light comes back from anywhere
    found: Array = 1 - share / level
    return found


def is_foreground_lighter(coarse: Array) -> bool:
    """Whether there is more that is lighter than what the edge shows of the paper than there is that is darker."""
    off = coarse - _surface(coarse, 3)
    return bool((off * np.abs(off)).sum() > 0)


def quantile(values: Array | Bytes, share: float) -> float:
    """The value that this share of the values is below, such as the median. NumPy's own `median` loads more of it."""
    place = int(share * (values.size - 1))
    return float(np.partition(values, place, axis=None)[place])


def _surface(coarse: Array, terms: int) -> Array:
    """The plane, of 3 terms, or the bowl, of 6, that is nearest to most of the blocks at the picture's edge.

    The sum of the absolute differences is the least, by weighted squares, so that a few far ones do not tilt it.
    """
    down, right = (np.linspace(-1, 1, length, dtype=np.float32) for length in coarse.shape)
    rows, columns = _ring(*coarse.shape)
    y, x = down[rows], right[columns]
    at = np.stack([np.ones_like(y), y, x, y * y, x * x, y * x][:terms])
    levels = coarse[rows, columns]
    trust = np.ones_like(levels)
    for _ in range(ROUNDS):
        weighted = at * trust
        found: Array = np.linalg.solve(weighted @ at.T + STEADY * np.eye(terms, dtype=np.float32), weighted @ levels)
        trust = 1 / np.maximum(np.abs(levels - found @ at), 0.01)
    level, by_y, by_x, by_yy, by_xx, by_yx = np.pad(found, (0, 6 - terms))
    along: Array = (level + by_y * down + by_yy * down * down)[:, None]
    surface: Array = along + by_x * right + by_xx * right * right + by_yx * np.outer(down, right)
    return surface


def _ring(height: int, width: int) -> tuple[Integers, Integers]:
    """The rows and columns of the blocks at the edge."""
    wide = max(1, round(RING * min(height, width)))
    inside = np.ones((height, width), bool)
    inside[wide:-wide, wide:-wide] = False
    rows, columns = np.nonzero(inside)
    return rows, columns


def _without_ink(coarse: Array) -> Array:
    """What the blocks would be without dark ink: a closing, smoothed.

    At the picture's edge a closing takes the light for even; so the bowl is divided out before.
    """
    bowl = np.maximum(_surface(coarse, 6), LEAST_LIGHT)
    closed = -_largest(-_largest(coarse / bowl))
    return bowl * _mean(_mean(closed))


def _coarse(grey: Array) -> Array:
    """The picture in square blocks, the mean of each; those at the far edges may be cut off."""
    size = -(-max(grey.shape) // BLOCKS)
    if size == 1:
        return grey
    height, width = grey.shape
    rows, columns = np.arange(0, height, size), np.arange(0, width, size)
    sums = np.add.reduceat(np.add.reduceat(grey, rows, axis=0), columns, axis=1)
    blocks: Array = sums / np.outer(np.diff(rows, append=height), np.diff(columns, append=width)).astype(np.float32)
    return blocks


def _largest(coarse: Array) -> Array:
    """The largest of a window of 17 around each block: of 2 neighbours, of 2 such pairs, of 2 such fours, and so on."""
    for _ in range(2):
        found = np.pad(coarse, [(WINDOW // 2, WINDOW // 2), (0, 0)], mode="edge")
        for step in (1, 2, 4, 8, 1):
            found = np.maximum(found[:-step], found[step:])
        coarse = found.T
    return coarse


def _mean(coarse: Array) -> Array:
    """The mean of three blocks each way."""
    padded = np.pad(coarse, 1, mode="edge")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    mean: Array = (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9
    return mean
