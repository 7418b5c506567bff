"""What a neuron makes of its weighted input, each function beside its derivative.

A perceptron answers 0 or 1; a sigmoid neuron answers anything between, smoothly, so that a small change of a
weight makes a small change of the answer, and the network can learn (chapter 1, "Sigmoid neurons"). The others are
those of chapters 3 and 6. A new one is two functions and a row of ACTIVATIONS.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nn.models.arrays.types import Array


class Activation(NamedTuple):
    """A function of the weighted input ``z`` and its derivative, on ``(m, neurons)`` or any shape if elementwise.

    The derivative takes the activation ``a = value(z)``, not ``z``: that is what a forward pass has kept.
    Both write into ``out`` and return it; ``value`` may write over its argument. With ``no_slope``, a layer can
    answer but not learn, unless by a cost that is made for its activation.
    """

    name: str
    value: Callable[[Array, Array], Array]
    derivative: Callable[[Array, Array], Array]

    def __repr__(self) -> str:
        return self.name


# Constants as arrays: a Python number costs NumPy more to convert than thirty neurons cost to compute.
_ZERO, _HALF, _ONE, _LEAK = (np.asarray(number, np.float32) for number in (0, 0.5, 1, 2**-6))


def sigmoid(z: Array, out: Array) -> Array:
    """1 / (1 + exp(-z)), written as (1 + tanh(z / 2)) / 2, which is the same and cannot overflow."""
    np.multiply(z, _HALF, out)
    np.tanh(out, out)
    np.multiply(out, _HALF, out)
    return np.add(out, _HALF, out)


def sigmoid_derivative(a: Array, out: Array) -> Array:
    """a (1 - a), written as a - a² (chapter 2, equation for sigma')."""
    np.square(a, out)
    return np.subtract(a, out, out)


def tanh(z: Array, out: Array) -> Array:
    """The hyperbolic tangent: a sigmoid from -1 to 1 (chapter 3, "Other models of artificial neuron")."""
    return np.tanh(z, out)


def tanh_derivative(a: Array, out: Array) -> Array:
    """1 - a²."""
    np.square(a, out)
    return np.subtract(_ONE, out, out)


def relu(z: Array, out: Array) -> Array:
    """max(0, z), the rectified linear unit (chapter 3, the same section)."""
    return np.maximum(z, _ZERO, out=out)


def relu_derivative(a: Array, out: Array) -> Array:
    """1 where the neuron answered anything, else 0."""
    return np.greater(a, _ZERO, out)


def leaky_relu(z: Array, out: Array) -> Array:
    """Z where it is positive, else z / 64: a neuron that never quite stops to learn (Maas et al. 2013)."""
    return np.maximum(z, np.multiply(z, _LEAK), out=out)


def leaky_relu_derivative(a: Array, out: Array) -> Array:
    """1 where the neuron answered something positive, else 1 / 64."""
    return np.maximum(np.sign(a, out), _LEAK, out=out)


def softplus(z: Array, out: Array) -> Array:
    """ln(1 + exp(z)): a ReLU without the corner (Dugas et al. 2001)."""
    return np.logaddexp(z, _ZERO, out)


def softplus_derivative(a: Array, out: Array) -> Array:
    """sigma(z), which is 1 - exp(-a)."""
    np.expm1(np.negative(a, out), out)
    return np.negative(out, out)


def softmax(z: Array, out: Array) -> Array:
    """exp(z) over its sum in each row: what each neuron answers is a probability (chapter 3, equation 78)."""
    np.subtract(z, z.max(axis=1, keepdims=True), out)
    np.exp(out, out)
    out /= out.sum(axis=1, keepdims=True)
    return out


def step(z: Array, out: Array) -> Array:
    """1 if z is above 0, else 0: the perceptron (chapter 1, equation 2). It has no slope to learn by."""
    np.copyto(out, z > _ZERO)
    return out


def no_slope(a: Array, out: Array) -> Array:
    """Stands where there is no elementwise derivative."""
    raise ValueError("this activation has no slope to learn by")


SIGMOID = Activation("sigmoid", sigmoid, sigmoid_derivative)
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
