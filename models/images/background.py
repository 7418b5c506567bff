"""The background of a picture, estimated and divided out, so that uneven light cancels.

A photographed sheet is not evenly white: a lamp stands on one side, a hand casts a shadow. The background below the
strokes is estimated from its surroundings. On a coarse grid of blocks, a morphological closing removes everything
narrower than its window. An edge between light and shadow is wider, and stays.
"""

import numpy as np

from nndigits.models.arrays.types import Array, Bytes, Integers
from nndigits.models.images.resampling import resample

MAX_BLOCKS = 48
"""Blocks along the longer side."""

CLOSING_WINDOW = 17
"""Blocks in the window of the closing: a third of the picture, wider than any stroke of a digit that fills it."""

MAX_OVERSHOOT = 1.05
"""The lightest background, in units of the lightest block: a little more, as smoothing a noisy picture needs."""

MIN_LIGHT = 1 / 255
"""The smallest divisor; a darker background reflects no light."""

MAX_BACKGROUND_OF_LIGHT_STROKES = 0.8
"""Strokes are not lighter than a background above this light: it is white paper, or a part of it is overexposed."""

MAX_CURVED_RESIDUAL, MAX_OFF_BORDER = 0.03, 0.04
"""The light may be brighter in the middle if at most this share of the border is off a curved surface by more."""

REWEIGHTINGS, RIDGE = 5, 1e-3
"""Iterations of the reweighted least squares, and the ridge term that makes it solvable for very small pictures."""

BORDER_FRACTION = 0.06
"""The border of a picture, as a share of its shorter side. It shows background."""


def foreground_density(grey: Array) -> Array:
    """Return the density of the foreground, ``(height, width)``: about 0 on the background, larger on strokes.

    ``grey`` is from 0 to 1. Strokes absorb a share of the light that the background reflects, so uneven light cancels.
    A picture with light strokes on a dark background is inverted first.
    """
    coarse = _block_means(grey)
    if is_foreground_lighter(coarse):
        grey, coarse = 1 - grey, 1 - coarse
    ratio = grey / np.maximum(resample(_background(coarse), *grey.shape), MIN_LIGHT)
    # The closing follows the lightest noise and overestimates the background. Most pixels that are not dark show it.
    level = quantile(ratio[ratio >= min(0.5, ratio.max())], 0.5)
    if level < MIN_LIGHT:
        return np.zeros_like(grey)  # the whole picture is black
    density: Array = 1 - ratio / level
    return density


def is_foreground_lighter(coarse: Array) -> bool:
    """Return whether the picture deviates more to the light than to the dark from the background at its border."""
    surface = _fitted_surface(coarse, 6)
    rows, columns = _border_blocks(*coarse.shape)
    off = np.abs(coarse - surface)[rows, columns]
    if np.count_nonzero(off > MAX_CURVED_RESIDUAL) > MAX_OFF_BORDER * len(off):
        surface = _fitted_surface(coarse, 3)  # strokes at the border would bend a curved surface
    deviation = coarse - surface
    lighter = (deviation * np.abs(deviation)).sum() > 0
    # A frame at the edges darkens the border, but not half of the picture.
    return bool(lighter and max(quantile(surface, 0.5), quantile(coarse, 0.5)) < MAX_BACKGROUND_OF_LIGHT_STROKES)


def quantile(values: Array | Bytes, share: float) -> float:
    """Return a quantile, such as the median for 0.5, without interpolation. `np.median` loads more of NumPy."""
    position = int(share * (values.size - 1))
    return float(np.partition(values, position, axis=None)[position])


def _fitted_surface(coarse: Array, terms: int) -> Array:
    """Fit a plane (3 terms) or a quadratic surface (6 terms) to the border blocks, and evaluate it on all blocks.

    The fit minimises absolute differences by iteratively reweighted least squares, so that a few outliers do not tilt
    it.
    """
    down, right = (np.linspace(-1, 1, length, dtype=np.float32) for length in coarse.shape)
    rows, columns = _border_blocks(*coarse.shape)
    y, x = down[rows], right[columns]
    basis = np.stack([np.ones_like(y), y, x, y * y, x * x, y * x][:terms])
    levels = coarse[rows, columns]
    weights = np.ones_like(levels)
    for _ in range(REWEIGHTINGS):
        weighted = basis * weights
        normal = weighted @ basis.T + RIDGE * np.eye(terms, dtype=np.float32)
        coefficients: Array = np.linalg.solve(normal, weighted @ levels)
        weights = 1 / np.maximum(np.abs(levels - coefficients @ basis), 0.01)
    level, by_y, by_x, by_yy, by_xx, by_yx = np.pad(coefficients, (0, 6 - terms))
    along: Array = (level + by_y * down + by_yy * down * down)[:, None]
    surface: Array = along + by_x * right + by_xx * right * right + by_yx * np.outer(down, right)
    return surface


def _border_blocks(height: int, width: int) -> tuple[Integers, Integers]:
    """Return the rows and columns of the blocks at the border."""
    thickness = max(1, round(BORDER_FRACTION * min(height, width)))
    border = np.ones((height, width), bool)
    border[thickness:-thickness, thickness:-thickness] = False
    rows, columns = np.nonzero(border)
    return rows, columns


def _background(coarse: Array) -> Array:
    """Estimate the blocks without dark strokes: a closing, smoothed.

    At the edges of the picture a closing assumes even light, so the fitted surface is divided out before. Where strokes
    lie on the border, the surface may rise far beyond any light in the picture, so the lightest block is the limit.
    """
    surface = np.maximum(_fitted_surface(coarse, 6), MIN_LIGHT)
    closed = -_dilated(-_dilated(coarse / surface))
    background: Array = np.minimum(surface * _box_filtered(_box_filtered(closed)), MAX_OVERSHOOT * coarse.max())
    return background


def _block_means(grey: Array) -> Array:
    """Return the means of square blocks. The last row and column of blocks may be smaller."""
    size = -(-max(grey.shape) // MAX_BLOCKS)
    if size == 1:
        return grey
    height, width = grey.shape
    rows, columns = np.arange(0, height, size), np.arange(0, width, size)
    sums = np.add.reduceat(np.add.reduceat(grey, rows, axis=0), columns, axis=1)
    blocks: Array = sums / np.outer(np.diff(rows, append=height), np.diff(columns, append=width)).astype(np.float32)
    return blocks


def _dilated(coarse: Array) -> Array:
    """Return the maximum over a window of 17 x 17 blocks around each block, by doubling: of 2, 4, 8, 16 and 17."""
    for _ in range(2):
        maximum = np.pad(coarse, [(CLOSING_WINDOW // 2, CLOSING_WINDOW // 2), (0, 0)], mode="edge")
        for step in (1, 2, 4, 8, 1):
            maximum = np.maximum(maximum[:-step], maximum[step:])
        coarse = maximum.T
    return coarse


def _box_filtered(coarse: Array) -> Array:
    """Return the mean over 3 x 3 blocks around each block."""
    padded = np.pad(coarse, 1, mode="edge")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    mean: Array = (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9
    return mean
