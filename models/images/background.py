"""The background of a picture, estimated and divided out, so that uneven light cancels.

A photographed sheet is not evenly white: a lamp stands on one side, a hand casts a shadow. The background below the
strokes is estimated from its surroundings: a morphological closing removes everything dark that is narrower than its
window. A window a little wider than the strokes removes them, and leaves shadows.
"""

import numpy as np

from nndigits.models.arrays.types import Array, Bytes, Integers
from nndigits.models.images.resampling import resample

MAX_COARSE_BLOCKS = 48
"""Blocks along the longer side for deciding whether strokes are lighter or darker: strokes are one or two wide."""

MAX_FINE_BLOCKS = 192
"""Blocks along the longer side for the background: strokes are several wide, so that their width can be measured."""

MAX_WINDOW_SHARE = 0.5
"""The widest window of a closing, as a share of the longer side: wider than any stroke of a digit that fills it."""

MIN_GAIN = 0.05
"""A window as wide as the strokes removes at least this share of the most that one window does. Noise removes less."""

SHADOW_EDGE = 5
"""Fine blocks in the window of an erosion, so that smoothing does not lighten the dark side of a shadow's edge."""

MIN_LIGHT = 1 / 255
"""The smallest divisor; a darker background reflects no light."""

MAX_BACKGROUND_OF_LIGHT_STROKES = 0.8
"""Strokes are not lighter than a background above this light: it is white paper, or a part of it is overexposed."""

LOCAL_WINDOW = 9
"""Coarse blocks in the window whose mean a block is compared with: wider than most strokes, not than most shadows."""

MIN_SKEWNESS = 0.7
"""Thin strokes make the differences from the local mean more skewed than this. Thick strokes and shadows do not."""

MIN_VARIANCE = 1e-9
"""The smallest divisor of the skewness. Even light has no variance."""

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
    if is_foreground_lighter(_block_means(grey, MAX_COARSE_BLOCKS)):
        grey = 1 - grey
    background = resample(_background(_block_means(grey, MAX_FINE_BLOCKS)), *grey.shape)
    ratio = grey / np.maximum(background, MIN_LIGHT)
    # The closing follows the lightest noise and overestimates the background. Most pixels that are not dark show it.
    level = quantile(ratio[ratio >= min(0.5, ratio.max())], 0.5)
    if level < MIN_LIGHT:
        return np.zeros_like(grey)  # the whole picture is black
    density: Array = 1 - ratio / level
    return density


def is_foreground_lighter(coarse: Array) -> bool:
    """Return whether a picture has light strokes on a dark background, given its blocks.

    Thin strokes are told by the skewness of the differences from the local mean. If it is small, the strokes are as
    thick as the spaces between them, and the deviations from a surface through the border decide.
    """
    skewness = _local_skewness(coarse)
    if abs(skewness) > MIN_SKEWNESS:
        return skewness > 0
    surface = _fitted_surface(coarse, 6)
    rows, columns = _border_blocks(*coarse.shape)
    off = np.abs(coarse - surface)[rows, columns]
    if np.count_nonzero(off > MAX_CURVED_RESIDUAL) > MAX_OFF_BORDER * len(off):
        surface = _fitted_surface(coarse, 3)  # strokes at the border would bend a curved surface
    deviation = coarse - surface
    lighter = (deviation * np.abs(deviation)).sum() > 0
    # A frame at the edges darkens the border, but not half of the picture.
    return bool(lighter and max(quantile(surface, 0.5), quantile(coarse, 0.5)) < MAX_BACKGROUND_OF_LIGHT_STROKES)


def _local_skewness(coarse: Array) -> float:
    """Return the skewness of the differences between blocks and the means of their surroundings.

    It is positive if narrow strokes are lighter than the rest and negative if they are darker. At the edge of a shadow,
    blocks differ in both directions alike.
    """
    difference = coarse - _box_filtered(coarse, LOCAL_WINDOW)
    variance = max(float((difference**2).mean()), MIN_VARIANCE)
    skewness: float = float((difference**3).mean()) / variance**1.5
    return skewness


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


def _background(blocks: Array) -> Array:
    """Estimate the blocks without dark strokes: a closing with a window wider than the strokes, smoothed.

    Closings with windows of 3, 5, 9, 17, ... blocks are compared. If no window is as wide as the strokes, the picture
    has uneven light alone, or one very thick stroke. Then the widest window is used, after a fitted surface is divided
    out, as a wide closing assumes even light at the edges of the picture.
    """
    windows = [3]
    while 2 * windows[-1] - 1 <= MAX_WINDOW_SHARE * max(blocks.shape):
        windows.append(2 * windows[-1] - 1)
    closings = [_closed(blocks, window) for window in windows]
    strokes = stroke_window([float(((closing - blocks) ** 2).mean()) for closing in closings])
    if strokes is None:
        surface = np.maximum(_fitted_surface(blocks, 6), MIN_LIGHT)
        light = np.minimum(surface * _closed(blocks / surface, windows[-1]), blocks.max())
    else:
        light = -_dilated(-closings[strokes + 1], SHADOW_EDGE)
    return _box_filtered(_box_filtered(light, 3), 3)


def stroke_window(removed: list[float]) -> int | None:
    """Return the index of the window as wide as the strokes, given what the closing with each window removes.

    It removes more, beyond the window before it, than either of its neighbours does. Ruled lines are narrower than
    strokes, so the widest such window is returned. The last window has no wider neighbour and is never returned.
    """
    gains = np.diff([0.0, 0.0, *removed])
    least = MIN_GAIN * gains.max()
    peaks = (at for at in range(len(removed) - 1) if max(gains[at], gains[at + 2], least) < gains[at + 1])
    return max(peaks, default=None)


def _closed(blocks: Array, window: int) -> Array:
    """Return the blocks without what is dark and narrower than a square window."""
    return -_dilated(-_dilated(blocks, window), window)


def _block_means(grey: Array, most: int) -> Array:
    """Return the means of square blocks, at most ``most`` along the longer side.

    The last row and column of blocks may be smaller.
    """
    size = -(-max(grey.shape) // most)
    if size == 1:
        return grey
    height, width = grey.shape
    rows, columns = np.arange(0, height, size), np.arange(0, width, size)
    sums = np.add.reduceat(np.add.reduceat(grey, rows, axis=0), columns, axis=1)
    blocks: Array = sums / np.outer(np.diff(rows, append=height), np.diff(columns, append=width)).astype(np.float32)
    return blocks


def _dilated(blocks: Array, window: int) -> Array:
    """Return the maximum over a square window around each block, of a power of two and one blocks, by doubling."""
    for _ in range(2):
        maximum = np.pad(blocks, [(window // 2, window // 2), (0, 0)], mode="edge")
        for step in (*(1 << power for power in range(window.bit_length() - 1)), 1):
            maximum = np.maximum(maximum[:-step], maximum[step:])
        blocks = maximum.T
    return blocks


def _box_filtered(blocks: Array, window: int) -> Array:
    """Return the mean over a square window around each block."""
    for _ in range(2):
        sums = np.pad(blocks, [(window // 2 + 1, window // 2), (0, 0)], mode="edge").cumsum(axis=0, dtype=float)
        blocks = ((sums[window:] - sums[:-window]) / window).astype(np.float32).T
    return blocks
