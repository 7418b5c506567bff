"""Synthetic drawings as strokes of the page of `nn draw`: styles of each digit, with moved points."""

from typing import Any

import numpy as np

SIDE, PIXELS, MIN_COVERAGE = 280, 140, 1 / 64
"""The side of the paper, that of the picture, and the faintest ink, as in ``pages/draw/drawing.js``."""

WOBBLE = 0.025
"""How far points are moved, as a share of the digit: the standard deviation."""

MIN_STEP = 0.5
"""The smallest distance between points, as in ``pages/draw/drawing.js``."""

Stroke = dict[str, Any]
"""The width of the brush, and points x, y, x, y, ..., as the page of `nn draw` has them."""

STYLES = {
    0: (
        "curve 50,0 12,25 10,70 50,100 90,70 88,25 50,0",
        "curve 60,2 20,30 15,80 45,100 80,75 85,20 50,0 35,10",
        "curve 75,10 35,2 8,50 40,98 85,70 90,25 65,3",
    ),
    1: (
        "line 50,0 50,100",
        "line 25,28 55,0 55,100",
        "line 30,22 52,0 50,100 / line 25,100 78,100",
    ),
    2: (
        "curve 10,28 35,2 80,12 75,45 10,100 + line 10,100 92,100",
        "curve 15,20 50,0 82,22 60,60 25,92 12,90 30,78 60,95 95,92",
        "curve 12,15 55,0 85,25 50,68 8,98 + curve 8,98 50,95 90,100",
    ),
    3: (
        "curve 15,12 50,0 80,20 42,46 + curve 42,46 85,65 60,98 10,88",
        "line 15,3 80,3 42,40 + curve 42,40 85,62 60,100 12,90",
        "curve 20,8 60,0 78,22 55,42 40,48 70,52 85,78 50,100 12,85",
    ),
    4: (
        "line 25,0 12,55 90,55 / line 70,10 65,100",
        "line 65,2 10,65 92,65 / line 65,2 65,100",
        "curve 18,2 12,40 40,52 75,45 / line 82,0 72,100",
    ),
    5: (
        "line 80,2 25,2 20,42 + curve 20,42 60,36 85,65 55,98 10,90",
        "line 25,5 20,45 + curve 20,45 65,40 82,72 50,100 12,92 / line 25,5 85,2",
        "curve 85,3 40,6 22,30 45,45 80,62 65,95 12,95",
    ),
    6: (
        "curve 75,2 30,30 12,72 45,100 82,75 55,52 18,70",
        "line 55,0 22,55 + curve 22,55 20,90 60,100 80,72 50,55 22,72",
        "curve 62,0 20,40 15,82 50,100 85,82 65,58 25,68 18,80",
    ),
    7: (
        "line 10,4 88,4 40,100",
        "line 10,4 88,4 40,100 / line 28,50 85,50",
        "curve 8,10 45,4 90,4 + curve 90,4 55,50 45,100",
    ),
    8: (
        "curve 75,15 45,0 20,22 50,47 82,75 50,100 15,78 50,47 80,22 65,4",
        "curve 50,0 22,22 50,46 78,22 50,0 / curve 50,46 15,74 50,100 85,74 50,46",
        "curve 50,46 20,25 48,0 80,20 50,46 18,75 50,100 85,78 50,46",
    ),
    9: (
        "curve 80,20 50,0 15,25 45,50 80,20 + line 80,20 72,100",
        "curve 82,25 50,0 15,25 45,52 82,25 + curve 82,25 80,75 50,100 20,92",
        "curve 75,8 35,5 20,35 55,48 80,15 + curve 80,15 72,60 45,100",
    ),
}
"""Styles of each digit: strokes, separated by slashes, of pieces that are joined by plus signs.

A line is straight from point to point, a curve smooth through all. Points are x,y from 0 to 100, y downwards.
"""


def strokes_of(style: str) -> list[list[tuple[str, np.ndarray]]]:
    """Return the pieces of each stroke of a style: whether it is a line or a curve, and its points, ``(n, 2)``."""
    return [
        [
            (kind, np.array([point.split(",") for point in points], float) / 100)
            for kind, *points in map(str.split, pieces)
        ]
        for pieces in (stroke.split(" + ") for stroke in style.split(" / "))
    ]


