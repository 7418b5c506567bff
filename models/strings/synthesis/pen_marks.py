"""Pen marks that are no digits: dots, blots, dashes, commas, ticks and scribbles, drawn with a round pen."""

import numpy as np

from nndigits.models.arrays.types import Array

SIDE = 32
"""Rows and columns of a mark."""

POINTS_PER_CORNER = 12
"""Interpolated points of the pen's path for each corner."""


def pen_mark(rng: np.random.Generator) -> Array:
    """Draw the foreground of a random mark, ``(SIDE, SIDE)`` from 0 to 1."""
    corners = _corners(rng)
    positions = np.linspace(0, len(corners) - 1, POINTS_PER_CORNER * len(corners))
    path = np.stack([np.interp(positions, np.arange(len(corners)), corners[:, axis]) for axis in (0, 1)])
    radius = rng.uniform(1, 3) * np.linspace(1, rng.uniform(0.5, 1), path.shape[1])
    if len(corners) == 1:
        radius = radius * rng.uniform(1.5, 4)
    aspect_ratio = rng.uniform(0.6, 1.5)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    distance = np.hypot(rows[..., None] - path[0], (columns[..., None] - path[1]) * aspect_ratio) - radius
    mark: Array = np.clip(0.5 - distance.min(axis=-1), 0, 1).astype(np.float32)
    return mark


def _corners(rng: np.random.Generator) -> Array:
    """Return the corners of the pen's path, ``(corners, 2)`` rows and columns."""
    middle = np.full(2, SIDE / 2)
    kind = rng.integers(4)
    if kind == 0:  # a dot or a blot
        return middle[None] + rng.normal(0, 1, (1, 2))
    if kind == 1:  # a dash
        reach = rng.uniform(4, 13)
        half = np.array([rng.normal(0, 0.15) * reach, reach])
        return np.stack([middle - half, middle + half])
    corners: Array = rng.uniform(4, SIDE - 4, (3 if kind == 2 else int(rng.integers(4, 7)), 2))
    return corners
