"""Resampling of images: area averaging to scale down, linear interpolation to scale up.

Along each axis, resampling is a product with a matrix of weights.
"""

from functools import lru_cache

import numpy as np

from nndigits.models.arrays.types import Array

MAX_CACHED_SIZE = 2**13
"""Weight matrices with at most this many elements are cached: many digits share a few sizes."""


def resample(image: Array, height: int, width: int) -> Array:
    """Return an image resampled to ``(height, width)``. At its own size it is unchanged."""
    vertical, horizontal = (
        _cached_weights if old * new <= MAX_CACHED_SIZE else resampling_weights
        for old, new in zip(image.shape, (height, width), strict=True)
    )
    resampled: Array = vertical(image.shape[0], height) @ image @ horizontal(image.shape[1], width).T
    return resampled


def fit(image: Array, height: int, width: int) -> Array:
    """Return an image scaled to fit exactly into ``(height, width)``, with its aspect ratio."""
    scale = min(height / image.shape[0], width / image.shape[1])
    return rescale(image, scale)


def rescale(image: Array, scale: float) -> Array:
    """Return an image scaled by a factor; each side keeps at least one pixel."""
    return resample(image, *(max(1, round(length * scale)) for length in image.shape))


def resampling_weights(old: int, new: int) -> Array:
    """Return the weight of each old pixel in each new one, ``(new, old)`` float32. Each row sums to 1.

    >>> resampling_weights(3, 2).tolist()
    [[0.6666666865348816, 0.3333333432674408, 0.0], [0.0, 0.3333333432674408, 0.6666666865348816]]
    """
    if new < old:
        edges = np.linspace(0, old, new + 1)
        pixels = np.arange(old)
        covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
        weights = np.maximum(covered, 0)
    else:
        centres = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
        weights = np.maximum(1 - np.abs(centres[:, None] - np.arange(old)), 0)
    normalized: Array = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return normalized


@lru_cache(1024)
def _cached_weights(old: int, new: int) -> Array:
    return resampling_weights(old, new)
