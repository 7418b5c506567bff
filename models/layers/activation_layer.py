"""An activation as a layer of its own, behind layers that have none: a convolution, or the pooling that follows it.

An activation that rises with z leaves the largest of several numbers the largest. So it may stand behind the pooling
instead of before it: the same answers and the same gradients, for a quarter of the work.
"""

from math import prod

import numpy as np

from nn.models.arrays.types import Array
from nn.models.layers.activations import SOFTMAX, Activation
from nn.models.layers.base import Layer
from nn.models.layers.feature_maps import Shape, empty_batch, sample_count, without_ones

RISING = ("sigmoid", "tanh", "relu", "leaky-relu", "softplus")
"""The activations that rise with z everywhere, or at least never fall."""


class ActivationLayer(Layer):
    """Make ``a = sigma(z)`` of every number; the shape stays. A column of ones is left alone."""

    def __init__(self, activation: Activation, shape: Shape) -> None:
        if activation is SOFTMAX:
            raise ValueError("softmax makes probabilities of the last dense layer alone")
        self.activation, self.shape = activation, shape
        self.inputs = self.outputs = prod(shape)

    def __repr__(self) -> str:
        return self.activation.name

    def forward(self, a: Array, learning: bool = False) -> Array:
        """Take weighted inputs; give activations."""
        if sample_count(a) != self._samples:
            self._samples = sample_count(a)
            self._whole, self._a = empty_batch(self.shape, self._samples, a.dtype)
            self._error_in = np.empty_like(self._a)
        self.activation.value(without_ones(a, self.shape), self._a)
        return self._whole

    def backward(self, error: Array) -> None:
        """Leave dC/dz = dC/da sigma'(z) behind (chapter 2, equation BP1)."""
        self.activation.derivative(self._a, self._error_in)
        np.multiply(error, self._error_in, out=self._error_in)

    def input_gradient(self) -> Array:
        """dC/dz, which is dC/da of the layer before."""
        return self._error_in
