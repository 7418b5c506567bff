"""What hidden neurons and filters respond to: parts of an image, and the windows of an image (chapter 6)."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nndigits.models.arrays.types import Array, Integers

QUARTERS = ("top left", "top right", "bottom left", "bottom right")


def responses(filters: Array, biases: Array, images: Array) -> Array:
    """Compute the weighted inputs z of filters, ``(n, k, k)``, for every window of images, ``(m, height, width)``.

    Returns ``(m, n, height - k + 1, width - k + 1)`` (equation 125, before the activation function). A layer of a
    network computes them for whole mini-batches, and faster. Here they follow the definition.
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


def quarters(image: Array) -> Array:
    """Return four copies of an image, ``(4, height, width)``, each with only one quarter of the pixels."""
    height, width = image.shape
    top, left = np.arange(height)[:, None] < height // 2, np.arange(width)[None, :] < width // 2
    return np.stack([image * (top & left), image * (top & ~left), image * (~top & left), image * (~top & ~left)])


def cosine_similarity(images: Array, references: Array) -> Array:
    """Return the cosine similarity, ``(n, k)``, of images, ``(n, pixels)``, and references, ``(k, pixels)``."""
    one, other = (
        some / np.maximum(np.linalg.norm(some, axis=1, keepdims=True), 1e-300) for some in (images, references)
    )
    similarity: Array = one @ other.T
    return similarity
