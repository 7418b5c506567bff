"""A layer in which every neuron hears every input: a' = sigma(w a + b).

A bias is the weight of an input that is always 1. So a layer keeps ``w`` and ``b`` as one matrix, every batch
carries a last column of ones, and what the chapter writes in two terms is one matrix product here, and one more
to learn from it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from nn.models.arrays.blas import routine
from nn.models.arrays.padded_rows import row_length, zero_rows
from nn.models.arrays.types import Array
from nn.models.layers.activations import SIGMOID, Activation
from nn.models.layers.base import TrainableLayer


class Dense(TrainableLayer):
    """One fully connected layer (chapter 1, equation 22; backwards, chapter 2, equations BP1 to BP4).

    Parameters
    ----------
    w
        Weights, ``(out, in)``: row j holds the weights of neuron j, as the book writes them.
    b
        Biases, ``(out,)``.
    """

    def __init__(self, w: Array, b: Array, activation: Activation = SIGMOID) -> None:
        self.parameters = np.column_stack([w, b])  # (out, in + 1)
        self.outputs, self.inputs = w.shape
        self.shape = (self.outputs,)
        self.activation = activation
        self._gemm: Callable[..., Any] | None = None  # looked up when first asked for: only who learns needs SciPy

    def pad_rows(self) -> None:
        """Take rows as images have them, filled up to whole lines of the cache: so are the rows of parameters."""
        length = row_length(self.inputs)
        if self.parameters.shape[1] < length:
            filled = zero_rows(self.outputs, length, self.dtype)
            self.unpadded(filled)[...] = self.parameters
            self.parameters = filled

    def unpadded(self, matrix: Array) -> Array:
        """Of an array like ``parameters``, ``(out, in + 1)``: the zeros that fill up a row are not learned."""
        return matrix[:, : self.inputs + 1]

    def __repr__(self) -> str:
        return f"dense {self.outputs} {self.activation}"

    def forward(self, a: Array, learning: bool = False) -> Array:
        """Take activations with their column of ones, ``(m, in + 1)``; give the next ones, ``(m, out + 1)``."""
        if len(a) != self._samples:
            self._make_buffers(len(a))
        self._columns = a.T
        self.parameters.dot(self._columns, self._z)  # the columns of z = w a + b, as the book writes it
        self.activation.value(self.a, self.a)
        return self._a_and_ones

    @property
    def a_in(self) -> Array:
        """What the last forward pass heard, ``(m, in + 1)``."""
        return self._columns.T

    def backward(self, error: Array) -> None:
        """Take dC/da of this layer's outputs, ``(m, out)``; leave ``delta`` = dC/dz behind (equation BP1)."""
        self.activation.derivative(self.a, self._slope)
        np.multiply(error, self._slope, self.delta)

    def input_gradient(self) -> Array:
        """dC/da of the inputs, ``(m, in)``: the columns of w.T delta (BP2), without what the column of ones gets."""
        self.parameters.T.dot(self._delta_columns, self._error_columns)
        return self._error_in

    def gradient(self, out: Array) -> None:
        """delta.T @ a_in (BP3 and BP4 in one)."""
        np.matmul(self.delta.T, self.a_in, out)

    def accumulate_gradient(self, scale: float, keep: float, into: Array) -> None:
        """``into = keep * into + scale * delta.T @ a_in``, in one call of BLAS.

        BLAS writes column after column, so it is asked for the transpose, ``into.T`` with ``a_in.T @ delta``,
        which is the same memory.
        """
        if self._gemm is None:
            self._gemm = routine("gemm", self.parameters.dtype)
        transpose, overwrite = False, True
        self._gemm(scale, self._columns, self.delta, keep, into.T, transpose, transpose, overwrite)

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
        self._z = self.a.T
        self.error, self._slope, self.delta = (empty(self.outputs) for _ in range(3))
        self._delta_columns, self._error_columns = self.delta.T, empty(self.parameters.shape[1]).T
        self._error_in = self._error_columns[: self.inputs].T
