"""How much ink is in it? The chapter's simplest idea: a 2 is darker than a 1, as more of its pixels are inked.

The mean darkness of each digit is learned from the training images; an image is taken for the digit whose mean
darkness is nearest to its own (the book's ``mnist_average_darkness.py``).
"""

from dataclasses import dataclass, field

import numpy as np

from nn.models.arrays.types import Array, Bytes, Integers
from nn.models.baselines.smo import Reals

FULL = 255  # a pixel that is all ink


@dataclass(frozen=True)
class AverageDarkness:
    """The mean darkness of each digit, ``means`` (classes,), taken over so many images, ``counts`` (classes,)."""

    means: Reals = field(repr=False)
    counts: Integers = field(repr=False)

    def __str__(self) -> str:
        return "average darkness"

    @property
    def classes(self) -> int:
        """How many digits it tells apart."""
        return len(self.counts)

    def outputs(self, images: Bytes) -> Array:
        """How near each mean is: minus the distance, ``(n, classes)``. A digit never seen is as far as can be."""
        return np.where(self.counts > 0, -abs(darkness(images)[:, None] - self.means), -np.inf)


def darkness(images: Bytes) -> Reals:
    """The sum of each image's pixels, ``(n,)``, where a pixel that is all ink counts 1."""
    sums: Reals = images.sum(axis=(1, 2), dtype=np.int64) / FULL
    return sums


def fit(images: Bytes, labels: Integers, classes: int) -> AverageDarkness:
    """Take the mean darkness of each digit, 0 where there is none of it."""
    counts = np.bincount(labels, minlength=classes)
    sums = np.bincount(labels, darkness(images) * FULL, minlength=classes)
    return AverageDarkness(sums / FULL / np.maximum(counts, 1), counts)
