"""A convolution: each neuron sees a small window of the input maps, and all share the same weights (chapter 6).

A filter has k x k weights for each channel and detects one feature everywhere. It moves over the input maps one
position at a time, always wholly inside, and its outputs are a map that is smaller by k - 1 each way.

The usual computation copies every window, k² numbers for each input, for one large matrix product. Here only the k
horizontal shifts are copied. k shifted rows below each other are contiguous in memory, so every output row is a product
of the weights with such a block, and vertical shifts need no copy.
"""

from math import isqrt, prod
from typing import Self

import numpy as np
from numpy.lib.stride_tricks import as_strided

from nndigits.models.arrays.types import Array
from nndigits.models.layers.base import TrainableLayer, check_weighted_inputs, joined
from nndigits.models.layers.feature_maps import Shape, as_maps, sample_count
from nndigits.models.layers.initializers import ParameterSource

SMALL = 2**10
"""OpenBLAS computes products of a transposed factor up to this size without packing the factors, which is faster."""


class Convolution(TrainableLayer):
    """A convolution of maps, ``(height, width, channels)``, into ``(height - k + 1, width - k + 1, filters)``.

    Parameters
    ----------
    w
        Weights, ``(filters, k * k * channels)``: by row of the window, then by column, then by channel.
    b
        Biases, ``(filters,)``.
    shape
        The shape of the input maps.
    """

    def __init__(self, w: Array, b: Array, shape: Shape) -> None:
        self.parameters = joined(w, b)
        height, width, channels = shape
        self.filters, weights = w.shape
        self.k = k = isqrt(weights // channels)
        self.input_shape, self.output_shape = shape, (height - k + 1, width - k + 1, self.filters)
        self.inputs, self.outputs = prod(shape), prod(self.output_shape)

    @classmethod
    def of(cls, filters: int, k: int, shape: Shape, parameters: ParameterSource) -> Self:
        """Return a convolution with k x k filters for maps of this shape."""
        height, width, channels = shape
        if k > min(height, width):
            raise ValueError(f"filters of {k} x {k} do not fit into maps of {height} x {width}")
        return cls(*parameters(filters, k * k * channels), shape)

    def __repr__(self) -> str:
        return f"conv {self.filters} {self.k}x{self.k}"

    @property
    def multiplications(self) -> int:
        """The number of multiplications in a sample's forward pass: each weight, at each position of its filter."""
        height, width, _ = self.output_shape
        return height * width * self.size

    @property
    def buffers(self) -> int:
        """Two arrays of k shifted copies of the inputs, and the outputs and the gradient of the inputs."""
        (height, _, channels), columns = self.input_shape, self.output_shape[1]
        return 2 * height * self.k * channels * columns + 2 * self.inputs + self.outputs

    @property
    def workspace(self) -> int:
        """The weights in reverse order, and the products that the gradient sums, one for each output row."""
        return (1 + self.output_shape[0]) * self.size

    def forward(self, a: Array, training: bool = False) -> Array:
        """Return the weighted inputs of the filters at each position, as maps (chapter 6, equation 125)."""
        if sample_count(a) != self._samples:
            self._make_buffers(sample_count(a))
        a = as_maps(a, self.input_shape)
        for column in range(self.k):
            self._shifted[:, column] = a[:, :, column : column + self.output_shape[1]]
        np.matmul(self.w, self._windows, out=self._z)
        self._z += self.b[:, None]
        if not training:
            check_weighted_inputs(self._z)
        return self._z.reshape(self._output_maps_shape)

    def backward(self, output_gradient: Array) -> None:
        """Keep dC/dz: this layer has no activation."""
        self.delta = output_gradient.reshape(self._z.shape)

    def gradient(self, out: Array) -> None:
        """Write the gradient into ``out``: products for each output row, and their sum.

        Each position of a filter counts as another sample of the same neuron.
        """
        np.matmul(self._blocks, self.delta.swapaxes(1, 2)[:, None], out=self._products)
        out[:, :-1] = self._products.sum(axis=0).reshape(-1, self.filters).T
        np.matmul(self.delta, self._ones).sum(axis=0, out=out[:, -1])

    def input_gradient(self) -> Array:
        """Return dC/da of the input maps.

        An input row acts on up to k output rows, on each through another row of the filters. These rows of ``delta``
        are contiguous in memory; the rows of the filters are copied in reverse order to match them.
        """
        (rows, columns, filters), k = self.output_shape, self.k
        np.copyto(self._reversed_w, self.w.reshape(filters, k, -1)[:, ::-1].transpose(2, 1, 0))
        w = self._reversed_w.reshape(-1, k * filters)
        delta = self.delta.reshape(rows * filters, -1)
        for row, gradient in enumerate(self._shifted_gradient.reshape(self.input_shape[0], len(w), -1)):
            first, end = max(0, row - k + 1), min(rows, row + 1)
            skipped = k - 1 - row + first
            filter_rows = w[:, skipped * filters : (skipped + end - first) * filters]
            np.matmul(filter_rows, delta[first * filters : end * filters], out=gradient)
        self._input_gradient[:, :, :columns] = self._shifted_gradient[:, 0]
        self._input_gradient[:, :, columns:] = 0
        for column in range(1, k):
            self._input_gradient[:, :, column : column + columns] += self._shifted_gradient[:, column]
        return self._input_gradient

    def _make_buffers(self, samples: int) -> None:
        """Allocate the buffers for batches of this size."""
        (height, width, channels), (rows, columns, filters) = self.input_shape, self.output_shape
        k, weights, length = self.k, self.w.shape[1], columns * samples
        self._samples = samples
        self._output_maps_shape = (rows, filters, columns, samples)
        self._shifted = np.empty((height, k, channels, columns, samples), self.dtype)
        row, _, _, _, number = self._shifted.strides
        self._windows = as_strided(
            self._shifted, (rows, weights, length), (row, length * number, number), writeable=False
        )
        self._z = np.empty((rows, filters, length), self.dtype)
        self._ones = np.ones(length, self.dtype)
        block = max((n for n in range(1, weights + 1) if weights % n == 0 and n * filters <= SMALL), default=weights)
        self._blocks = self._windows.reshape(rows, -1, block, length)
        self._products = np.empty((*self._blocks.shape[:-1], filters), self.dtype)
        self._reversed_w = np.empty((k * channels, k, filters), self.dtype)
        self._shifted_gradient = np.empty_like(self._shifted)
        self._input_gradient = np.empty((height, channels, width, samples), self.dtype)
