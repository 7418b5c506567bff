"""Activation functions and their derivatives.

A perceptron's output is 0 or 1. A sigmoid neuron's output changes smoothly from 0 to 1: a small change of a weight
causes a small change of the output, so the network can learn (chapter 1, "Sigmoid neurons"). The other activations are
those of chapters 3 and 6. A new one is two functions and a row of ACTIVATIONS.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array


class Activation(NamedTuple):
    """An activation function of the weighted input ``z``, ``(m, neurons)`` or any shape if elementwise.

    The derivative is a function of the activation ``a = value(z)``, not of ``z``, since the forward pass keeps ``a``.
    Both functions write into ``out`` and return it; ``value`` may overwrite its argument. A layer whose derivative is
    ``no_slope`` can predict. It can be trained only with a cost made for its activation.
    """

    name: str
    value: Callable[[Array, Array], Array]
    derivative: Callable[[Array, Array], Array]

    def __repr__(self) -> str:
        return self.name


LEAK = 2**-6
"""The slope of the leaky ReLU below 0."""

# Constants as arrays: converting a Python number takes NumPy longer than computing thirty neurons.
_ZERO, _HALF, _ONE, _LEAK = (np.asarray(number, np.float32) for number in (0, 0.5, 1, LEAK))


def sigmoid(z: Array, out: Array) -> Array:
    """1 / (1 + exp(-z)), computed as (1 + tanh(z / 2)) / 2, which is equal and cannot overflow."""
    np.multiply(z, _HALF, out)
    np.tanh(out, out)
    np.multiply(out, _HALF, out)
    return np.add(out, _HALF, out)


def precise_sigmoid(z: Array, out: Array) -> Array:
    """1 / (1 + exp(-z)), and exp(z) / (1 + exp(z)) below 0, which is equal and keeps its digits where it is nearly 0.

    ``sigmoid`` is the faster one. Its error is at most 1e-16, which is larger than sigma(z) itself below z = -37.
    """
    tail = np.exp(-np.abs(z))
    return np.divide(np.where(np.less(z, _ZERO), tail, _ONE), _ONE + tail, out)


def sigmoid_derivative(a: Array, out: Array) -> Array:
    """a (1 - a), computed as a - a² (chapter 2, equation for sigma')."""
    np.square(a, out)
    return np.subtract(a, out, out)


def tanh(z: Array, out: Array) -> Array:
    """The hyperbolic tangent, a sigmoid from -1 to 1 (chapter 3, "Other models of artificial neuron")."""
    return np.tanh(z, out)


def tanh_derivative(a: Array, out: Array) -> Array:
    """1 - a²."""
    np.square(a, out)
    return np.subtract(_ONE, out, out)


def relu(z: Array, out: Array) -> Array:
    """max(0, z), the rectified linear unit (chapter 3, the same section)."""
    return np.maximum(z, _ZERO, out=out)


def relu_derivative(a: Array, out: Array) -> Array:
    """1 where the activation is positive, else 0."""
    return np.greater(a, _ZERO, out)


def leaky_relu(z: Array, out: Array) -> Array:
    """max(z, z / 64), whose gradient never vanishes (Maas et al. 2013)."""
    return np.maximum(z, np.multiply(z, _LEAK), out=out)


def leaky_relu_derivative(a: Array, out: Array) -> Array:
    """1 where the activation is positive, else 1 / 64."""
    return np.maximum(np.sign(a, out), _LEAK, out=out)


def softplus(z: Array, out: Array) -> Array:
    """ln(1 + exp(z)): a ReLU without the corner (Dugas et al. 2001)."""
    return np.logaddexp(z, _ZERO, out)


def softplus_derivative(a: Array, out: Array) -> Array:
    """sigma(z), which is 1 - exp(-a)."""
    np.expm1(np.negative(a, out), out)
    return np.negative(out, out)


def softmax(z: Array, out: Array) -> Array:
    """exp(z) divided by its sum in each row, so that the outputs are probabilities (chapter 3, equation 78)."""
    np.subtract(z, z.max(axis=1, keepdims=True), out)
    np.exp(out, out)
    out /= out.sum(axis=1, keepdims=True)
    return out


def step(z: Array, out: Array) -> Array:
    """1 if z is above 0, else 0: the perceptron (chapter 1, equation 2). It has no slope, so it cannot be trained."""
    np.copyto(out, z > _ZERO)
    return out


def no_slope(a: Array, out: Array) -> Array:
    """Raise ValueError: the activation has no elementwise derivative."""
    raise ValueError("this activation has no slope to learn by")


SIGMOID = Activation("sigmoid", sigmoid, sigmoid_derivative)
PRECISE_SIGMOID = Activation("sigmoid", precise_sigmoid, sigmoid_derivative)
"""The sigmoid of the demonstrations, which show single outputs. Networks are trained with SIGMOID."""

TANH = Activation("tanh", tanh, tanh_derivative)
RELU = Activation("relu", relu, relu_derivative)
LEAKY_RELU = Activation("leaky-relu", leaky_relu, leaky_relu_derivative)
SOFTPLUS = Activation("softplus", softplus, softplus_derivative)
SOFTMAX = Activation("softmax", softmax, no_slope)
STEP = Activation("step", step, no_slope)

ACTIVATIONS = {
    activation.name: activation
    for activation in (
        SIGMOID,
        TANH,
        RELU,
        LEAKY_RELU,
        SOFTPLUS,
        SOFTMAX,
        STEP,
    )
}
