"""Images moved by whole pixels, for a network that reads each of them several times and averages."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from nn.models.arrays.types import Bytes


def all_shifts(images: Bytes, away: int) -> Iterator[Bytes]:
    """Images, ``(m, height, width)``, at each of the ``(2 * away + 1)**2`` places up to so many pixels away."""
    for dy, dx in product(range(-away, away + 1), repeat=2):
        yield shifted(images, dy, dx)


def shifted(images: Bytes, dy: int, dx: int) -> Bytes:
    """Move images, ``(m, height, width)``, by ``dy`` pixels down and ``dx`` right; zeros come in."""
    height, width = images.shape[1:]
    top, left = max(-dy, 0), max(-dx, 0)
    padded = np.pad(images, ((0, 0), (max(dy, 0), top), (max(dx, 0), left)))
    return padded[:, top : top + height, left : left + width]
