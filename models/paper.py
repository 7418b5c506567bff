"""Paper told from ink, and its light made even.

No photograph of a sheet has one white: a lamp stands on one side, a hand throws a shadow. What the paper looks like
where there is ink on it, is told from the paper around: the picture is seen in coarse blocks, and whatever is narrower
than a window of several blocks is taken away. An edge between light and shadow is not narrow, and stays.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nn.models.arrays import Array
from nn.models.resample import resampled

BLOCKS = 48
"""Blocks along the longer side."""

WINDOW = 17
"""Blocks that a window has: a third of the picture, wider than any stroke of a digit that fills it."""

LEAST_LIGHT = 1 / 255

ROUNDS = 5

RING = 0.06
"""The share of each side that is looked at to tell paper from ink: what is at the edge is paper."""


def density(grey: Array) -> Array:
    """How much ink there is, ``(height, width)``: about 0 on paper; the darker, or on dark paper the lighter, the more.

    ``grey`` is from 0 to 1. Dark ink takes a share of the light that the paper sends back, whatever that is: light that
    is uneven cancels.
    """
    coarse = _coarse(grey)
    if ink_is_lighter(coarse):
        grey, coarse = 1 - grey, 1 - coarse
    share = grey / np.maximum(resampled(_without_ink(coarse), *grey.shape), LEAST_LIGHT)
    # What is lighter than its surroundings by chance has drawn the paper up; most of the picture is paper.
    found: Array = 1 - share / max(float(np.median(share)), LEAST_LIGHT)
    return found


def ink_is_lighter(coarse: Array) -> bool:
    """Whether there is more that is lighter than what the edge shows of the paper than there is that is darker."""
    off = coarse - _surface(coarse, 3)
    return bool((off * np.abs(off)).sum() > 0)


def _surface(coarse: Array, terms: int) -> Array:
    """The plane, of 3 terms, or the bowl, of 6, that is nearest to most of the blocks at the picture's edge.

    The sum of the absolute differences is the least, by weighted squares, so that a few far ones do not tilt it.
    """
    height, width = coarse.shape
    rows, columns = np.ogrid[:height, :width]
    from_edge = np.minimum(np.minimum(rows, height - 1 - rows), np.minimum(columns, width - 1 - columns))
    seen = from_edge < max(1, RING * min(height, width))
    y, x = (np.linspace(-1, 1, length, dtype=np.float32) for length in coarse.shape)
    down, right = np.meshgrid(y, x, indexing="ij")
    bowl = [np.ones_like(down), down, right, down * down, down * right, right * right]
    places = np.stack(bowl[:terms], axis=-1)
    at, levels = places[seen], coarse[seen]
    trust = np.ones_like(levels)
    for _ in range(ROUNDS):
        weighted = at.T * trust
        found: Array = np.linalg.lstsq(weighted @ at, weighted @ levels, rcond=None)[0]
        trust = 1 / np.maximum(np.abs(levels - at @ found), 0.01)
    surface: Array = places @ found
    return surface


def _without_ink(coarse: Array) -> Array:
    """What the blocks would be without dark ink: a closing, smoothed.

    At the picture's edge a closing takes the light for even; so the bowl is divided out before.
    """
    bowl = np.maximum(_surface(coarse, 6), LEAST_LIGHT)
    half = WINDOW // 2
    closed = -_largest(-_largest(coarse / bowl, half), half)
    return bowl * _mean(_mean(closed))


def _coarse(grey: Array) -> Array:
    """The picture in blocks of equal pixels, the mean of each."""
    size = -(-max(grey.shape) // BLOCKS)
    if size == 1:
        return grey
    height, width = (-(-length // size) * size for length in grey.shape)
    padded = np.pad(grey, ((0, height - grey.shape[0]), (0, width - grey.shape[1])), mode="edge")
    blocks: Array = padded.reshape(height // size, size, width // size, size).mean(axis=(1, 3))
    return blocks


def _largest(coarse: Array, half: int) -> Array:
    """The largest of a window around each block."""
    for axis in (0, 1):
        pad = [(0, 0), (0, 0)]
        pad[axis] = (half, half)
        windows = sliding_window_view(np.pad(coarse, pad, mode="edge"), 2 * half + 1, axis=axis)
        coarse = windows.max(axis=-1)
    return coarse


def _mean(coarse: Array) -> Array:
    """The mean of three blocks each way."""
    padded = np.pad(coarse, 1, mode="edge")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    mean: Array = (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9
    return mean
