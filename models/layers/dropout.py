"""A layer that makes a network learn with a part of its neurons silent, each time others (Hinton et al. 2012).

None can lean on another being there, and what is learned is something like the vote of many networks (chapter 3,
"Other techniques for regularization").
"""

from math import prod

import numpy as np

from nn.models.arrays.types import Array
from nn.models.layers.base import Layer
from nn.models.layers.feature_maps import Shape, empty_batch, sample_count, with_ones, without_ones


class Dropout(Layer):
    """Silence each input with probability ``rate``, and make the others louder by 1 / (1 - rate).

    So the mean that the next layer hears is the same as without: when the network is not learning, all pass as they
    are, where the book halves the weights instead. ``begin_epoch`` hands the source of chance.
    """

    def __init__(self, rate: float, shape: Shape) -> None:
        if not 0 <= rate < 1:
            raise ValueError(f"a dropout of {rate:g} is not a probability below 1")
        self.rate, self.shape = rate, shape
        self.inputs = self.outputs = prod(shape)
        self._rng: np.random.Generator | None = None

    def __repr__(self) -> str:
        return f"dropout {np.format_float_positional(self.rate, trim='-')}"

    def begin_epoch(self, rng: np.random.Generator) -> None:
        """Take the source of chance for the epoch to come."""
        self._rng = rng

    def forward(self, a: Array, learning: bool = False) -> Array:
        """Give the inputs, or while learning the louder part of them. A column of ones is left alone."""
        if not learning:
            return with_ones(a, self.shape)
        if self._rng is None:
            raise ValueError("dropout needs a source of chance: call begin_epoch before learning")
        if sample_count(a) != self._samples:
            self._make_buffers(a)
        self._rng.random(dtype=np.float32, out=self._chance)
        np.greater_equal(self._chance, np.float32(self.rate), out=self._kept)
        np.multiply(self._kept, self._louder, out=self._mask)
        np.multiply(without_ones(a, self.shape), self._in_order(self._mask), out=self._a)
        return self._whole

    def backward(self, error: Array) -> None:
        """What was silent changed nothing."""
        np.multiply(error, self._in_order(self._mask), out=self._error_in)

    def input_gradient(self) -> Array:
        """dC/da of the inputs."""
        return self._error_in

    def _in_order(self, drawn: Array) -> Array:
        """Numbers are drawn as they lie in memory: of rows, that is column after column."""
        return drawn.T if drawn.ndim == 2 else drawn

    def _make_buffers(self, a: Array) -> None:
        """Make once what every batch of this size writes into."""
        self._samples = sample_count(a)
        self._whole, self._a = empty_batch(self.shape, self._samples, a.dtype)
        self._error_in = np.empty_like(self._a)
        drawn = self._in_order(self._a).shape
        self._chance, self._kept, self._mask = (
            np.empty(drawn, "float32"),
            np.empty(drawn, bool),
            np.empty(drawn, a.dtype),
        )
        self._louder = np.asarray(1 / (1 - self.rate), a.dtype)
