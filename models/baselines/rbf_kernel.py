"""How alike two images are, as a support vector machine sees it: exp(-gamma |x - z|²), the RBF kernel.

Written out, |x - z|² = |x|² + |z|² - 2 x.z, so the kernel of many images with many others is one matrix product
and one exponential, where libsvm goes through the pixels of two images at a time. Blocks have fixed shapes, so that
the last bits never depend on memory or on who computes them.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nn.models.arrays.types import Array, Bytes

ROWS, COLUMNS = 512, 1024
"""The shape of a block: 2 MB in float32, which stay in the processor's cache until they are used up."""


class Points(NamedTuple):
    """Images as rows of numbers, ``x`` (m, features), and their squared lengths, ``squares`` (m,)."""

    x: Array
    squares: Array

    def take(self, chosen: npt.NDArray[np.intp] | slice) -> "Points":
        """Some of the points, in the order asked for."""
        return Points(self.x[chosen], self.squares[chosen])


def points(images: Bytes, pixels: npt.NDArray[np.intp] | None = None) -> Points:
    """Make points of bytes, ``(m, height, width)``: numbers from 0 to 1 in float32, of ``pixels`` only if given.

    The squared lengths are always those of the whole images.
    """
    rows = images.reshape(len(images), math.prod(images.shape[1:]))
    x = np.multiply(rows, np.float32(1 / 255), dtype=np.float32)
    squares = np.einsum("ij,ij->i", x, x)
    return Points(x if pixels is None else np.ascontiguousarray(x[:, pixels]), squares)


def used_pixels(images: Bytes) -> npt.NDArray[np.intp]:
    """Which pixels are not blank in all images: the others add nothing to a product with them."""
    return np.flatnonzero(images.any(axis=0))


def gamma_scale(images: Bytes) -> float:
    """scikit-learn's ``gamma="scale"``: 1 / (pixels x their variance over all images)."""
    counts = np.bincount(images.reshape(-1), minlength=256)
    values = np.arange(256) / 255
    mean = counts @ values / images.size
    variance = counts @ (values - mean) ** 2 / images.size
    return float(1 / (images[0].size * variance)) if variance else 1.0


def rbf(a: Points, b: Points, gamma: float) -> Array:
    """The kernel of each point of ``a`` with each of ``b``, ``(len(a), len(b))`` in float32."""
    k = a.x @ b.x.T
    k *= np.float32(2 * gamma)
    k -= (np.float32(gamma) * a.squares)[:, None]
    k -= np.float32(gamma) * b.squares
    np.minimum(k, 0, out=k)  # rounding may leave a distance a little below nothing
    return np.exp(k, out=k)


def fill_symmetric(k: Array, p: Points, gamma: float, first: int = 0) -> None:
    """Write the kernel of points with themselves into ``k``, ``(m, m)``, computing half of it.

    The rows and columns before ``first`` are there already and are left alone.
    """
    for start in range(0, first, ROWS):
        block = rbf(p.take(slice(start, min(start + ROWS, first))), p.take(slice(first, None)), gamma)
        k[start : start + len(block), first : len(p.x)] = block
        k[first : len(p.x), start : start + len(block)] = block.T
    for start in range(first, len(p.x), ROWS):
        block = rbf(p.take(slice(start, start + ROWS)), p.take(slice(start, None)), gamma)
        k[start : start + len(block), start : len(p.x)] = block
        k[start : len(p.x), start : start + len(block)] = block.T
    np.fill_diagonal(k[: len(p.x), : len(p.x)], 1)  # what it is but for rounding, or for features left out


def expansion(a: Points, b: Points, coefficients: Array, gamma: float) -> npt.NDArray[np.float64]:
    """Sum the kernel of each point of ``a`` with ``b``, weighted: ``(len(a), sums)`` for ``(len(b), sums)``.

    Blocks are summed in float32 and added up in float64: a sum over thousands of terms of either sign would lose
    the fourth digit otherwise.
    """
    weights = coefficients.astype(np.float32)
    sums = np.zeros((len(a.x), weights.shape[1]))
    for start in range(0, len(a.x), ROWS):
        rows = slice(start, start + ROWS)
        for first in range(0, len(b.x), COLUMNS):
            columns = slice(first, first + COLUMNS)
            sums[rows] += rbf(a.take(rows), b.take(columns), gamma) @ weights[columns]
    return sums
