"""A montage: many small images in one, in rows, with lines between them."""

import numpy as np

from nndigits.models.arrays.types import Array


def montage(images: Array, columns: int, line: float = 0.0) -> Array:
    """Arrange images, ``(n, height, width)``, in rows of ``columns``.

    The pixels between them have the value ``line``; places left over in the last row are 0.
    """
    n, height, width = images.shape
    rows = -(-n // columns)
    sheet = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1), line, float)
    for number, image in enumerate([*images, *np.zeros((rows * columns - n, height, width))]):
        top, left = number // columns * (height + 1), number % columns * (width + 1)
        sheet[top : top + height, left : left + width] = image
    return sheet


def scaled(images: Array) -> Array:
    """Divide each image by its largest absolute value."""
    largest = np.abs(images).max(axis=(1, 2), keepdims=True)
    result: Array = images / np.maximum(largest, 1e-12)
    return result
