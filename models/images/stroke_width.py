"""Stroke-width normalisation: the strokes of a digit are made as thick as MNIST's.

The line of a pen is a hundredth of a large digit. Scaled down to 20 pixels, it is a fifth of a pixel: a faint grey line
unlike anything in the training images. So thin strokes are dilated, and thick ones eroded, while the digit is still
large.
"""

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.images.resampling import fit

MNIST_STROKE_RANGE = (0.09, 0.19)
"""The stroke widths of MNIST, as shares of the digit's longer side. Strokes in this range are left unchanged."""

WORKING_SIDE = 64
"""Pixels on the longer side while strokes are changed: three times the final size."""


def normalize_stroke_width(digit: Array) -> Array:
    """Return a digit's foreground, ``(h, w)``, with strokes as thick as MNIST's. Its size may change."""
    large = fit(digit, WORKING_SIDE, WORKING_SIDE)
    side, width = max(large.shape), stroke_width(large)
    target = float(np.clip(width / side, *MNIST_STROKE_RANGE)) * side
    if target == width:
        return digit
    # The digit grows or shrinks with its strokes, so the target refers to the size afterwards.
    target *= (side - width) / (side - target)
    return dilate(large, (target - width) / 2) if target > width else erode(large, (width - target) / 2)


def stroke_width(foreground: Array) -> float:
    """Return the mean stroke width in pixels: twice the area divided by the length of the outline."""
    padded = np.pad(foreground, 1)
    across, down = np.diff(padded, axis=1)[:-1], np.diff(padded, axis=0)[:, :-1]
    return 2 * float(foreground.sum()) / max(float(np.hypot(across, down).sum()), 1e-9)


def dilate(foreground: Array, radius: float) -> Array:
    """Dilate the foreground by a radius in pixels, which may be fractional. The array grows to hold the result.

    The disc is taken row by row: its whole pixels are one run, whose maximum grows from row to row, and only the pixels
    at its edge, which count in part, are taken one by one.
    """
    reach = int(np.ceil(radius))
    padded = np.pad(foreground, reach)
    dilated, run, half = padded.copy(), padded.copy(), 0
    offsets = np.arange(reach + 1)
    weights = radius + 1 - np.hypot(offsets[:, None], offsets)  # (down, right)
    for down in range(reach, -1, -1):
        whole = int((weights[down] >= 1).sum())
        for right in range(half, whole):
            for column in (-right, right):
                _take_maximum(run, padded, 0, column)
        half = max(half, whole)
        for row in {down, -down}:
            if whole:
                _take_maximum(dilated, run, row, 0)
            for right in np.flatnonzero(weights[down] > 0)[whole:].tolist():
                part = np.float32(weights[down, right]) * padded
                for column in {right, -right}:
                    _take_maximum(dilated, part, row, column)
    return dilated


def _take_maximum(image: Array, other: Array, down: int, right: int) -> None:
    """``image = max(image, other)``, with the other one moved."""
    height, width = image.shape
    here = image[max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)]
    there = other[max(0, -down) : height + min(0, -down), max(0, -right) : width + min(0, -right)]
    np.maximum(here, there, out=here)


def erode(foreground: Array, radius: float) -> Array:
    """Erode the foreground by a radius in pixels: dilate the background."""
    reach = int(np.ceil(radius))
    background = dilate(1 - np.pad(foreground, reach), radius)
    return 1 - background[2 * reach : -2 * reach, 2 * reach : -2 * reach]
