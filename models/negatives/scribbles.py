"""Paths without a plan: scribbles, broken lines and blots."""

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.negatives.strokes import curve

SCRIBBLE_TURNS = 8, 16
"""The points of a scribble; one of fewer may look like a digit."""

CORNERS, LINES = (4, 9), (3, 6)
"""The corners of a broken line, and the number of crossing strokes."""

BLOT_POINTS, BLOT_WAVES = 40, 6


def scribble(rng: np.random.Generator) -> list[Array]:
    """Return one smooth path back and forth, ``(n, 2)``."""
    points = rng.normal(0, 1, (int(rng.integers(*SCRIBBLE_TURNS)), 2)) * [1, rng.uniform(0.4, 1.5)]
    return [curve(points)]


def broken_line(rng: np.random.Generator) -> list[Array]:
    """Return one path of straight lines between random corners."""
    return [rng.uniform(-1, 1, (int(rng.integers(*CORNERS)), 2))]


def crossing_strokes(rng: np.random.Generator) -> list[Array]:
    """Return short bent strokes that meet near the middle."""
    strokes = []
    for _ in range(int(rng.integers(*LINES))):
        angle, bend = rng.uniform(0, np.pi), rng.normal(0, 0.25, 2)
        direction, middle = np.array([np.cos(angle), np.sin(angle)]), rng.normal(0, 0.3, 2)
        reach = rng.uniform(0.5, 1)
        strokes.append(curve(np.stack([middle - reach * direction, middle + bend, middle + reach * direction])))
    return strokes


def blot(rng: np.random.Generator) -> list[Array]:
    """Return the outline of a blot, whose inside is to be filled."""
    angles = np.linspace(0, 2 * np.pi, BLOT_POINTS)
    radius = 1 + sum(
        rng.normal(0, 0.4 / wave) * np.cos(wave * angles + rng.uniform(0, 2 * np.pi)) for wave in range(1, BLOT_WAVES)
    )
    return [np.stack([np.cos(angles), np.sin(angles)], axis=1) * np.maximum(radius, 0.1)[:, None]]
