"""A layer that keeps of each square of a map the largest number: that something was seen matters more than where.

It halves the maps each way (chapter 6, "Pooling layers"), or makes them s times smaller.
"""

from collections.abc import Sequence
from math import prod

import numpy as np

from nn.models.arrays.types import Array
from nn.models.layers.base import Layer
from nn.models.layers.feature_maps import Shape, as_maps


class MaxPooling(Layer):
    """The largest of each s x s square of maps, ``(height, width, channels)``, the squares side by side.

    Rows and columns at the far edges that do not fill a square are left out, as if they were not there.
    """

    def __init__(self, size: int, shape: Shape) -> None:
        height, width, channels = shape
        if size < 2:
            raise ValueError("squares of 1 x 1 leave maps as they are")
        self.size, self.input_shape, self.shape = size, shape, (height // size, width // size, channels)
        if min(self.shape) < 1:
            raise ValueError(f"squares of {size} x {size} do not fit into maps of {height} x {width}")
        self.inputs, self.outputs = prod(shape), prod(self.shape)

    def __repr__(self) -> str:
        return f"max {self.size}"

    def forward(self, a: Array, learning: bool = False) -> Array:
        """Take the largest of s rows, then of s columns of those."""
        a = as_maps(a, self.input_shape)
        if a.shape[-1] != self._samples:
            self._make_buffers(a)
        _largest(self._rows(a), self._of_rows, self._later_rows, learning)
        _largest(self._columns(self._of_rows), self._a, self._later_columns, learning)
        return self._a

    def backward(self, error: Array) -> None:
        """Hand each error to the one that was largest, the first where several were; the others changed nothing."""
        _hand_back(error, self._later_columns, self._columns(self._error_of_rows))
        _hand_back(self._error_of_rows, self._later_rows, self._rows(self._error_in))

    def input_gradient(self) -> Array:
        """dC/da of the maps before."""
        return self._error_in

    def _rows(self, a: Array) -> list[Array]:
        """The first rows of all squares, the second ones, and so on."""
        inside = a[: self.shape[0] * self.size, :, : self.shape[1] * self.size]
        return [inside[place :: self.size] for place in range(self.size)]

    def _columns(self, a: Array) -> list[Array]:
        """The same for columns."""
        return [a[:, :, place :: self.size] for place in range(self.size)]

    def _make_buffers(self, a: Array) -> None:
        """Make once what every batch of this size writes into."""
        rows, columns, channels = self.shape
        self._samples = a.shape[-1]
        half, small = (rows, channels, columns * self.size, a.shape[-1]), (rows, channels, columns, a.shape[-1])
        self._of_rows, self._error_of_rows = np.empty(half, a.dtype), np.empty(half, a.dtype)
        self._a = np.empty(small, a.dtype)
        self._later_rows, self._later_columns = (
            [np.empty(shape, bool) for _ in range(1, self.size)] for shape in (half, small)
        )
        self._error_in = np.zeros(a.shape, a.dtype)  # what is left out stays zero


def _largest(parts: Sequence[Array], out: Array, later: Sequence[Array], learning: bool) -> None:
    """Write the largest of the parts, place by place; ``later`` says which of them was larger than all before it."""
    largest = parts[0]
    for part, larger in zip(parts[1:], later, strict=True):
        if learning:
            np.less(largest, part, out=larger)
        largest = np.maximum(largest, part, out=out)


def _hand_back(error: Array, later: Sequence[Array], parts: Sequence[Array]) -> None:
    """Give each error to the last part that was larger than all before it, and nothing to the others."""
    for part, larger in zip(parts[:0:-1], later[::-1], strict=True):
        np.multiply(error, larger, out=part)
        error = np.subtract(error, part, out=parts[0])
