"""A layer between maps and neurons that hear all of them: it puts the numbers of each sample into one row."""

from math import prod

import numpy as np

from nn.models.arrays.types import Array
from nn.models.layers.base import Layer
from nn.models.layers.feature_maps import Shape, as_maps, empty_batch


class Flatten(Layer):
    """Make rows with a column of ones, ``(m, height * channels * width + 1)``, out of maps.

    The numbers of a sample stay in the order in which maps have them: by row, then by channel, then by column.
    """

    def __init__(self, shape: Shape) -> None:
        self.input_shape = shape
        self.inputs = self.outputs = prod(shape)
        self.shape = (self.outputs,)

    def __repr__(self) -> str:
        return "flatten"

    def forward(self, a: Array, learning: bool = False) -> Array:
        """Copy maps, ``(height, channels, width, m)``, to where a column of ones stands behind them."""
        a = as_maps(a, self.input_shape)
        if a.shape[-1] != self._samples:
            self._samples = a.shape[-1]
            self._whole, self._rows = empty_batch(self.shape, self._samples, a.dtype)
        self._maps = a.shape
        np.copyto(self._rows.T.reshape(a.shape), a)
        return self._whole

    def backward(self, error: Array) -> None:
        """Keep the error of the rows, ``(m, outputs)``."""
        self._error = error

    def input_gradient(self) -> Array:
        """The same error, as maps again."""
        return self._error.T.reshape(self._maps)
