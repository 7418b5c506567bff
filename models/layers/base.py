"""What every layer of a network can do: answer, be told how wrong it was, and say what the layer before got wrong.

A layer keeps what its forward pass needed and reuses its buffers: what a method returns is overwritten by its next
call. A new kind of layer is one file with a class like this, its forward and its backward beside each other.
"""

import copy
from abc import ABC, abstractmethod
from typing import Self

import numpy as np
import numpy.typing as npt

from nn.models.arrays.blas import add_scaled
from nn.models.arrays.types import Array


class Layer(ABC):
    """One layer; ``inputs`` and ``outputs`` count the numbers that it takes and gives for a sample.

    ``shape`` is that of a sample's outputs: ``(outputs,)``, or of feature maps ``(height, width, channels)``.
    """

    inputs: int
    outputs: int
    shape: tuple[int, ...]
    _samples = 0  # how many its buffers are made for

    @abstractmethod
    def forward(self, a: Array, learning: bool = False) -> Array:
        """Take the activations of the layer before; give this layer's. ``learning`` is set while it is trained."""

    @abstractmethod
    def backward(self, error: Array) -> None:
        """Take dC/da of this layer's outputs, after a forward pass with ``learning`` set."""

    @abstractmethod
    def input_gradient(self) -> Array:
        """After ``backward``: dC/da of the inputs, the error that the layer before has to answer for."""

    def begin_epoch(self, rng: np.random.Generator) -> None:  # noqa: B027 - few layers need it
        """Take a source of chance for the epoch to come, where the layer needs one."""

    def replica(self) -> Self:
        """A layer with the same parameters, the very same memory, and buffers of its own."""
        replica = copy.copy(self)
        replica._samples = 0
        return replica


class TrainableLayer(Layer):
    """A layer that learns.

    Attributes
    ----------
    parameters
        ``(neurons, weights of each + 1)``, in C order: a row for each neuron, its bias last. What hears images has
        rows like theirs, with zeros behind (``arrays/padded_rows.py``).
    """

    parameters: Array
    penalised = True  # whether penalties on weights are for this layer's

    @abstractmethod
    def gradient(self, out: Array) -> None:
        """After ``backward``: write the gradient, summed over the samples, into ``out``, like ``parameters``."""

    def accumulate_gradient(self, scale: float, keep: float, into: Array) -> None:
        """After ``backward``: ``into = keep * into + scale * gradient``, the gradient summed over the samples.

        ``into`` is like ``parameters``, in C order, and may be those. Whoever learns says what the gradient is added
        to. A layer that can add without storing the gradient first does so instead.
        """
        gradient = np.empty_like(self.parameters)
        self.gradient(gradient)
        accumulate(gradient, scale, keep, into)

    def unpadded(self, matrix: Array) -> Array:
        """Of an array like ``parameters``, all but what fills up its rows: ``(neurons, weights of each + 1)``."""
        return matrix

    @property
    def w(self) -> Array:
        """The weights, ``(neurons, weights of each)``."""
        return self.unpadded(self.parameters)[:, :-1]

    @property
    def b(self) -> Array:
        """The biases, ``(neurons,)``."""
        return self.unpadded(self.parameters)[:, -1]

    @property
    def size(self) -> int:
        """How many weights and biases there are."""
        return self.unpadded(self.parameters).size

    @property
    def multiplications(self) -> int:
        """How many multiplications by a weight, or for a bias by one, a sample's forward pass takes."""
        return self.size

    @property
    def dtype(self) -> npt.DTypeLike:
        """The precision that the layer computes in."""
        return self.parameters.dtype


def accumulate(gradient: Array, scale: float, keep: float, into: Array) -> None:
    """``into = keep * into + scale * gradient``; where ``keep`` is 0, ``into`` may hold anything before."""
    if keep == 0:
        np.multiply(gradient, scale, out=into)
    else:
        into *= keep
        add_scaled(scale, gradient, into)
