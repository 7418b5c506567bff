"""A layer that flattens feature maps: it puts the numbers of each sample into one row, for a dense layer."""

from math import prod

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.layers.base import Layer
from nndigits.models.layers.feature_maps import Shape, as_maps, empty_batch


class Flatten(Layer):
    """Turn maps into rows with a column of ones, ``(m, height * channels * width + 1)``.

    The numbers of a sample keep the order that they have in maps: by row, then by channel, then by column.
    """

    def __init__(self, shape: Shape) -> None:
        self.input_shape = shape
        self.inputs = self.outputs = prod(shape)
        self.output_shape = (self.outputs,)

    def __repr__(self) -> str:
        return "flatten"

    def forward(self, a: Array, training: bool = False) -> Array:
        """Return the rows for maps, ``(height, channels, width, m)``."""
        a = as_maps(a, self.input_shape)
        if a.shape[-1] != self._samples:
            self._samples = a.shape[-1]
            self._rows_and_ones, self._rows = empty_batch(self.output_shape, self._samples, a.dtype)
        self._maps_shape = a.shape
        np.copyto(self._rows.T.reshape(a.shape), a)
        return self._rows_and_ones

    def backward(self, output_gradient: Array) -> None:
        """Keep dC/da of the rows, ``(m, outputs)``."""
        self._output_gradient = output_gradient

    def input_gradient(self) -> Array:
        """Return the output gradient in the shape of the maps."""
        return self._output_gradient.T.reshape(self._maps_shape)
