"""The RBF kernel exp(-gamma |x - z|²): the similarity of two images for a support vector machine.

Since |x - z|² = |x|² + |z|² - 2 x.z, the kernel between two sets of images is one matrix product and one exponential.
libsvm computes it for two images at a time. Blocks have fixed shapes, so the last bits do not depend on the memory or
on the number of threads.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.types import Array, Bytes, Doubles

ROWS, COLUMNS = 512, 1024
"""The shape of a block: 2 MB in float32, which fit into the processor's cache."""


class Points(NamedTuple):
    """Images as vectors, ``x`` (m, features), and their squared norms, ``squares`` (m,)."""

    x: Array
    squares: Array

    def take(self, chosen: npt.NDArray[np.intp] | slice) -> "Points":
        """Return the chosen points, in the given order."""
        return Points(self.x[chosen], self.squares[chosen])


def points(images: Bytes, pixels: npt.NDArray[np.intp] | None = None) -> Points:
    """Convert images, ``(m, height, width)`` bytes, to points from 0 to 1 in float32, with ``pixels`` only if given.

    The squared norms are always those of the complete images.
    """
    rows = images.reshape(len(images), math.prod(images.shape[1:]))
    x = np.multiply(rows, np.float32(1 / 255), dtype=np.float32)
    squares = np.einsum("ij,ij->i", x, x)
    return Points(x if pixels is None else np.ascontiguousarray(x[:, pixels]), squares)


def used_pixels(images: Bytes) -> npt.NDArray[np.intp]:
    """Return the pixels that are non-zero in any image. The others add nothing to a product with these images."""
    return np.flatnonzero(images.any(axis=0))


def gamma_scale(images: Bytes) -> float:
    """Return scikit-learn's ``gamma="scale"``: 1 / (pixels x their variance over all images)."""
    counts = np.bincount(images.reshape(-1), minlength=256)
    values = np.arange(256) / 255
    mean = counts @ values / images.size
    variance = counts @ (values - mean) ** 2 / images.size
    return float(1 / (images[0].size * variance)) if variance else 1.0


def rbf(a: Points, b: Points, gamma: float) -> Array:
    """Compute the kernel of each point of ``a`` with each of ``b``, ``(len(a), len(b))`` in float32."""
    k = a.x @ b.x.T
    k *= np.float32(2 * gamma)
    k -= (np.float32(gamma) * a.squares)[:, None]
    k -= np.float32(gamma) * b.squares
    np.minimum(k, 0, out=k)  # rounding may make a squared distance negative
    return np.exp(k, out=k)


def fill_symmetric(k: Array, p: Points, gamma: float, first: int = 0) -> None:
    """Write the kernel of points with themselves into ``k``, ``(m, m)``, computing half of it.

    The rows and columns before ``first`` are already filled and stay unchanged.
    """
    for start in range(0, first, ROWS):
        block = rbf(p.take(slice(start, min(start + ROWS, first))), p.take(slice(first, None)), gamma)
        k[start : start + len(block), first : len(p.x)] = block
        k[first : len(p.x), start : start + len(block)] = block.T
    for start in range(first, len(p.x), ROWS):
        block = rbf(p.take(slice(start, start + ROWS)), p.take(slice(start, None)), gamma)
        k[start : start + len(block), start : len(p.x)] = block
        k[start : len(p.x), start : start + len(block)] = block.T
    np.fill_diagonal(k[: len(p.x), : len(p.x)], 1)  # exact, whatever the rounding or the features left out


def expansion(a: Points, b: Points, coefficients: Array, gamma: float) -> Doubles:
    """Compute weighted sums of the kernel of ``a`` with ``b``: ``(len(a), sums)`` for coefficients ``(len(b), sums)``.

    Blocks are summed in float32 and accumulated in float64. Otherwise a sum over thousands of terms of either sign
    would lose the fourth decimal.
    """
    weights = coefficients.astype(np.float32)
    sums = np.zeros((len(a.x), weights.shape[1]))
    for start in range(0, len(a.x), ROWS):
        rows = slice(start, start + ROWS)
        for first in range(0, len(b.x), COLUMNS):
            columns = slice(first, first + COLUMNS)
            sums[rows] += rbf(a.take(rows), b.take(columns), gamma) @ weights[columns]
    return sums
