"""Similarity of images, and the quarters of an image: does a neuron respond to a part of a digit?"""

import numpy as np

from nndigits.models.arrays.types import Array

QUARTERS = ("top left", "top right", "bottom left", "bottom right")


def quarters(image: Array) -> Array:
    """Return four copies of an image, ``(4, height, width)``, each with only one quarter of the pixels."""
    height, width = image.shape
    top, left = np.arange(height)[:, None] < height // 2, np.arange(width)[None, :] < width // 2
    return np.stack([image * (top & left), image * (top & ~left), image * (~top & left), image * (~top & ~left)])


def cosine_similarity(images: Array, references: Array) -> Array:
    """Return the cosine similarity, ``(n, k)``, of images, ``(n, pixels)``, and references, ``(k, pixels)``."""
    return _normalized(images) @ _normalized(references).T


def _normalized(images: Array) -> Array:
    norms = np.linalg.norm(images, axis=1, keepdims=True)
    normalized: Array = images / np.maximum(norms, 1e-300)
    return normalized
