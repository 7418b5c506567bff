"""An image made smaller or larger, so that a pixel of the new one is the mean of what it covers of the old one.

Along a row or a column this is a matrix; both ways, two products. Making larger, a pixel is mixed from its nearest two.
"""

from functools import lru_cache

import numpy as np

from nn.models.arrays.types import Array

SMALL = 2**13
"""Matrices with no more numbers are kept: digits are of few sizes, and there are many of them."""


def resample(image: Array, height: int, width: int) -> Array:
    """An image, ``(h, w)``, as ``(height, width)``; of its own size, the same."""
    down, across = (
        _kept if old * new <= SMALL else resampling_weights
        for old, new in zip(image.shape, (height, width), strict=True)
    )
    mixed: Array = down(image.shape[0], height) @ image @ across(image.shape[1], width).T
    return mixed


def fit(image: Array, height: int, width: int) -> Array:
    """An image, made smaller or larger to fit exactly into ``(height, width)``, keeping its shape."""
    scale = min(height / image.shape[0], width / image.shape[1])
    return rescale(image, scale)


def rescale(image: Array, by: float) -> Array:
    """An image made so many times as large, ``(h, w)``; never less than a pixel."""
    return resample(image, *(max(1, round(length * by)) for length in image.shape))


def resampling_weights(old: int, new: int) -> Array:
    """How much of each old pixel is in each new one, ``(new, old)`` float32; each row's sum is 1.

    >>> resampling_weights(3, 2).tolist()
    [[0.6666666865348816, 0.3333333432674408, 0.0], [0.0, 0.3333333432674408, 0.6666666865348816]]
    """
    if new < old:
        edges = np.linspace(0, old, new + 1)
        pixels = np.arange(old)
        covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
        parts = np.maximum(covered, 0)
    else:
        places = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
        parts = np.maximum(1 - np.abs(places[:, None] - np.arange(old)), 0)
    shares: Array = (parts / parts.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


@lru_cache(1024)
def _kept(old: int, new: int) -> Array:
    return resampling_weights(old, new)
