"""Drawing with a round pen: shapes by hand, scribbles and blots as paths, and the foreground of a picture of them.

A shape is drawn as a person might: with moved points, wide or narrow, turned and slanted.
"""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from nndigits.models.arrays.types import Array

STEPS = 10
"""Points of a curve between two of its given points."""

MOVED = 0.015, 0.05
"""The standard deviation of moved points, as a share of the shape."""

TURN, MAX_SHEAR, MAX_STRETCH = 12.0, 0.25, 0.3
"""The largest turn in degrees, the largest shear, and the largest logarithm of the aspect ratio."""

SCRIBBLE_TURNS = 8, 16
"""The points of a scribble; one of fewer may look like a digit."""

CORNERS, LINES = (4, 9), (3, 6)
"""The corners of a broken line, and the number of crossing strokes."""

BLOT_POINTS, BLOT_WAVES = 40, 6

SIDE, MARGIN = 96, 16
"""Rows and columns of a picture, and the empty pixels around its paths."""

GRAIN_SHARE, GRAIN_SIZE, GRAIN_RANGE = 0.25, (0.02, 0.06), (0.7, 1.9)
"""The share of pens that leave gaps; the size of a gap, in heights of the picture; gaps are where normal noise is below
minus a number in the last range."""

STEP = 0.5
"""Pixels between the points of a path that are marked."""


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


def drawn(
    paths: Sequence[Array], radius: float, brush: tuple[float, float] = (1.0, 0.0), filled: bool = False
) -> Array:
    """Draw paths, each ``(n, 2)`` x and y, as large as the picture allows; return its foreground, ``(SIDE, SIDE)``.

    ``radius`` is that of the pen, in pixels. A flat brush is as many times longer than that as ``brush`` says, at an
    angle in radians. With ``filled``, the inside of closed paths is drawn, too.
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
    stretch, angle = brush
    if stretch > 1:
        marked = ndimage.binary_dilation(marked, _edge(radius * np.sqrt(stretch), angle))
        radius = radius / np.sqrt(stretch)
    distance = ndimage.distance_transform_edt(~marked)
    foreground: Array = np.clip(radius + 0.5 - distance, 0, 1).astype(np.float32)
    return foreground


def _edge(reach: float, angle: float) -> NDArray[np.bool_]:
    """Return the edge of a flat brush, a line through the middle of a square: ``(2 reach + 1, 2 reach + 1)``."""
    size = int(reach)
    along = np.linspace(-reach, reach, 2 * size + 1)
    rows, columns = np.rint(np.stack([np.sin(angle), np.cos(angle)])[:, None] * along).astype(int)
    edge = np.zeros((2 * size + 1, 2 * size + 1), bool)
    edge[np.clip(rows + size, 0, 2 * size), np.clip(columns + size, 0, 2 * size)] = True
    return edge


def grained(ink: Array, rng: np.random.Generator) -> Array:
    """Return ink, ``(height, width)``, mostly as it is, and else with gaps, as chalk and worn stamps leave them."""
    if rng.random() > GRAIN_SHARE:
        return ink
    size = max(2, round(rng.uniform(*GRAIN_SIZE) * len(ink)))
    noise = ndimage.uniform_filter(rng.normal(0, 1, ink.shape), size)
    left: Array = ink * np.clip(0.5 + 2 * (noise / noise.std() + rng.uniform(*GRAIN_RANGE)), 0, 1)
    return left


def _dense(path: Array) -> Array:
    """Return points at most STEP apart along a path, ``(m, 2)``."""
    lengths = np.concatenate([[0], np.hypot(*np.diff(path, axis=0).T).cumsum()])
    along = np.linspace(0, lengths[-1], int(lengths[-1] / STEP) + 2)
    return np.stack([np.interp(along, lengths, path[:, axis]) for axis in (0, 1)], axis=1)
