"""Elastic distortion: random displacements, similar for neighbouring pixels (Simard, Steinkraus and Platt 2003).

The paper draws a random number for each pixel, smooths the numbers with a Gaussian of width sigma, and multiplies
them by alpha. After smoothing, pixels closer than sigma have similar values. So random numbers on a grid of spacing
sigma, interpolated by the same Gaussian, give fields with the paper's variance and smoothness (to 1 in 1,000) from a
tenth of the numbers. This is fast enough to draw new fields for every image.
"""

from math import ceil, pi, sqrt

import numpy as np

from nndigits.models.arrays.types import Array

MARGIN = 3
"""Sigmas that the grid extends beyond the image, so that edges move as much as the middle."""


def displacements(m: int, shape: tuple[int, int], alpha: float, sigma: float, rng: np.random.Generator) -> Array:
    """Draw how far each pixel moves, down and to the right, in pixels: ``(2, m, height * width)``.

    The mean is 0, and the standard deviation ``alpha / (sigma * sqrt(12 pi))`` (1.38 pixels with Simard's 34 and 4).
    Displacements of pixels ``d`` apart have a correlation of ``exp(-d**2 / (4 sigma**2))``.
    """
    height, width = shape
    down, across = _weights(height, sigma), _weights(width, sigma)
    numbers = rng.random((2, m, down.shape[1], across.shape[1]), np.float32)
    numbers -= 0.5
    numbers *= 2 * alpha / (sigma * sqrt(4 * pi))
    rows = numbers.reshape(-1, across.shape[1]) @ across.T
    fields: Array = np.matmul(down, rows.reshape(2, m, -1, width))
    return fields.reshape(2, m, -1)


def _weights(length: int, sigma: float) -> Array:
    """Return the weight of each random number at each of ``length`` pixels; the squares of a row sum to 1."""
    nodes = sigma * np.arange(-MARGIN, ceil((length - 1) / sigma) + MARGIN + 1)
    weights = np.exp(-((np.arange(length)[:, None] - nodes) ** 2) / (2 * sigma**2))
    scaled: Array = np.asarray(weights / np.sqrt((weights**2).sum(axis=1, keepdims=True)), np.float32)
    return scaled
