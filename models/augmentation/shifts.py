"""Images shifted by whole pixels, over which an ensemble averages its outputs (test-time augmentation)."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from nndigits.models.arrays.types import Bytes


def all_shifts(images: Bytes, most: int) -> Iterator[Bytes]:
    """Yield images, ``(m, height, width)``, at each of the ``(2 * most + 1)**2`` shifts by up to ``most`` pixels."""
    for dy, dx in product(range(-most, most + 1), repeat=2):
        yield shifted(images, dy, dx)


def shifted(images: Bytes, dy: int, dx: int) -> Bytes:
    """Shift images, ``(m, height, width)``, by ``dy`` pixels down and ``dx`` right; fill with zeros."""
    height, width = images.shape[1:]
    top, left = max(-dy, 0), max(-dx, 0)
    padded = np.pad(images, ((0, 0), (max(dy, 0), top), (max(dx, 0), left)))
    return padded[:, top : top + height, left : left + width]
