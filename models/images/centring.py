"""A digit in MNIST's format: size, stroke width and position.

MNIST's makers scaled black and white digits to fit into 20 x 20 pixels, keeping the aspect ratio, and placed the
centre of mass in the middle of 28 x 28 pixels (LeCun et al., "The MNIST database"). This module does the same and also
normalises the stroke width: the line of a pen is thinner than the strokes in MNIST.
"""

import numpy as np

from nndigits.models.arrays.types import Array, Bytes
from nndigits.models.images.resampling import fit
from nndigits.models.images.stroke_width import normalize_stroke_width

MIN_SIDE_WITH_MARGIN = 16
"""Images with at least this many pixels a side have a margin as in MNIST. Smaller ones, such as 8 x 8, have none."""

MARGIN_FRACTION = 4 / 28

MIN_PEAK = 128
"""The brightest pixel of an image in MNIST's format is at least this grey. In MNIST it is 248 or more."""


def to_mnist_format(foreground: Array, height: int = 28, width: int = 28) -> Bytes:
    """Return the image ``(height, width)`` of a digit, 0 to 255, for its foreground, ``(h, w)`` from 0 to 1."""
    digit = fit_to_box(foreground, height, width)
    return to_bytes(paste(digit, centring_offset(digit, height, width), height, width))


def fit_to_box(foreground: Array, height: int, width: int) -> Array:
    """Return a digit with normalised strokes, scaled to fit between the margins of ``(height, width)``."""
    digit = crop_to_content(normalize_stroke_width(crop_to_content(foreground)))
    return fit(digit, *_box(height, width))


def is_in_mnist_format(image: Bytes) -> bool:
    """Return whether a light digit on black, ``(height, width)``, has the size and position of MNIST's images.

    It is bright, as large as the box between the margins, and centred by mass, each to a pixel. All images of MNIST
    are. An image without margins, such as 8 x 8, only needs to be bright.
    """
    if image.max() < MIN_PEAK:
        return False
    if min(image.shape) < MIN_SIDE_WITH_MARGIN:
        return True
    height, width = image.shape
    digit = crop_to_content(image.astype(np.float32))
    room = [length - side for length, side in zip(_box(height, width), digit.shape, strict=True)]
    position = np.flatnonzero(image.any(axis=1))[0], np.flatnonzero(image.any(axis=0))[0]
    shift = np.subtract(position, centring_offset(digit, height, width))
    return 0 <= min(room) <= 1 and bool(np.abs(shift).max() <= 1)


def _box(height: int, width: int) -> tuple[int, int]:
    """Return the height and width between the margins of an image."""
    return _without_margin(height), _without_margin(width)


def _without_margin(length: int) -> int:
    return length - 2 * round(MARGIN_FRACTION * length) if length >= MIN_SIDE_WITH_MARGIN else length


def crop_to_content(foreground: Array) -> Array:
    """Return the bounding box of the non-zero pixels, or a single pixel where there are none."""
    rows, columns = np.flatnonzero(foreground.any(axis=1)), np.flatnonzero(foreground.any(axis=0))
    if not len(rows):
        return np.zeros((1, 1), np.float32)
    return foreground[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def centring_offset(small: Array, height: int, width: int) -> tuple[int, int]:
    """Return the row and column at which to paste an image so that its centre of mass is in the middle.

    The offset is rounded to whole pixels, and the image stays inside ``(height, width)``.
    """
    mass = max(float(small.sum()), 1e-9)
    offset = []
    for length, sums in ((height, small.sum(axis=1)), (width, small.sum(axis=0))):
        centre = float(sums @ np.arange(len(sums))) / mass
        offset.append(min(max(round(length / 2 - centre), 0), length - len(sums)))
    return offset[0], offset[1]


def paste(small: Array, offset: tuple[int, int], height: int, width: int) -> Array:
    """Paste an image into an empty one, ``(height, width)``, at a row and column. Pixels outside are cut off."""
    image: Array = np.zeros((height, width), np.float32)
    (top, left), (rows, columns) = offset, small.shape
    inside = small[max(0, -top) : max(0, height - top), max(0, -left) : max(0, width - left)]
    image[max(0, top) : max(0, top + rows), max(0, left) : max(0, left + columns)] = inside
    return image


def to_bytes(image: Array) -> Bytes:
    """Convert values from 0 to 1 to bytes from 0 to 255."""
    return np.rint(255 * np.clip(image, 0, 1)).astype(np.uint8)
