"""The responses of a convolution's filters to the windows of an image (chapter 6).

A convolution layer computes them for whole mini-batches, and faster. Here they follow the definition.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nndigits.models.arrays.types import Array, Integers


def responses(filters: Array, biases: Array, images: Array) -> Array:
    """Compute the weighted inputs z of filters, ``(n, k, k)``, for every window of images, ``(m, height, width)``.

    Returns ``(m, n, height - k + 1, width - k + 1)`` (equation 125, before the activation function).
    """
    windows = sliding_window_view(images, filters.shape[1:], axis=(1, 2))
    z: Array = np.tensordot(windows, filters, axes=((3, 4), (1, 2))) + biases
    return z.transpose(0, 3, 1, 2)


def window(image: Array, index: int, k: int) -> Array:
    """Return the window, ``(k, k)``, of an image for a flat index into its responses, as ``argmax`` gives it."""
    row, column = divmod(index, image.shape[1] - k + 1)
    return image[row : row + k, column : column + k]


def strongest(z: Array) -> tuple[Array, Integers]:
    """Return the largest response of each filter to each image and its flat index, both ``(m, n)``."""
    flat = z.reshape(*z.shape[:2], -1)
    indices = flat.argmax(axis=2)
    return np.take_along_axis(flat, indices[..., None], axis=2)[..., 0], indices


def smoothness(filters: Array) -> Array:
    """Return the correlation of neighbouring weights, ``(n,)``, in filters ``(n, k, k)``.

    It is the mean product of horizontal and vertical neighbours, divided by the mean square: 1 for equal neighbours, 0
    for unrelated ones, -1 for opposite ones.
    """
    horizontal = (filters[:, :, 1:] * filters[:, :, :-1]).sum(axis=(1, 2))
    vertical = (filters[:, 1:] * filters[:, :-1]).sum(axis=(1, 2))
    pairs = 2 * filters.shape[1] * (filters.shape[1] - 1)
    squares = np.maximum((filters**2).mean(axis=(1, 2)), 1e-300)
    correlation: Array = (horizontal + vertical) / max(pairs, 1) / squares
    return correlation
