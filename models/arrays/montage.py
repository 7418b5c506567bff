"""Many small images as one: a sheet of them in rows, with lines between."""

import numpy as np

from nn.models.arrays.types import Array


def montage(images: Array, columns: int, line: float = 0.0) -> Array:
    """Lay images, ``(n, height, width)``, in rows of ``columns``; ``line`` between them, 0 where none is left."""
    n, height, width = images.shape
    rows = -(-n // columns)
    sheet = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1), line, float)
    for number, image in enumerate([*images, *np.zeros((rows * columns - n, height, width))]):
        top, left = number // columns * (height + 1), number % columns * (width + 1)
        sheet[top : top + height, left : left + width] = image
    return sheet


def scaled(images: Array) -> Array:
    """Each image by itself brought to reach 1, whatever its sign."""
    reach = np.abs(images).max(axis=(1, 2), keepdims=True)
    apart: Array = images / np.maximum(reach, 1e-12)
    return apart