def curve(points: np.ndarray, steps: int = 10) -> np.ndarray:
    """Return points along a Catmull-Rom spline through ``points``, ``(n, 2)``."""
    ends = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = []
    for before, start, end, after in zip(ends[:-3], ends[1:-2], ends[2:-1], ends[3:], strict=True):
        parts.append(
            0.5
            * (
                2 * start
                + (end - before) * t
                + (2 * before - 5 * start + 4 * end - after) * t**2
                + (3 * start - before - 3 * end + after) * t**3
            )
        )
    return np.concatenate([*parts, points[-1:]])


def draw(digit: int, style: int, rng: np.random.Generator) -> list[Stroke]:
    """Return the strokes of a digit in a style, as somebody might draw it on the page."""
    height = rng.uniform(80, 220)
    size = np.array([height * rng.uniform(0.55, 0.85), height])
    brush = float(min(rng.uniform(12, 24), 0.2 * height))
    angle, shear = np.deg2rad(rng.uniform(-10, 10)), rng.uniform(-0.3, 0.3)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.array([[1, shear], [0, 1]]) @ np.diag(size)
    lines = []
    for stroke in strokes_of(STYLES[digit][style]):
        pieces: list[np.ndarray] = []
        for kind, points in stroke:
            moved = points - 0.5 + rng.normal(0, WOBBLE, (len(points), 2))
            if pieces:
                moved[0] = pieces[-1][-1]
            pieces.append(curve(moved) if kind == "curve" else moved)
        lines.append(np.concatenate(pieces) @ matrix.T)
    every = np.concatenate(lines)
    low, high = brush / 2 - every.min(axis=0), SIDE - brush / 2 - every.max(axis=0)
    place = rng.uniform(np.minimum(low, high), np.maximum(low, high))
    return [{"width": brush, "points": sampled(np.round(line + place, 1))} for line in lines]


def sampled(line: np.ndarray) -> list[float]:
    """Return the points x, y, x, y, ... of a line without those that are hardly away from the one before."""
    kept = [line[0]]
    for point in line[1:]:
        if np.hypot(*(point - kept[-1])) >= MIN_STEP:
            kept.append(point)
    return np.concatenate(kept).tolist()


def drawings(count: int, seed: int) -> list[tuple[int, int, list[Stroke]]]:
    """Return digits, styles and strokes."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        digit = number % 10
        style = int(rng.integers(len(STYLES[digit])))
        made.append((digit, style, draw(digit, style, rng)))
    return made


def render(strokes: list[Stroke]) -> np.ndarray:
    """Return strokes as a grey picture, ``(140, 140)``, as ``pages/draw/drawing.js`` does."""
    coverage = np.zeros((PIXELS, PIXELS), np.float32)
    for stroke in strokes:
        radius, points = stroke["width"] / 4, np.array(stroke["points"]).reshape(-1, 2) / 2
        for start, end in zip(points[[0, *range(len(points) - 1)]], points, strict=True):
            along = end - start
            low = np.maximum(np.floor(np.minimum(start, end) - radius - 1), 0).astype(int)
            high = np.minimum(np.ceil(np.maximum(start, end) + radius + 1), PIXELS - 1).astype(int) + 1
            box = slice(low[1], max(high[1], 0)), slice(low[0], max(high[0], 0))
            x, y = (np.arange(one.start, one.stop) + 0.5 - start[at] for at, one in ((0, box[1]), (1, box[0])))
            y = y[:, None]
            share = np.clip((x * along[0] + y * along[1]) / (along @ along or 1), 0, 1)
            distance = np.hypot(x - share * along[0], y - share * along[1])
            covered = np.minimum(radius + 0.5 - distance, 1).astype(np.float32)
            coverage[box] = np.maximum(coverage[box], np.where(covered >= MIN_COVERAGE, covered, 0))
    return np.rint(255 * (1 - coverage.astype(np.float64))).astype(np.uint8)
