"""Batch normalisation: scale each channel of a mini-batch to mean 0 and variance 1 (Ioffe and Szegedy 2015).

However the layers before it change, the next layer's inputs keep the same scale, so all layers can learn fast at the
same time. The scale gamma and the shift beta are learned: y = gamma (z - mean) / sqrt(variance + epsilon) + beta.

In training, mean and variance are those of the mini-batch, over its samples and positions. In prediction they are
moving averages over mini-batches. The averages are stored among the parameters, though no gradient changes them. They
take some hundreds of mini-batches to forget their initial values. The variance is the mini-batch's own; the paper
averages m / (m - 1) times that.
"""

from math import prod
from typing import Self

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.layers.base import TrainableLayer, check_weighted_inputs, joined
from nndigits.models.layers.feature_maps import Shape, empty_batch, sample_count, without_ones
from nndigits.models.layers.initializers import ParameterSource

EPSILON = 1e-5
AVERAGING_RATE = 0.01
"""The weight of a mini-batch's mean and variance in the moving averages."""


class BatchNormalization(TrainableLayer):
    """Normalise each channel of maps, ``(height, width, channels)``, or each column of rows.

    Parameters
    ----------
    w
        ``(channels, 3)``: gamma, and the moving averages of mean and variance.
    b
        ``(channels,)``: beta.
    """

    penalised = False

    def __init__(self, w: Array, b: Array, shape: Shape) -> None:
        self.parameters = joined(w, b)
        self.output_shape = shape
        self.inputs = self.outputs = prod(shape)
        self._updates_averages = True

    @classmethod
    def of(cls, shape: Shape, parameters: ParameterSource) -> Self:
        """Return a layer that is the identity in prediction: gamma and variance are 1, mean and beta 0."""
        channels = shape[-1]
        start = np.tile([1.0, 0.0, 1.0], (channels, 1)), np.zeros(channels)
        return cls(*parameters(channels, 3, start), shape)

    def __repr__(self) -> str:
        return "norm"

    @property
    def multiplications(self) -> int:
        """One for each input."""
        return self.outputs

    def replica(self) -> Self:
        """Return a layer for another shard of each mini-batch; only the first shard updates the averages."""
        replica = super().replica()
        replica._updates_averages = False
        return replica

    def forward(self, a: Array, training: bool = False) -> Array:
        """Return the normalised inputs. A column of ones is not changed."""
        if sample_count(a) != self._samples:
            self._make_buffers(sample_count(a))
        z, (gamma, mean, variance, beta) = _by_channel(without_ones(a, self.output_shape)), self.parameters.T
        if training:
            mean = (z @ self._ones).sum(axis=0) / self._count
            variance = np.maximum(np.vecdot(z, z).sum(axis=0) / self._count - mean**2, 0)
            if self._updates_averages and self._count > 1:
                averages = self.parameters[:, 1:3]
                averages += AVERAGING_RATE * (np.column_stack([mean, variance]) - averages)
            self._z, self._mean = z, mean
        self._inverse = 1 / np.sqrt(np.maximum(variance, 0) + z.dtype.type(EPSILON))
        scale = gamma * self._inverse
        shift = beta - scale * mean
        for row, out in zip(z, _by_channel(self._a), strict=True):  # row by row, to stay in the cache
            np.multiply(row, scale[:, None], out=out)
            out += shift[:, None]
            if not training:
                check_weighted_inputs(out)
        return self._a_and_ones

    def backward(self, output_gradient: Array) -> None:
        """Take dC/dy; compute dC/dbeta, its sum, and dC/dgamma, the sum of dC/dy times the normalised z."""
        self._output_gradient = gradient = _by_channel(output_gradient)
        self._beta_gradient = (gradient @ self._ones).sum(axis=0)
        products = np.vecdot(gradient, self._z).sum(axis=0)
        self._gamma_gradient = self._inverse * (products - self._mean * self._beta_gradient)

    def gradient(self, out: Array) -> None:
        """Write dC/dgamma and dC/dbeta into ``out``, and 0 for the averages."""
        out[:, 0], out[:, 1:3], out[:, 3] = self._gamma_gradient, 0, self._beta_gradient

    def input_gradient(self) -> Array:
        """Return dC/dz, the paper's equations combined: z acts on its own y, and on all others by mean and variance."""
        y_factor = self.parameters[:, 0] * self._inverse
        z_factor = -y_factor * self._inverse * self._gamma_gradient / self._count
        constant = -y_factor * self._beta_gradient / self._count - z_factor * self._mean
        for gradient, z, out in zip(self._output_gradient, self._z, _by_channel(self._input_gradient), strict=True):
            np.multiply(z, z_factor[:, None], out=out)
            out += constant[:, None]
            np.multiply(gradient, y_factor[:, None], out=self._scratch)
            out += self._scratch
        return self._input_gradient

    def _make_buffers(self, samples: int) -> None:
        """Allocate the buffers for batches of this size."""
        self._samples = samples
        self._a_and_ones, self._a = empty_batch(self.output_shape, samples, self.dtype)
        self._input_gradient = np.empty_like(self._a)
        rows, channels, columns = _by_channel(self._a).shape
        self._count = rows * columns  # numbers of a channel
        self._ones = np.ones(columns, self.dtype)
        self._scratch = np.empty((channels, columns), self.dtype)


def _by_channel(a: Array) -> Array:
    """View maps, ``(height, channels, width, m)``, or rows, ``(m, n)``, as ``(.., channels, numbers)``."""
    return a.reshape(*a.shape[:2], -1) if a.ndim == 4 else a.T[None]
