"""How far writing leans, and writing made to lean as much as MNIST's usually does, whoever wrote it.

Along a stroke the ink does not change; so where it changes by gx from left to right and by gy downwards, the stroke
leans by gy / gx columns for a row. The mean over all edges, steep ones counting most, shows the writing's lean: making
it lean by s more adds just s.
"""

import numpy as np

from nn.models.arrays.types import Array

USUAL = 0.235
"""Columns to the right for a row up: the mean of MNIST's training images."""

BETWEEN, WITHIN = 0.17, 0.21
"""How far the lean differs from hand to hand, and from digit to digit of one hand: a 7 leans by itself."""

MOST = 0.6


def estimate_slant(ink: Array) -> float:
    """How much more than usual ``(height, width)`` ink leans, in columns to the right for a row up.

    Of few digits a lean is less sure to be the hand's, and less of it is believed.
    """
    padded = np.pad(ink, 1)
    across = padded[1:-1, 2:] - padded[1:-1, :-2]
    down = padded[2:, 1:-1] - padded[:-2, 1:-1]
    steep = float((across * across).sum())
    lean = float((across * down).sum()) / steep if steep else USUAL
    digits = max(1.0, ink.shape[1] / max(len(ink), 1))
    trust = BETWEEN**2 / (BETWEEN**2 + WITHIN**2 / digits)
    return float(trust * min(max(lean - USUAL, -MOST), MOST))


def row_shifts(height: int, slant: float) -> Array:
    """How far right each row of writing that leans so lies of where it would stand upright; 0 at the least."""
    found = slant * np.arange(height, dtype=float)[::-1]
    shifts: Array = found - found.min(initial=0)
    return shifts


def sheared(ink: Array, slant: float) -> Array:
    """Ink made to lean by ``slant`` columns to the right for a row up; wider by what that takes."""
    shifts = row_shifts(len(ink), slant)
    extra = int(np.ceil(shifts.max(initial=0)))
    whole = shifts.astype(int)
    part = (shifts - whole).astype(np.float32)[:, None]
    padded = np.pad(ink, ((0, 0), (extra + 1, extra + 1)))
    columns = np.arange(ink.shape[1] + extra)
    places = columns + extra + 1 - whole[:, None]
    rows = np.arange(len(ink))[:, None]
    out: Array = (1 - part) * padded[rows, places] + part * padded[rows, places - 1]
    return out
