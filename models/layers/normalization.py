"""Batch normalisation: each channel of a mini-batch brought to mean 0 and variance 1 (Ioffe and Szegedy 2015).

However the layers before change, the next one hears numbers of the same size, so that all of them can learn fast at
once. What the network would rather hear, it learns: y = gamma (z - mean) / sqrt(variance + epsilon) + beta.

While it learns, mean and variance are those of the mini-batch, over its samples and places. To answer, a single image
needs others: their averages over mini-batches, which are kept among the parameters, though no gradient moves them.
They take some hundreds of mini-batches to forget how they began. The variance is the mini-batch's own, where the paper
takes m / (m - 1) of it to answer by.
"""

from math import prod
from typing import Self

import numpy as np

from nn.models.arrays.types import Array
from nn.models.layers.base import TrainableLayer
from nn.models.layers.feature_maps import Shape, empty_batch, sample_count, without_ones
from nn.models.layers.initializers import ParameterSource

EPSILON = 1e-5
NEW = 0.01
"""How much of a mini-batch's mean and variance joins the averages."""


class BatchNormalization(TrainableLayer):
    """Normalise each channel of maps, ``(height, width, channels)``, or each number of rows; the shape stays.

    Parameters
    ----------
    w
        ``(channels, 3)``: gamma, and the averages of mean and variance.
    b
        ``(channels,)``: beta.
    """

    penalised = False

    def __init__(self, w: Array, b: Array, shape: Shape) -> None:
        self.parameters = np.column_stack([w, b])
        self.shape = shape
        self.inputs = self.outputs = prod(shape)
        self._remembers = True

    @classmethod
    def of(cls, shape: Shape, parameters: ParameterSource) -> Self:
        """Make one that starts by changing nothing: gamma and variance are 1, mean and beta 0."""
        channels = shape[-1]
        start = np.tile([1.0, 0.0, 1.0], (channels, 1)), np.zeros(channels)
        return cls(*parameters(channels, 3, start), shape)

    def __repr__(self) -> str:
        return "norm"

    @property
    def multiplications(self) -> int:
        """One for each number."""
        return self.outputs

    def replica(self) -> Self:
        """A layer for another part of each mini-batch: the averages are of the first part alone."""
        replica = super().replica()
        replica._remembers = False
        return replica

    def forward(self, a: Array, learning: bool = False) -> Array:
        """Take weighted inputs; give them normalised. A column of ones is left alone."""
        if sample_count(a) != self._samples:
            self._make_buffers(sample_count(a))
        z, (gamma, mean, variance, beta) = _by_channel(without_ones(a, self.shape)), self.parameters.T
        if learning:
            mean = (z @ self._ones).sum(axis=0) / self._count
            variance = np.maximum(np.vecdot(z, z).sum(axis=0) / self._count - mean**2, 0)
            if self._remembers and self._count > 1:
                averages = self.parameters[:, 1:3]
                averages += NEW * (np.column_stack([mean, variance]) - averages)
            self._z, self._mean = z, mean
        self._inverse = 1 / np.sqrt(np.maximum(variance, 0) + z.dtype.type(EPSILON))
        scale = gamma * self._inverse
        shift = beta - scale * mean
        for row, out in zip(z, _by_channel(self._a), strict=True):  # row by row, so that it stays in the cache
            np.multiply(row, scale[:, None], out=out)
            out += shift[:, None]
        return self._whole

    def backward(self, error: Array) -> None:
        """Take dC/dy; find dC/dbeta, its sum, and dC/dgamma, its sum times the normalised z."""
        self._error = _by_channel(error)
        self._by_beta = (self._error @ self._ones).sum(axis=0)
        self._by_gamma = self._inverse * (np.vecdot(self._error, self._z).sum(axis=0) - self._mean * self._by_beta)

    def gradient(self, out: Array) -> None:
        """By gamma and beta; the averages are not learned."""
        out[:, 0], out[:, 1:3], out[:, 3] = self._by_gamma, 0, self._by_beta

    def input_gradient(self) -> Array:
        """dC/dz: each z moved its own y, and through mean and variance all others (the paper's equations, joined)."""
        of_error = self.parameters[:, 0] * self._inverse
        of_z = -of_error * self._inverse * self._by_gamma / self._count
        constant = -of_error * self._by_beta / self._count - of_z * self._mean
        for error, z, out in zip(self._error, self._z, _by_channel(self._error_in), strict=True):
            np.multiply(z, of_z[:, None], out=out)
            out += constant[:, None]
            np.multiply(error, of_error[:, None], out=self._scratch)
            out += self._scratch
        return self._error_in

    def _make_buffers(self, samples: int) -> None:
        """Make once what every batch of this size writes into."""
        self._samples = samples
        self._whole, self._a = empty_batch(self.shape, samples, self.dtype)
        self._error_in = np.empty_like(self._a)
        rows, channels, across = _by_channel(self._a).shape
        self._count = rows * across  # numbers of a channel
        self._ones = np.ones(across, self.dtype)
        self._scratch = np.empty((channels, across), self.dtype)


def _by_channel(a: Array) -> Array:
    """See maps, ``(height, channels, width, m)``, or rows, ``(m, n)``, as ``(.., channels, numbers)``."""
    return a.reshape(*a.shape[:2], -1) if a.ndim == 4 else a.T[None]
