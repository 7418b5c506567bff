"""The strokes of a shape as a person might draw them: with moved points, wide or narrow, turned and slanted."""

from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array

STEPS = 10
"""Points of a curve between two of its given points."""

MOVED = 0.015, 0.05
"""The standard deviation of moved points, as a share of the shape."""

TURN, MAX_SHEAR, MAX_STRETCH = 12.0, 0.25, 0.3
"""The largest turn in degrees, the largest shear, and the largest logarithm of the aspect ratio."""


class Piece(NamedTuple):
    """A part of a stroke: points, ``(n, 2)`` x and y from 0 to 1, joined by a smooth curve or by straight lines."""

    points: Array
    smooth: bool


class Shape(NamedTuple):
    """Strokes, each of one or more pieces. The inside of a filled shape is drawn, too."""

    strokes: tuple[tuple[Piece, ...], ...]
    filled: bool


@cache
def parsed(text: str) -> Shape:
    """Return the shape that a text of ``shapes.py`` describes."""
    filled = text.startswith("filled ")
    strokes = (
        tuple(_piece(*piece.split()) for piece in stroke.split(" + "))
        for stroke in text.removeprefix("filled ").split(" / ")
    )
    return Shape(tuple(strokes), filled)


def _piece(kind: str, *points: str) -> Piece:
    return Piece(np.array([point.split(",") for point in points], float) / 100, kind == "curve")


def drawn_by_hand(shape: Shape, rng: np.random.Generator) -> list[Array]:
    """Return the paths of a shape's strokes, ``(n, 2)`` x and y around 0, with their points moved at random."""
    moved, transformation = rng.uniform(*MOVED), _random_transformation(rng)
    paths = []
    for stroke in shape.strokes:
        pieces = [Piece(points + rng.normal(0, moved, points.shape), smooth) for points, smooth in stroke]
        for before, piece in pairwise(pieces):  # joined pieces stay joined
            piece.points[0] = before.points[-1]
        paths.append(np.concatenate([curve(points) if smooth else points for points, smooth in pieces]))
    return [(path - 0.5) @ transformation for path in paths]


def _random_transformation(rng: np.random.Generator) -> Array:
    """Return a random stretch, shear and turn of row vectors, ``(2, 2)``."""
    stretch, angle = np.exp(rng.uniform(-MAX_STRETCH, MAX_STRETCH) / 2), np.radians(rng.uniform(-TURN, TURN))
    shear = np.array([[1, 0], [rng.uniform(-MAX_SHEAR, MAX_SHEAR), 1]])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    transformation: Array = np.diag([stretch, 1 / stretch]) @ shear @ turn
    return transformation


def curve(points: Array) -> Array:
    """Return points along a Catmull-Rom spline through ``points``, ``(n, 2)``."""
    ends = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, 1, STEPS, endpoint=False)[:, None, None]
    before, start, end, after = ends[:-3], ends[1:-2], ends[2:-1], ends[3:]
    spline = 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )
    return np.concatenate([spline.swapaxes(0, 1).reshape(-1, 2), points[-1:]])
