"""The windows of an image that a filter of a convolution hears, and what it answers to each (chapter 6).

A convolution computes this for whole mini-batches, and fast; here it is by the definition, to look at.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nn.models.arrays.types import Array, Integers


def responses(filters: Array, biases: Array, images: Array) -> Array:
    """The weighted inputs z of filters, ``(n, k, k)``, at every place of images, ``(m, height, width)``.

    Gives ``(m, n, height - k + 1, width - k + 1)`` (equation 125, before its activation).
    """
    heard = sliding_window_view(images, filters.shape[1:], axis=(1, 2))
    z: Array = np.tensordot(heard, filters, axes=((3, 4), (1, 2))) + biases
    return z.transpose(0, 3, 1, 2)


def window(image: Array, place: int, k: int) -> Array:
    """The window, ``(k, k)``, at a place of an image, counted along its rows of answers as ``argmax`` counts them."""
    row, column = divmod(place, image.shape[1] - k + 1)
    return image[row : row + k, column : column + k]


def strongest(z: Array) -> tuple[Array, Integers]:
    """The largest answer of each filter to each image and its place, both ``(m, n)``, for z of ``responses``."""
    flat = z.reshape(*z.shape[:2], -1)
    places = flat.argmax(axis=2)
    return np.take_along_axis(flat, places[..., None], axis=2)[..., 0], places


def smoothness(filters: Array) -> Array:
    """How alike neighbouring weights are in filters, ``(n, k, k)``: 1 the same, 0 unrelated, -1 opposite; ``(n,)``.

    The mean product of neighbours, side by side and one above the other, over the mean square.
    """
    beside = (filters[:, :, 1:] * filters[:, :, :-1]).sum(axis=(1, 2))
    above = (filters[:, 1:] * filters[:, :-1]).sum(axis=(1, 2))
    pairs = 2 * filters.shape[1] * (filters.shape[1] - 1)
    squares = np.maximum((filters**2).mean(axis=(1, 2)), 1e-300)
    alike: Array = (beside + above) / max(pairs, 1) / squares
    return alike
