"""Several networks asked about the same image, or one about several versions of it: together they err less.

What they answer is averaged: networks that learned from other first weights are wrong about other images (chapter 6,
"Using an ensemble of networks"). The same holds for an image that is moved by a pixel.
"""

from collections.abc import Sequence

import numpy as np

from nn.models.arrays.types import Array, Bytes
from nn.models.augmentation.shifts import all_shifts
from nn.models.network.network import Network


class Ensemble:
    """The mean answer of networks, of which each reads every image moved by up to ``shifts`` pixels each way."""

    def __init__(self, networks: Sequence[Network], shifts: int = 0) -> None:
        self.networks = list(networks)
        self.shifts = shifts

    def __str__(self) -> str:
        names = [str(network) for network in self.networks]
        who = names[0] if len(names) == 1 else f"the vote of {len(names)} networks ({', '.join(dict.fromkeys(names))})"
        if not self.shifts:
            return who
        pixels = "1 pixel" if self.shifts == 1 else f"{self.shifts} pixels"
        return f"{who}, reading each image at {self.places} places up to {pixels} away,"

    @property
    def classes(self) -> int:
        """How many digits they tell apart."""
        return self.networks[0].classes

    @property
    def places(self) -> int:
        """At how many places each image is read."""
        return (2 * self.shifts + 1) ** 2

    def outputs(self, images: Bytes) -> Array:
        """Mean outputs, ``(n, out)``, each row's sum 1, for images as they are stored, ``(n, height, width)``."""
        total = np.zeros((len(images), self.classes))
        for version in all_shifts(images, self.shifts):
            for network in self.networks:
                total += normalized(network.outputs(version))
        return total / (self.places * len(self.networks))


def normalized(outputs: Array) -> Array:
    """Outputs as shares of their row's sum, as those of a softmax are already; what is below 0 counts as nothing."""
    kept: Array = np.maximum(outputs, 0, dtype=np.float64)
    sums = kept.sum(axis=1, keepdims=True)
    found: Array = np.full_like(kept, 1 / kept.shape[1])
    np.divide(kept, sums, found, where=sums > 0)
    return found
