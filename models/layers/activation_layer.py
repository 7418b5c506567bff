"""An activation as a layer of its own, after a convolution or a pooling layer, which have none.

The largest of several numbers stays the largest under a monotonic activation. So the activation may follow max pooling
instead of preceding it: outputs and gradients are the same, for a quarter of the work.
"""

from math import prod

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.layers.activations import SOFTMAX, Activation
from nndigits.models.layers.base import Layer
from nndigits.models.layers.feature_maps import Shape, empty_batch, sample_count, without_ones

MONOTONIC = ("sigmoid", "tanh", "relu", "leaky-relu", "softplus")
"""The activations that never decrease and have a derivative."""


class ActivationLayer(Layer):
    """Apply an activation elementwise: ``a = sigma(z)``. A column of ones is not changed."""

    def __init__(self, activation: Activation, shape: Shape) -> None:
        if activation is SOFTMAX:
            raise ValueError("softmax is supported in the last dense layer only")
        self.activation, self.output_shape = activation, shape
        self.inputs = self.outputs = prod(shape)

    def __repr__(self) -> str:
        return self.activation.name

    def forward(self, a: Array, training: bool = False) -> Array:
        """Return the activations for weighted inputs."""
        if sample_count(a) != self._samples:
            self._samples = sample_count(a)
            self._a_and_ones, self._a = empty_batch(self.output_shape, self._samples, a.dtype)
            self._input_gradient = np.empty_like(self._a)
        self.activation.value(without_ones(a, self.output_shape), self._a)
        return self._a_and_ones

    def backward(self, output_gradient: Array) -> None:
        """Compute dC/dz = dC/da sigma'(z) (chapter 2, equation BP1)."""
        self.activation.derivative(self._a, self._input_gradient)
        np.multiply(output_gradient, self._input_gradient, out=self._input_gradient)

    def input_gradient(self) -> Array:
        """Return dC/dz."""
        return self._input_gradient
