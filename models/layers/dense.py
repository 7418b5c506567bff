"""A fully connected layer: a' = sigma(w a + b).

A bias is the weight of an input that is always 1. So a layer stores ``w`` and ``b`` as one matrix, and every batch
has a last column of ones. The two terms of the book become one matrix product, and their gradients another.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.blas import routine
from nndigits.models.arrays.types import Array
from nndigits.models.layers.activations import SIGMOID, Activation
from nndigits.models.layers.base import TrainableLayer, check_weighted_inputs, joined


class Dense(TrainableLayer):
    """A fully connected layer (chapter 1, equation 22; its backward pass, chapter 2, equations BP1 to BP4).

    Parameters
    ----------
    w
        Weights, ``(out, in)``: row j holds the weights of neuron j, as in the book.
    b
        Biases, ``(out,)``.
    """

    def __init__(self, w: Array, b: Array, activation: Activation = SIGMOID) -> None:
        self.parameters = joined(w, b)  # (out, in + 1)
        self.outputs, self.inputs = w.shape
        self.output_shape = (self.outputs,)
        self.activation = activation
        self._gemm: Callable[..., Any] | None = None  # looked up on first use: only training needs SciPy

    def __repr__(self) -> str:
        return f"dense {self.outputs} {self.activation}"

    def forward(self, a: Array, training: bool = False) -> Array:
        """Return the activations, ``(m, out + 1)``, for inputs, ``(m, in + 1)``, both with a column of ones."""
        self.weighted_inputs(a, training)
        self.activation.value(self.a, self.a)
        return self._a_and_ones

    def weighted_inputs(self, a: Array, training: bool = False) -> Array:
        """Return z = w a + b, ``(m, out)``, for inputs with a column of ones, ``(m, in + 1)``."""
        if len(a) != self._samples:
            self._make_buffers(len(a))
        self._columns = a.T
        self.parameters.dot(self._columns, self._z)  # z = w a + b with a sample in each column, as in the book
        if not training:
            check_weighted_inputs(self._z)
        return self.a

    @property
    def a_in(self) -> Array:
        """The inputs of the last forward pass, ``(m, in + 1)``."""
        return self._columns.T

    def backward(self, output_gradient: Array) -> None:
        """Take dC/da of the outputs, ``(m, out)``, and compute ``delta`` = dC/dz (equation BP1)."""
        self.activation.derivative(self.a, self._slope)
        np.multiply(output_gradient, self._slope, self.delta)

    def input_gradient(self) -> Array:
        """Return dC/da of the inputs, ``(m, in)``: the columns of w.T delta (BP2), without that of the ones."""
        self.parameters.T.dot(self._delta_columns, self._input_gradient_columns)
        return self._input_gradient

    def gradient(self, out: Array) -> None:
        """Write delta.T @ a_in into ``out`` (BP3 and BP4 in one)."""
        np.matmul(self.delta.T, self.a_in, out)

    def accumulate_gradient(self, alpha: float, beta: float, out: Array) -> None:
        """``out = beta * out + alpha * delta.T @ a_in``, in one BLAS call.

        BLAS stores matrices by columns. So the call computes the transpose, ``a_in.T @ delta``, into ``out.T``, which
        is the same memory.
        """
        if self._gemm is None:
            self._gemm = routine("gemm", self.parameters.dtype)
        transpose, overwrite = False, True
        self._gemm(alpha, self._columns, self.delta, beta, out.T, transpose, transpose, overwrite)

    def _make_buffers(self, samples: int) -> None:
        """Allocate the buffers for batches of this size.

        They are stored by columns (order F): without the column of ones, the rest is still one contiguous block of
        memory, on which elementwise operations are fastest.
        """

        def empty(columns: int) -> npt.NDArray[Any]:
            return np.empty((samples, columns), self.dtype, order="F")

        self._samples = samples
        self._a_and_ones = np.ones((samples, self.outputs + 1), self.dtype, order="F")
        self.a = self._a_and_ones[:, :-1]
        self._z = self.a.T
        self.output_gradient, self._slope, self.delta = (empty(self.outputs) for _ in range(3))
        self._delta_columns, self._input_gradient_columns = self.delta.T, empty(self.parameters.shape[1]).T
        self._input_gradient = self._input_gradient_columns[: self.inputs].T
