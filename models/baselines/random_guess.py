"""Random guess: the weakest baseline, which ignores the image (chapter 1: 10 % accuracy)."""

from dataclasses import dataclass

import numpy as np

from nndigits.models.arrays.types import Array, Bytes


@dataclass(frozen=True)
class RandomGuess:
    """A classifier with random outputs. The same seed gives the same outputs."""

    classes: int
    seed: int

    def __str__(self) -> str:
        return "random guess"

    def outputs(self, images: Bytes) -> Array:
        """Return random numbers from 0 to 1, ``(n, classes)``. The largest is the prediction."""
        return np.random.default_rng(self.seed).random((len(images), self.classes))
