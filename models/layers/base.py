"""The interface of a layer: a forward pass, a backward pass, and the gradients of its parameters and its inputs.

A layer keeps what its backward pass needs and reuses its buffers: each call of a method overwrites the array that the
call before returned. A new kind of layer is a class like these.
"""

import copy
from abc import ABC, abstractmethod
from typing import Self

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.blas import add_scaled
from nndigits.models.arrays.types import Array

OVERFLOW = "outputs overflow, because weights or biases are too large"


class Layer(ABC):
    """A layer of a network.

    Attributes
    ----------
    inputs, outputs
        The number of inputs and outputs of a sample.
    output_shape
        The shape of a sample's outputs: ``(outputs,)``, or ``(height, width, channels)`` for feature maps.
    """

    inputs: int
    outputs: int
    output_shape: tuple[int, ...]
    _samples = 0  # the batch size of its buffers

    @property
    def buffers(self) -> int:
        """The most numbers that the layer keeps for each sample, in training.

        A layer that keeps more than two arrays of its inputs and four of its outputs overrides this property.
        """
        return 2 * self.inputs + 4 * self.outputs

    @property
    def workspace(self) -> int:
        """The most numbers that the layer keeps besides, whatever the number of samples."""
        return 0

    @abstractmethod
    def forward(self, a: Array, training: bool = False) -> Array:
        """Return the outputs for the inputs ``a``; ``training`` is set in training and not in prediction."""

    @abstractmethod
    def backward(self, output_gradient: Array) -> None:
        """Take dC/da of the outputs, after a forward pass with ``training`` set."""

    @abstractmethod
    def input_gradient(self) -> Array:
        """Return dC/da of the inputs, after ``backward``: the output gradient of the layer before."""

    def begin_epoch(self, rng: np.random.Generator) -> None:  # noqa: B027 - few layers need it
        """Set the random generator of the next epoch, in a layer that needs one."""

    def replica(self) -> Self:
        """Return a layer that shares the parameters in memory and has buffers of its own."""
        replica = copy.copy(self)
        replica._samples = 0
        return replica


class TrainableLayer(Layer):
    """A layer with parameters.

    Attributes
    ----------
    parameters
        ``(neurons, weights of each + 1)``, in C order: a row for each neuron, its bias last.
    penalised
        Whether weight penalties apply to the layer.
    """

    parameters: Array
    penalised = True

    @abstractmethod
    def gradient(self, out: Array) -> None:
        """Write the gradient, summed over the samples, into ``out``, shaped like ``parameters``; after ``backward``."""

    def accumulate_gradient(self, alpha: float, beta: float, out: Array) -> None:
        """``out = beta * out + alpha * gradient``, the gradient summed over the samples; after ``backward``.

        ``out`` has the shape of ``parameters``, is in C order, and may be ``parameters`` itself. A layer that can
        accumulate the gradient without storing it first overrides this method.
        """
        gradient = np.empty_like(self.parameters)
        self.gradient(gradient)
        accumulate(gradient, alpha, beta, out)

    @property
    def w(self) -> Array:
        """The weights, ``(neurons, weights of each)``."""
        return self.parameters[:, :-1]

    @property
    def b(self) -> Array:
        """The biases, ``(neurons,)``."""
        return self.parameters[:, -1]

    @property
    def size(self) -> int:
        """The number of weights and biases."""
        return self.parameters.size

    @property
    def multiplications(self) -> int:
        """The number of multiplications in a sample's forward pass; a bias counts as a weight of an input of 1."""
        return self.size

    @property
    def dtype(self) -> npt.DTypeLike:
        """The precision that the layer computes in."""
        return self.parameters.dtype


def check_weighted_inputs(z: Array) -> None:
    """Raise FloatingPointError if a weighted input has overflowed: sigmoid(inf) is 1, and would look like an output."""
    if not np.isfinite(z).all():
        raise FloatingPointError(OVERFLOW)


def joined(w: Array, b: Array) -> Array:
    """Return weights and biases as one matrix, with the bias last in each row.

    If they only stand for their shapes (``initializers.stand_ins``), so does the matrix.
    """
    if any(w.strides):
        return np.column_stack([w, b])
    neurons, weights = w.shape
    return np.broadcast_to(w.dtype.type(0), (neurons, weights + 1))


def accumulate(gradient: Array, alpha: float, beta: float, out: Array) -> None:
    """``out = beta * out + alpha * gradient``; with ``beta`` 0, the previous contents of ``out`` are ignored."""
    if beta == 0:
        np.multiply(gradient, alpha, out=out)
    else:
        out *= beta
        add_scaled(alpha, gradient, out)
