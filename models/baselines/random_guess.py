"""The least that there is to beat: an answer drawn at random, whatever the image (chapter 1: 10 % right)."""

from dataclasses import dataclass

import numpy as np

from nn.models.arrays.types import Array, Bytes


@dataclass(frozen=True)
class RandomGuess:
    """Draws its answers; the same ones each time, as they begin from the same seed."""

    classes: int
    seed: int

    def __str__(self) -> str:
        return "random guess"

    def outputs(self, images: Bytes) -> Array:
        """Numbers from 0 to 1, ``(n, classes)``; the largest decides."""
        return np.random.default_rng(self.seed).random((len(images), self.classes))
