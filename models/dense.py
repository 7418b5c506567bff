"""A layer in which every neuron hears every input: a' = sigma(w a + b).

A bias is the weight of an input that is always 1. So a layer keeps ``w`` and ``b`` as one matrix, every batch
carries a last column of ones, and what the chapter writes in two terms is one matrix product here, and one more
to learn from it.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from nn.models.activations import SIGMOID, Activation
from nn.models.arrays import Array


class Dense:
    """One fully connected layer (chapter 1, equation 22; backwards, chapter 2, equations BP1 to BP4).

    Parameters
    ----------
    w
        Weights, ``(out, in)``: row j holds the weights of neuron j, as the book writes them.
    b
        Biases, ``(out,)``.
    """

    def __init__(self, w: Array, b: Array, activation: Activation = SIGMOID) -> None:
        self.parameters: Array = np.column_stack([w, b])  # (out, in + 1)
        self.activation = activation
        self._samples = 0

    def __repr__(self) -> str:
        return f"dense {self.outputs} {self.activation}"

    @property
    def w(self) -> Array:
        """The weights, ``(out, in)``."""
        return self.parameters[:, :-1]

    @property
    def b(self) -> Array:
        """The biases, ``(out,)``."""
        return self.parameters[:, -1]

    @property
    def inputs(self) -> int:
        """How many inputs each neuron has."""
        return int(self.parameters.shape[1]) - 1

    @property
    def outputs(self) -> int:
        """How many neurons the layer has."""
        return int(self.parameters.shape[0])

    @property
    def dtype(self) -> npt.DTypeLike:
        """The precision that the layer computes in."""
        return self.parameters.dtype

    def forward(self, a: Array) -> Array:
        """Take activations with their column of ones, ``(m, in + 1)``; give the next ones, ``(m, out + 1)``.

        What is returned is the layer's own buffer: the next call overwrites it.
        """
        if len(a) != self._samples:
            self._make_buffers(len(a))
        self.a_in = a
        np.matmul(a, self.parameters.T, out=self.a)
        self.activation.value(self.a, self.a)
        return self._a_and_ones

    def backward(self, error: Array) -> None:
        """Take dC/da of this layer's outputs, ``(m, out)``; leave ``delta`` = dC/dz behind (equation BP1).

        The gradient of the parameters is the product ``delta.T @ a_in`` (BP3 and BP4 in one); it is left to
        whoever learns to say what that product is added to.
        """
        self.activation.derivative(self.a, self._slope)
        np.multiply(error, self._slope, out=self.delta)

    def pass_back(self) -> Array:
        """dC/da of the inputs, ``(m, in)``: the error that the layer before has to answer for (BP2)."""
        return np.matmul(self.delta, self.w, out=self._error_in)

    def _make_buffers(self, samples: int) -> None:
        """Make once what every batch of this size writes into.

        Column after column in memory (order F), so that leaving out the column of ones leaves one whole stretch
        of memory, through which elementwise steps run fastest.
        """

        def empty(columns: int) -> npt.NDArray[Any]:
            return np.empty((samples, columns), self.dtype, order="F")

        self._samples = samples
        self._a_and_ones = np.ones((samples, self.outputs + 1), self.dtype, order="F")
        self.a = self._a_and_ones[:, :-1]
        self._slope, self.delta, self._error_in = empty(self.outputs), empty(self.outputs), empty(self.inputs)
