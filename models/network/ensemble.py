"""An ensemble averages the outputs of several networks, or of one network on shifted versions of an image.

Networks with different initial weights make different mistakes, so their average makes fewer (chapter 6, "Using an
ensemble of networks"). The same holds for versions of an image shifted by a pixel (test-time augmentation).
"""

from collections.abc import Iterable, Sequence
from functools import reduce

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.network.network import Network


class Ensemble:
    """The mean output of networks, each applied to every image shifted by up to ``shifts`` pixels each way."""

    def __init__(self, networks: Sequence[Network], shifts: int = 0) -> None:
        self.networks = list(networks)
        self.shifts = shifts

    def __str__(self) -> str:
        names = [str(network) for network in self.networks]
        members = (
            names[0] if len(names) == 1 else f"the vote of {len(names)} networks ({', '.join(dict.fromkeys(names))})"
        )
        if not self.shifts:
            return members
        pixels = "1 pixel" if self.shifts == 1 else f"{self.shifts} pixels"
        return f"{members}, reading each image at {self.versions} places up to {pixels} away,"

    @property
    def classes(self) -> int:
        """The number of digits."""
        return self.networks[0].classes

    @property
    def versions(self) -> int:
        """The number of shifted versions of each image."""
        return (2 * self.shifts + 1) ** 2

    def mean(self, outputs: Iterable[Array]) -> Array:
        """Return the mean of the normalized outputs, ``(n, classes)``, of each network on each shifted version.

        The order changes the last bits: all networks on the first version, then all on the second, and so on.
        """
        total: Array = reduce(np.add, outputs)
        return total / (self.versions * len(self.networks))


def normalized(outputs: Array) -> Array:
    """Divide outputs by the sum of their row. Negative outputs count as 0; a row of zeros becomes uniform."""
    positive: Array = np.maximum(outputs, 0, dtype=np.float64)
    sums = positive.sum(axis=1, keepdims=True)
    result: Array = np.full_like(positive, 1 / positive.shape[1])
    np.divide(positive, sums, result, where=sums > 0)
    return result
