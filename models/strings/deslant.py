"""Slant estimation and correction: writing is sheared to the mean slant of MNIST.

Along a stroke the grey value does not change. So where the gradient is (gx, gy), the stroke is slanted by gy / gx
columns a row. The mean over all edges, weighted by gx², estimates the slant of the writing. A shear by s adds s to it.
"""

import numpy as np

from nndigits.models.arrays.types import Array

MNIST_SLANT = 0.235
"""The mean slant of MNIST's training images: columns to the right for a row up."""

BETWEEN_WRITERS, WITHIN_WRITER = 0.17, 0.21
"""Standard deviations of the slant between writers, and between the digits of one writer: a 7 is slanted by itself."""

MAX_SLANT = 0.6


def estimate_slant(foreground: Array) -> float:
    """Estimate the slant of writing, ``(height, width)``, relative to MNIST's mean, in columns for a row up.

    With few digits, the estimate is unreliable, so it is shrunk towards zero.
    """
    digits = max(1.0, foreground.shape[1] / max(len(foreground), 1))
    shrinkage = BETWEEN_WRITERS**2 / (BETWEEN_WRITERS**2 + WITHIN_WRITER**2 / digits)
    return float(shrinkage * relative_slant(foreground))


def relative_slant(foreground: Array) -> float:
    """Return the slant of a foreground, ``(height, width)``, minus MNIST's mean, in columns for a row up."""
    padded = np.pad(foreground, 1)
    across = padded[1:-1, 2:] - padded[1:-1, :-2]
    down = padded[2:, 1:-1] - padded[:-2, 1:-1]
    weight = float((across * across).sum())
    slant = float((across * down).sum()) / weight if weight else MNIST_SLANT
    return min(max(slant - MNIST_SLANT, -MAX_SLANT), MAX_SLANT)


def row_shifts(height: int, shear: float) -> Array:
    """Return the shift to the right of each row under a shear, in columns, ``(height,)``. The smallest is 0."""
    relative = shear * np.arange(height, dtype=float)[::-1]
    shifts: Array = relative - relative.min(initial=0)
    return shifts


def sheared(foreground: Array, shear: float) -> Array:
    """Return the foreground sheared by ``shear`` columns to the right for a row up. The array grows in width."""
    shifts = row_shifts(len(foreground), shear)
    extra = int(np.ceil(shifts.max(initial=0)))
    whole = shifts.astype(int)
    fraction = (shifts - whole).astype(np.float32)[:, None]
    padded = np.pad(foreground, ((0, 0), (extra + 1, extra + 1)))
    columns = np.arange(foreground.shape[1] + extra)
    sources = columns + extra + 1 - whole[:, None]
    rows = np.arange(len(foreground))[:, None]
    out: Array = (1 - fraction) * padded[rows, sources] + fraction * padded[rows, sources - 1]
    return out
