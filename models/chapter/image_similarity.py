"""How alike two pictures are, and a picture cut into its quarters: is a neuron looking for a part of a digit?"""

import numpy as np

from nn.models.arrays.types import Array

QUARTERS = ("top left", "top right", "bottom left", "bottom right")


def quarters(image: Array) -> Array:
    """The four quarters of an image, ``(height, width)``, each in its place on an empty one: ``(4, height, width)``."""
    height, width = image.shape
    top, left = np.arange(height)[:, None] < height // 2, np.arange(width)[None, :] < width // 2
    return np.stack([image * (top & left), image * (top & ~left), image * (~top & left), image * (~top & ~left)])


def cosine_similarity(pictures: Array, wanted: Array) -> Array:
    """The cosine between pictures, ``(n, pixels)``, and wanted ones, ``(k, pixels)``: ``(n, k)``; 1 is the same."""
    return _unit(pictures) @ _unit(wanted).T


def _unit(pictures: Array) -> Array:
    lengths = np.linalg.norm(pictures, axis=1, keepdims=True)
    units: Array = pictures / np.maximum(lengths, 1e-300)
    return units
