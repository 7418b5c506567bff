"""Dropout: in training, a random part of the neurons is set to 0, a different one each time (Hinton et al. 2012).

No neuron can depend on a particular other one, and the trained network behaves like an average of many networks
(chapter 3, "Other techniques for regularization").
"""

from math import prod

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.layers.base import Layer
from nndigits.models.layers.feature_maps import Shape, empty_batch, sample_count, without_ones


class Dropout(Layer):
    """Set each input to 0 with probability ``rate``, and multiply the others by 1 / (1 - rate).

    So the next layer's inputs have the same mean in training and in prediction, where all inputs pass unchanged. The
    book halves the weights for prediction instead. ``begin_epoch`` sets the random generator.
    """

    def __init__(self, rate: float, shape: Shape) -> None:
        if not 0 <= rate < 1:
            raise ValueError(f"dropout rate {rate:g}: expected at least 0 and below 1")
        self.rate, self.output_shape = rate, shape
        self.inputs = self.outputs = prod(shape)
        self._rng: np.random.Generator | None = None

    def __repr__(self) -> str:
        return f"dropout {np.format_float_positional(self.rate, trim='-')}"

    def begin_epoch(self, rng: np.random.Generator) -> None:
        """Set the random generator of the next epoch."""
        self._rng = rng

    def forward(self, a: Array, training: bool = False) -> Array:
        """Return the inputs, in training times the random mask. A column of ones is not changed."""
        if not training:
            return a
        if self._rng is None:
            raise ValueError("dropout needs a random generator: call begin_epoch before training")
        if sample_count(a) != self._samples:
            self._make_buffers(a)
        self._rng.random(dtype=np.float32, out=self._random)
        np.greater_equal(self._random, np.float32(self.rate), out=self._kept)
        np.multiply(self._kept, self._factor, out=self._mask)
        np.multiply(without_ones(a, self.output_shape), self._in_memory_order(self._mask), out=self._a)
        return self._a_and_ones

    def backward(self, output_gradient: Array) -> None:
        """Multiply dC/da of the outputs by the mask."""
        np.multiply(output_gradient, self._in_memory_order(self._mask), out=self._input_gradient)

    def input_gradient(self) -> Array:
        """Return dC/da of the inputs."""
        return self._input_gradient

    def _in_memory_order(self, a: Array) -> Array:
        """Transpose rows, which are stored by columns; random numbers are drawn in the order of memory."""
        return a.T if a.ndim == 2 else a

    def _make_buffers(self, a: Array) -> None:
        """Allocate the buffers for batches of this size."""
        self._samples = sample_count(a)
        self._a_and_ones, self._a = empty_batch(self.output_shape, self._samples, a.dtype)
        self._input_gradient = np.empty_like(self._a)
        shape = self._in_memory_order(self._a).shape
        self._random = np.empty(shape, "float32")
        self._kept = np.empty(shape, bool)
        self._mask = np.empty(shape, a.dtype)
        self._factor = np.asarray(1 / (1 - self.rate), a.dtype)
