"""What a network is shown of a picture: the one digit on it, in the shape of what the network learned from.

A look at the whole sheet, made small, finds where the ink is; a second one, closer, is taken where that was little of
the sheet. An image that has the shape already is shown as it is.
"""

from typing import Literal, NamedTuple

import numpy as np

from nn.models.arrays.types import Array, Bytes
from nn.models.images.background import quantile
from nn.models.images.centring import to_mnist_format
from nn.models.images.components import components
from nn.models.images.foreground import WEAK, foreground

FAR = 256
"""Pixels on the longer side of the first look."""

CLOSE = 56
"""A digit of fewer pixels is looked at again: its strokes may be thinner than the first look's pixels."""

DARK = 64
"""Greys below this around an image are those of MNIST's empty edge."""

LIKE, APART, TOO_WIDE = 0.5, 0.08, 1.7
"""Two digits: the smaller part is so long beside the larger, so far from it, or both are so wide for their height.

Of MNIST's validation images one in 500 is taken for two, mostly those broken in halves.
"""

Problem = Literal["none", "several"]


class FoundDigit(NamedTuple):
    """An image, ``(height, width)``, or what is in the way of one: there is no digit, or there are several."""

    image: Bytes
    trouble: Problem | None = None


def find_digit(grey: Bytes, height: int, width: int) -> FoundDigit:
    """Find the digit on a picture of grey bytes, and give it as an image of ``(height, width)``."""
    if grey.shape == (height, width) and quantile(_ring(grey), 0.5) < DARK:
        return FoundDigit(grey, None if grey.any() else "none")
    found = _looked_at(grey)
    if not found.any():
        return FoundDigit(np.zeros((height, width), np.uint8), "none")
    return FoundDigit(to_mnist_format(found, height, width), "several" if several(found) else None)


def several(found: Array) -> bool:
    """Whether ink is that of more than one digit: two parts of like size lie apart, or it is far too wide for one."""
    parts = components(found > WEAK)
    tall, wide = parts.bottom - parts.top, parts.right - parts.left
    if wide.max() > TOO_WIDE * tall.max():
        return True
    size = np.maximum(tall, wide)
    large = size >= LIKE * size.max()
    for first, last in ((parts.left, parts.right), (parts.top, parts.bottom)):
        order = np.argsort(first[large])
        gaps = first[large][order][1:] - np.maximum.accumulate(last[large][order])[:-1]
        if gaps.max(initial=0) > APART * size.max():
            return True
    return False


def _looked_at(grey: Bytes) -> Array:
    """The ink of the part of a picture where it is, ``(h, w)``."""
    factor = _fewest(grey)
    if factor == 1:
        return foreground(grey)
    far = foreground(_smaller(grey, factor))
    if not far.any():
        return foreground(grey)
    rows, columns = (np.flatnonzero(far.any(axis=axis)) for axis in (1, 0))
    size = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    if size >= CLOSE:
        return far
    part = tuple(
        slice(max(0, (places[0] - size) * factor), (places[-1] + 1 + size) * factor) for places in (rows, columns)
    )
    near = grey[part]
    return foreground(_smaller(near, _fewest(near)))


def _fewest(grey: Bytes) -> int:
    """How many times smaller it is to be seen at most FAR pixels long; what is thin is left a pixel."""
    height, width = map(int, grey.shape)
    return min(-(-max(height, width) // FAR), height, width)


def _smaller(grey: Bytes, factor: int) -> Bytes:
    """The mean of squares of pixels; what is left over at the far edges is left out."""
    height, width = (length // factor for length in grey.shape)
    rows, squares = np.zeros((height, width * factor), np.uint32), np.zeros((height, width), np.uint32)
    for place in range(factor):
        rows += grey[place : height * factor : factor, : width * factor]
    for place in range(factor):
        squares += rows[:, place::factor]
    return ((squares + factor * factor // 2) // (factor * factor)).astype(np.uint8)


def _ring(grey: Bytes) -> Bytes:
    """The outermost pixels."""
    return np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
