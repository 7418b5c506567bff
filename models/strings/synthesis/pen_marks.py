"""Marks that are no digits: dots and blots, dashes, commas, ticks and scribbles, drawn with a round pen."""

import numpy as np

from nn.models.arrays.types import Array

SIDE = 32
KNOTS = 12
"""Rows and columns of a mark, and the points of a pen's way."""


def pen_mark(rng: np.random.Generator) -> Array:
    """The ink of a mark, ``(SIDE, SIDE)`` from 0 to 1."""
    corners = _corners(rng)
    way = np.linspace(0, len(corners) - 1, KNOTS * len(corners))
    path = np.stack([np.interp(way, np.arange(len(corners)), corners[:, axis]) for axis in (0, 1)])
    thick = rng.uniform(1, 3) * np.linspace(1, rng.uniform(0.5, 1), path.shape[1])
    if len(corners) == 1:
        thick = thick * rng.uniform(1.5, 4)
    squash = rng.uniform(0.6, 1.5)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    away = np.hypot(rows[..., None] - path[0], (columns[..., None] - path[1]) * squash) - thick
    ink: Array = np.clip(0.5 - away.min(axis=-1), 0, 1).astype(np.float32)
    return ink


def _corners(rng: np.random.Generator) -> Array:
    """Where the pen turns, ``(corners, 2)`` rows and columns."""
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
