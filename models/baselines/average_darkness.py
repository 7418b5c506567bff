"""Average darkness: the chapter's simplest classifier. A 2 is darker than a 1, as more of its pixels are set.

Training computes the mean darkness of each digit. An image is classified as the digit with the nearest mean (the
book's ``mnist_average_darkness.py``).
"""

from dataclasses import dataclass, field

import numpy as np

from nndigits.models.arrays.types import Array, Bytes, Doubles, Integers

MAX_PIXEL = 255


@dataclass(frozen=True)
class AverageDarkness:
    """The mean darkness of each digit, ``means`` (classes,), and its number of images, ``counts`` (classes,)."""

    means: Doubles = field(repr=False)
    counts: Integers = field(repr=False)

    def __str__(self) -> str:
        return "average darkness"

    @property
    def classes(self) -> int:
        """The number of classes."""
        return len(self.counts)

    def outputs(self, images: Bytes) -> Array:
        """Return minus the distance from each mean, ``(n, classes)``; minus infinity for a digit without images."""
        return np.where(self.counts > 0, -abs(darkness(images)[:, None] - self.means), -np.inf)


def darkness(images: Bytes) -> Doubles:
    """Return the sum of each image's pixels, ``(n,)``, where a pixel of 255 counts as 1."""
    sums: Doubles = images.sum(axis=(1, 2), dtype=np.int64) / MAX_PIXEL
    return sums


def fit(images: Bytes, labels: Integers, classes: int) -> AverageDarkness:
    """Compute the mean darkness of each digit, 0 for a digit without images."""
    counts = np.bincount(labels, minlength=classes)
    sums = np.bincount(labels, darkness(images) * MAX_PIXEL, minlength=classes)
    return AverageDarkness(sums / MAX_PIXEL / np.maximum(counts, 1), counts)
