"""What a neuron makes of its weighted input, each function beside its derivative.

A perceptron answers 0 or 1; a sigmoid neuron answers anything between, smoothly, so that a small change of a
weight makes a small change of the answer, and the network can learn (chapter 1, "Sigmoid neurons").
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nn.models.arrays import Array


class Activation(NamedTuple):
    """A function of the weighted input ``z`` and its derivative, both elementwise on any shape.

    The derivative takes the activation ``a = value(z)``, not ``z``: that is what a forward pass has kept.
    Both write into ``out`` (which may be their argument) and return it.
    """

    name: str
    value: Callable[[Array, Array], Array]
    derivative: Callable[[Array, Array], Array]

    def __repr__(self) -> str:
        return self.name


def sigmoid(z: Array, out: Array) -> Array:
    """1 / (1 + exp(-z)), written as (1 + tanh(z / 2)) / 2, which is the same and cannot overflow."""
    np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    np.multiply(out, 0.5, out=out)
    return np.add(out, 0.5, out=out)


def sigmoid_derivative(a: Array, out: Array) -> Array:
    """a (1 - a), written as a - a² (chapter 2, equation for sigma')."""
    np.multiply(a, a, out=out)
    return np.subtract(a, out, out=out)


SIGMOID = Activation("sigmoid", sigmoid, sigmoid_derivative)

ACTIVATIONS = {activation.name: activation for activation in (SIGMOID,)}
