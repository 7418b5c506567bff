"""A layer whose neurons each hear a small window of the maps before, all with the same weights (chapter 6).

A filter of k x k weights for each channel looks for one thing everywhere: moved over the maps one place at a time, and
only to where it lies wholly inside, it answers with a map of its own, smaller by k - 1.

The usual way to compute it copies every window out, k² numbers for each that there was, for one large product. Here
only the k shifts to the side are copied: k shifted rows one below the other are one stretch of memory, so every row of
the answer is a product of the weights with such a stretch, and the shifts downwards cost nothing.
"""

from math import isqrt, prod
from typing import Self

import numpy as np
from numpy.lib.stride_tricks import as_strided

from nn.models.arrays.types import Array
from nn.models.layers.base import TrainableLayer
from nn.models.layers.feature_maps import Shape, as_maps, sample_count
from nn.models.layers.initializers import ParameterSource

SMALL, SMALL_TRANSPOSED = 100**3, 2**10
"""Products that OpenBLAS computes from where the factors lie, which for few filters is faster than packing them first.

The first is the number of multiplications, the second the size of the product where a factor is transposed.
"""


class Convolution(TrainableLayer):
    """Filters moved over maps, ``(height, width, channels)``: maps, ``(height - k + 1, width - k + 1, filters)``.

    Parameters
    ----------
    w
        Weights, ``(filters, k * k * channels)``: by row of the window, then by column, then by channel.
    b
        Biases, ``(filters,)``.
    shape
        Of the maps that it hears.
    """

    def __init__(self, w: Array, b: Array, shape: Shape) -> None:
        self.parameters = np.column_stack([w, b])
        height, width, channels = shape
        self.filters, weights = w.shape
        self.k = k = isqrt(weights // channels)
        self.input_shape, self.shape = shape, (height - k + 1, width - k + 1, self.filters)
        self.inputs, self.outputs = prod(shape), prod(self.shape)

    @classmethod
    def of(cls, filters: int, k: int, shape: Shape, parameters: ParameterSource) -> Self:
        """Make a convolution with k x k filters for maps of this shape."""
        height, width, channels = shape
        if k > min(height, width):
            raise ValueError(f"filters of {k} x {k} do not fit into maps of {height} x {width}")
        return cls(*parameters(filters, k * k * channels), shape)

    def __repr__(self) -> str:
        return f"conv {self.filters} {self.k}x{self.k}"

    @property
    def multiplications(self) -> int:
        """How many multiplications by a weight a sample's forward pass takes: each filter's, at each of its places."""
        height, width, _ = self.shape
        return height * width * self.size

    def forward(self, a: Array, learning: bool = False) -> Array:
        """Take maps; give the weighted inputs of the filters at each place, as maps (chapter 6, equation 125)."""
        if sample_count(a) != self._samples:
            self._make_buffers(sample_count(a))
        a = as_maps(a, self.input_shape)
        for column in range(self.k):
            self._shifted[:, column] = a[:, :, column : column + self.shape[1]]
        np.matmul(self.w, self._grouped(self._windows), out=self._grouped(self._z))
        self._z += self.b[:, None]
        return self._z.reshape(self._maps_out)

    def backward(self, error: Array) -> None:
        """Keep dC/dz: there is no activation in this layer."""
        self.delta = error.reshape(self._z.shape)

    def gradient(self, out: Array) -> None:
        """Every place of a filter is one more sample of the same neuron: so a product for each row, and their sum."""
        np.matmul(self._windows_apart, self.delta.transpose(0, 2, 1)[:, None], out=self._products)
        out[:, :-1] = self._products.sum(axis=0).reshape(-1, self.filters).T
        np.matmul(self.delta, self._ones).sum(axis=0, out=out[:, -1])

    def input_gradient(self) -> Array:
        """dC/da of the maps before: a row of them was heard by up to k rows of the answer, through as many of a filter.

        Rows of ``delta`` lie one below the other too, the rows of the filters turned upside down beside them.
        """
        (rows, columns, filters), k = self.shape, self.k
        np.copyto(self._upwards, self.w.reshape(filters, k, -1)[:, ::-1].transpose(2, 1, 0))
        w = self._upwards.reshape(-1, k * filters)
        delta = self._grouped(self.delta.reshape(rows * filters, -1))
        for row, error in enumerate(self._error_grouped):
            first, behind = max(0, row - k + 1), min(rows, row + 1)
            skipped = k - 1 - row + first
            input_shape = w[:, skipped * filters : (skipped + behind - first) * filters]
            np.matmul(input_shape, delta[:, first * filters : behind * filters], out=error)
        self._error_in[:, :, :columns] = self._error_shifted[:, 0]
        self._error_in[:, :, columns:] = 0
        for column in range(1, k):
            self._error_in[:, :, column : column + columns] += self._error_shifted[:, column]
        return self._error_in

    def _grouped(self, a: Array) -> Array:
        """See ``(.., columns * m)`` as ``(groups of columns, .., columns of each * m)``, without copying."""
        return a.reshape(*a.shape[:-1], self._groups, -1).swapaxes(-2, -3)

    def _make_buffers(self, samples: int) -> None:
        """Make once what every batch of this size writes into."""
        (height, width, channels), (rows, columns, filters) = self.input_shape, self.shape
        k, weights, across = self.k, self.w.shape[1], columns * samples
        self._samples = samples
        self._groups = columns // _divisor(columns, SMALL // (filters * weights * samples))
        together = _divisor(weights, min(SMALL_TRANSPOSED // filters, SMALL // (filters * across)))
        self._maps_out = (rows, filters, columns, samples)
        self._shifted = np.empty((height, k, channels, columns, samples), self.dtype)
        row, _, _, _, number = self._shifted.strides
        self._windows = as_strided(
            self._shifted, (rows, weights, across), (row, across * number, number), writeable=False
        )
        self._z = np.empty((rows, filters, across), self.dtype)
        self._ones = np.ones(across, self.dtype)
        self._windows_apart = self._windows.reshape(rows, -1, together, across)
        self._products = np.empty((*self._windows_apart.shape[:-1], filters), self.dtype)
        self._upwards = np.empty((k * channels, k, filters), self.dtype)
        self._error_shifted = np.empty_like(self._shifted)
        self._error_grouped = self._grouped(self._error_shifted.reshape(height, k * channels, across))
        self._error_in = np.empty((height, channels, width, samples), self.dtype)


def _divisor(number: int, most: int) -> int:
    """The largest divisor of a number that is not above ``most``, or the number itself where ``most`` is not even 1."""
    return max((n for n in range(1, min(most, number) + 1) if number % n == 0), default=number)
