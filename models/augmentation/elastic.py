"""Elastic distortion: every pixel moves a little, neighbours nearly alike (Simard, Steinkraus and Platt 2003).

The paper draws a random number for each pixel, smooths the numbers with a Gaussian of width sigma, and multiplies
them by alpha. After smoothing, what lies closer than sigma is nearly alike; so random numbers as far apart as sigma,
each spread by the same Gaussian, give fields with the paper's spread and smoothness (to 1 in 1,000) from a tenth of
the numbers, and every image can have fields of its own.
"""

from math import ceil, pi, sqrt

import numpy as np

from nn.models.arrays.types import Array

REACH = 3
"""Random numbers are drawn up to so many sigmas outside the image: it moves as much at its edge as in its middle."""


def displacements(m: int, shape: tuple[int, int], alpha: float, sigma: float, rng: np.random.Generator) -> Array:
    """How far each pixel moves, down and to the right: ``(2, m, height * width)`` pixels.

    Each is 0 on average, with a standard deviation of ``alpha / (sigma * sqrt(12 pi))`` (Simard's 34 and 4: 1.38
    pixels); pixels ``d`` apart move alike with a correlation of ``exp(-d**2 / (4 sigma**2))``.
    """
    height, width = shape
    down, across = _spread(height, sigma), _spread(width, sigma)
    numbers = rng.random((2, m, down.shape[1], across.shape[1]), np.float32)
    numbers -= 0.5
    numbers *= 2 * alpha / (sigma * sqrt(4 * pi))
    rows = numbers.reshape(-1, across.shape[1]) @ across.T
    fields: Array = np.matmul(down, rows.reshape(2, m, -1, width))
    return fields.reshape(2, m, -1)


def _spread(length: int, sigma: float) -> Array:
    """What each random number adds to each of ``length`` pixels in a row; a row's squares add up to 1."""
    drawn = sigma * np.arange(-REACH, ceil((length - 1) / sigma) + REACH + 1)
    weights = np.exp(-((np.arange(length)[:, None] - drawn) ** 2) / (2 * sigma**2))
    spread: Array = np.asarray(weights / np.sqrt((weights**2).sum(axis=1, keepdims=True)), np.float32)
    return spread
