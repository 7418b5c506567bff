"""A digit as MNIST has them: of its size, its thickness, and in its place.

MNIST's makers took black and white digits, scaled each to fit into 20 x 20 pixels keeping its shape, which the
averaging made grey, and put its centre of mass into the middle of 28 x 28 (LeCun et al., "The MNIST database"). What
they did not need to do is the last thing missing: a pen on paper that is seen from afar is thinner than their pencil.
"""

import numpy as np

from nn.models.arrays.types import Array, Bytes
from nn.models.images.resampling import fit
from nn.models.images.stroke_width import normalize_stroke_width

LARGE = 16
"""From so many pixels on, an image has a margin as MNIST's; smaller ones, such as 8 x 8, are filled to the edges."""

MARGIN = 4 / 28


def to_mnist_format(ink: Array, height: int = 28, width: int = 28) -> Bytes:
    """One digit as ``(height, width)`` bytes, 255 where the ink is full, for its ink, ``(h, w)`` from 0 to 1."""
    digit = fit_to_box(ink, height, width)
    return to_bytes(paste(digit, centring_offset(digit, height, width), height, width))


def fit_to_box(ink: Array, height: int, width: int) -> Array:
    """A digit's ink, as thick as MNIST's, boxed, and as large as fits between the margins of ``(height, width)``."""
    digit = crop_to_content(normalize_stroke_width(crop_to_content(ink)))
    box = [length - 2 * round(MARGIN * length) if length >= LARGE else length for length in (height, width)]
    return fit(digit, *box)


def crop_to_content(ink: Array) -> Array:
    """The smallest part of an image that holds all the ink; a single pixel where there is none."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return np.zeros((1, 1), np.float32)
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def centring_offset(small: Array, height: int, width: int) -> tuple[int, int]:
    """The row and the column where an image begins if its centre of mass is to lie in the middle of a larger one.

    As nearly as whole pixels and the edges allow.
    """
    mass = max(float(small.sum()), 1e-9)
    corner = []
    for length, sums in ((height, small.sum(axis=1)), (width, small.sum(axis=0))):
        centre = float(sums @ np.arange(len(sums))) / mass
        corner.append(min(max(round(length / 2 - centre), 0), length - len(sums)))
    return corner[0], corner[1]


def paste(small: Array, corner: tuple[int, int], height: int, width: int) -> Array:
    """An image laid on an empty one, ``(height, width)``, from a row and a column on; what reaches out is cut off."""
    image: Array = np.zeros((height, width), np.float32)
    (top, left), (rows, columns) = corner, small.shape
    inside = small[max(0, -top) : max(0, height - top), max(0, -left) : max(0, width - left)]
    image[max(0, top) : max(0, top + rows), max(0, left) : max(0, left + columns)] = inside
    return image


def to_bytes(image: Array) -> Bytes:
    """Ink from 0 to 1 as bytes, 255 where it is full."""
    return np.rint(255 * np.clip(image, 0, 1)).astype(np.uint8)
