"""A round pen: paths become the foreground of a picture."""

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from nndigits.models.arrays.types import Array

SIDE, MARGIN = 96, 16
"""Rows and columns of a picture, and the empty pixels around its paths."""

STEP = 0.5
"""Pixels between the points of a path that are marked."""


def drawn(paths: Sequence[Array], radius: float, filled: bool = False) -> Array:
    """Draw paths, each ``(n, 2)`` x and y, as large as the picture allows; return its foreground, ``(SIDE, SIDE)``.

    ``radius`` is that of the pen, in pixels. With ``filled``, the inside of closed paths is drawn, too.
    """
    points = np.concatenate(paths)
    low, extent = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1e-6)
    scale = (SIDE - 2 * MARGIN) / extent.max()
    offset = (SIDE - scale * extent) / 2
    marked = np.zeros((SIDE, SIDE), bool)
    for path in paths:
        columns, rows = np.rint(_dense((path - low) * scale + offset)).astype(int).T
        marked[rows, columns] = True
    if filled:
        marked = ndimage.binary_fill_holes(marked)
    distance = ndimage.distance_transform_edt(~marked)
    foreground: Array = np.clip(radius + 0.5 - distance, 0, 1).astype(np.float32)
    return foreground


def _dense(path: Array) -> Array:
    """Return points at most STEP apart along a path, ``(m, 2)``."""
    lengths = np.concatenate([[0], np.hypot(*np.diff(path, axis=0).T).cumsum()])
    along = np.linspace(0, lengths[-1], int(lengths[-1] / STEP) + 2)
    return np.stack([np.interp(along, lengths, path[:, axis]) for axis in (0, 1)], axis=1)
