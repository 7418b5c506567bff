"""Find the one digit on a picture and return it in the shape of the network's training images.

The picture is scaled down to locate the foreground. Where the foreground is small, that region is then read at a
higher resolution. An image that is already as MNIST's makers would have made it is used unchanged.
"""

from typing import Literal, NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array, Bytes
from nndigits.models.images.background import quantile
from nndigits.models.images.centring import crop_to_content, is_in_mnist_format, to_mnist_format
from nndigits.models.images.components import Components, components
from nndigits.models.images.foreground import WEAK_THRESHOLD, foreground
from nndigits.models.images.stroke_width import stroke_width

MAX_SIDE = 256
"""Pixels on the longer side of the scaled picture."""

MIN_DIGIT_SIDE = 56
"""A smaller digit is read again at a higher resolution: its strokes may be thinner than a scaled pixel."""

MAX_BORDER_GREY = 64
"""An image whose border is darker than this has the empty border of MNIST's images."""

MIN_SIZE_RATIO, MIN_GAP_FRACTION, MAX_ASPECT_RATIO = 0.5, 0.08, 1.7
"""A picture has several digits if two components of similar size are apart, or if the foreground is too wide for one.

Similar means at least ``MIN_SIZE_RATIO`` times the size of the largest component; the gap is a share of that size. One
in 500 of MNIST's validation images is mistaken for two digits, mostly digits that are broken in halves.
"""

MAX_FLAT_FRACTION = 0.4
"""A flat part is at most this share of the height of the highest one."""

MIN_HEIGHT_IN_STROKES = 3
"""A dot, a blot or a dash is lower than this many of its stroke widths. So is one digit of MNIST in 2,000."""

MIN_DIGIT_PROBABILITY = 0.2
"""A network with a reject class finds no digit in an image that is less probably one. Half of the images
that it was trained on show none; this threshold is the most probable answer if one picture in five shows none."""

Problem = Literal["none", "several"]


class FoundDigit(NamedTuple):
    """An image, ``(height, width)``, and the problem with it, if any: no digit, or several digits.

    Seemingly several digits ``may_be_one``.
    """

    image: Bytes
    problem: Problem | None = None
    may_be_one: bool = False


def find_digit(grey: Bytes, height: int, width: int) -> FoundDigit:
    """Find the digit on a grey picture and return it as an image ``(height, width)``."""
    if grey.shape == (height, width) and quantile(_border(grey), 0.5) < MAX_BORDER_GREY and is_in_mnist_format(grey):
        return FoundDigit(grey)
    strokes = _foreground_region(grey)
    if not strokes.any():
        return FoundDigit(np.zeros((height, width), np.uint8), "none")
    image = to_mnist_format(strokes, height, width)
    problem = digit_problem(strokes, image)
    return FoundDigit(image, problem, problem == "several" and may_be_one(strokes))


def digit_problem(strokes: Array, image: Bytes) -> Problem | None:
    """Return what keeps a foreground, and the image made of it, from being one digit."""
    parts = components(strokes > WEAK_THRESHOLD)
    if _are_apart(parts):
        return "several"
    if is_mark(image):
        return "none"
    heights, widths = parts.bottom - parts.top, parts.right - parts.left
    return "several" if widths.max() > MAX_ASPECT_RATIO * heights.max() else None


def may_be_one(strokes: Array) -> bool:
    """Return whether a foreground that looks like several digits may be one: all its parts but one are flat.

    It is a digit that is wider than others, or that stands on a bar of its own.
    """
    parts = components(strokes > WEAK_THRESHOLD)
    heights = parts.bottom - parts.top
    return bool(np.count_nonzero(heights > MAX_FLAT_FRACTION * heights.max(initial=1)) <= 1)


def is_mark(image: Bytes) -> bool:
    """Return whether an image shows a dot, a blot or a dash: a shape hardly higher than its stroke is wide."""
    shape = crop_to_content(image.astype(np.float32) / 255)
    return len(shape) < MIN_HEIGHT_IN_STROKES * stroke_width(shape)


def _are_apart(parts: Components) -> bool:
    """Return whether two components of similar size are apart, side by side or one above the other."""
    size = np.maximum(parts.bottom - parts.top, parts.right - parts.left)
    large = size >= MIN_SIZE_RATIO * size.max()
    for first, last in ((parts.left, parts.right), (parts.top, parts.bottom)):
        order = np.argsort(first[large])
        gaps = first[large][order][1:] - np.maximum.accumulate(last[large][order])[:-1]
        if gaps.max(initial=0) > MIN_GAP_FRACTION * size.max():
            return True
    return False


def _foreground_region(grey: Bytes) -> Array:
    """Return the foreground of the region of a picture that has strokes, ``(h, w)``."""
    factor = _downscaling_factor(grey)
    if factor == 1:
        return foreground(grey)
    coarse = foreground(_downscaled(grey, factor))
    if not coarse.any():
        return foreground(grey)
    rows, columns = (np.flatnonzero(coarse.any(axis=axis)) for axis in (1, 0))
    size = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    if size >= MIN_DIGIT_SIDE:
        return coarse
    window = tuple(
        slice(max(0, (indices[0] - size) * factor), (indices[-1] + 1 + size) * factor) for indices in (rows, columns)
    )
    region = grey[window]
    return foreground(_downscaled(region, _downscaling_factor(region)))


def _downscaling_factor(grey: Bytes) -> int:
    """Return the smallest factor that brings the longer side to MAX_SIDE, and leaves each side at least a pixel."""
    height, width = map(int, grey.shape)
    return min(-(-max(height, width) // MAX_SIDE), height, width)


def _downscaled(grey: Bytes, factor: int) -> Bytes:
    """Return the means of squares of pixels. Incomplete squares at the far edges are dropped."""
    height, width = (length // factor for length in grey.shape)
    rows, squares = np.zeros((height, width * factor), np.uint32), np.zeros((height, width), np.uint32)
    for offset in range(factor):
        rows += grey[offset : height * factor : factor, : width * factor]
    for offset in range(factor):
        squares += rows[:, offset::factor]
    return ((squares + factor * factor // 2) // (factor * factor)).astype(np.uint8)


def _border(grey: Bytes) -> Bytes:
    """Return the outermost pixels."""
    return np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
