"""Measure networks on synthetic drawings, such as people make on the page of `nn draw`.

Every digit has several styles, as polylines and curves. A drawing is a style with moved points, slanted, turned, small
or large, anywhere on the paper of 280 x 280, with a brush of 12 to 24. The last style of each digit was held out: it was
written down and then left alone. The seed determines everything.

    python benchmarks/freehand.py WEIGHTS... [--drawings 300] [--seed 0] [--mistakes FILE.png]
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from nn.models.images.digit_finder import find_digit
from nn.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nn.stages.predict import UNSURE

SIDE, PIXELS, MIN_COVERAGE = 280, 140, 1 / 64
"""The side of the paper, that of the picture, and the faintest ink, as in ``pages/draw/ink.js``."""

MIN_STEP = 0.5
"""The smallest distance between points, as in ``pages/draw/drawing.js``."""

Stroke = dict[str, Any]
"""The width of the brush, and points x, y, x, y, ..., as the page of `nn draw` has them."""

# A style is a list of strokes, a stroke a list of pieces: "line" straight from point to point, "curve" smooth through all.
# Points are x and y from 0 to 1, y downwards.
STYLES: dict[int, list[list[list[tuple[str, list[tuple[float, float]]]]]]] = {
    0: [
        [[("curve", [(0.5, 0), (0.12, 0.25), (0.1, 0.7), (0.5, 1), (0.9, 0.7), (0.88, 0.25), (0.5, 0)])]],
        [[("curve", [(0.6, 0.02), (0.2, 0.3), (0.15, 0.8), (0.45, 1), (0.8, 0.75), (0.85, 0.2), (0.5, 0), (0.35, 0.1)])]],
        [[("curve", [(0.75, 0.1), (0.35, 0.02), (0.08, 0.5), (0.4, 0.98), (0.85, 0.7), (0.9, 0.25), (0.65, 0.03)])]],
    ],
    1: [
        [[("line", [(0.5, 0), (0.5, 1)])]],
        [[("line", [(0.25, 0.28), (0.55, 0), (0.55, 1)])]],
        [[("line", [(0.3, 0.22), (0.52, 0), (0.5, 1)])], [("line", [(0.25, 1), (0.78, 1)])]],
    ],
    2: [
        [[("curve", [(0.1, 0.28), (0.35, 0.02), (0.8, 0.12), (0.75, 0.45), (0.1, 1)]), ("line", [(0.1, 1), (0.92, 1)])]],
        [[("curve", [(0.15, 0.2), (0.5, 0), (0.82, 0.22), (0.6, 0.6), (0.25, 0.92), (0.12, 0.9), (0.3, 0.78), (0.6, 0.95),
                     (0.95, 0.92)])]],
        [[("curve", [(0.12, 0.15), (0.55, 0), (0.85, 0.25), (0.5, 0.68), (0.08, 0.98)]),
          ("curve", [(0.08, 0.98), (0.5, 0.95), (0.9, 1)])]],
    ],
    3: [
        [[("curve", [(0.15, 0.12), (0.5, 0), (0.8, 0.2), (0.42, 0.46)]),
          ("curve", [(0.42, 0.46), (0.85, 0.65), (0.6, 0.98), (0.1, 0.88)])]],
        [[("line", [(0.15, 0.03), (0.8, 0.03), (0.42, 0.4)]),
          ("curve", [(0.42, 0.4), (0.85, 0.62), (0.6, 1), (0.12, 0.9)])]],
        [[("curve", [(0.2, 0.08), (0.6, 0), (0.78, 0.22), (0.55, 0.42), (0.4, 0.48), (0.7, 0.52), (0.85, 0.78), (0.5, 1),
                     (0.12, 0.85)])]],
    ],
    4: [
        [[("line", [(0.25, 0), (0.12, 0.55), (0.9, 0.55)])], [("line", [(0.7, 0.1), (0.65, 1)])]],
        [[("line", [(0.65, 0.02), (0.1, 0.65), (0.92, 0.65)])], [("line", [(0.65, 0.02), (0.65, 1)])]],
        [[("curve", [(0.18, 0.02), (0.12, 0.4), (0.4, 0.52), (0.75, 0.45)])], [("line", [(0.82, 0), (0.72, 1)])]],
    ],
    5: [
        [[("line", [(0.8, 0.02), (0.25, 0.02), (0.2, 0.42)]),
          ("curve", [(0.2, 0.42), (0.6, 0.36), (0.85, 0.65), (0.55, 0.98), (0.1, 0.9)])]],
        [[("line", [(0.25, 0.05), (0.2, 0.45)]),
          ("curve", [(0.2, 0.45), (0.65, 0.4), (0.82, 0.72), (0.5, 1), (0.12, 0.92)])],
         [("line", [(0.25, 0.05), (0.85, 0.02)])]],
        [[("curve", [(0.85, 0.03), (0.4, 0.06), (0.22, 0.3), (0.45, 0.45), (0.8, 0.62), (0.65, 0.95), (0.12, 0.95)])]],
    ],
    6: [
        [[("curve", [(0.75, 0.02), (0.3, 0.3), (0.12, 0.72), (0.45, 1), (0.82, 0.75), (0.55, 0.52), (0.18, 0.7)])]],
        [[("line", [(0.55, 0), (0.22, 0.55)]),
          ("curve", [(0.22, 0.55), (0.2, 0.9), (0.6, 1), (0.8, 0.72), (0.5, 0.55), (0.22, 0.72)])]],
        [[("curve", [(0.62, 0), (0.2, 0.4), (0.15, 0.82), (0.5, 1), (0.85, 0.82), (0.65, 0.58), (0.25, 0.68),
                     (0.18, 0.8)])]],
    ],
    7: [
        [[("line", [(0.1, 0.04), (0.88, 0.04), (0.4, 1)])]],
        [[("line", [(0.1, 0.04), (0.88, 0.04), (0.4, 1)])], [("line", [(0.28, 0.5), (0.85, 0.5)])]],
        [[("curve", [(0.08, 0.1), (0.45, 0.04), (0.9, 0.04)]), ("curve", [(0.9, 0.04), (0.55, 0.5), (0.45, 1)])]],
    ],
    8: [
        [[("curve", [(0.75, 0.15), (0.45, 0), (0.2, 0.22), (0.5, 0.47), (0.82, 0.75), (0.5, 1), (0.15, 0.78), (0.5, 0.47),
                     (0.8, 0.22), (0.65, 0.04)])]],
        [[("curve", [(0.5, 0), (0.22, 0.22), (0.5, 0.46), (0.78, 0.22), (0.5, 0)])],
         [("curve", [(0.5, 0.46), (0.15, 0.74), (0.5, 1), (0.85, 0.74), (0.5, 0.46)])]],
        [[("curve", [(0.5, 0.46), (0.2, 0.25), (0.48, 0), (0.8, 0.2), (0.5, 0.46), (0.18, 0.75), (0.5, 1), (0.85, 0.78),
                     (0.5, 0.46)])]],
    ],
    9: [
        [[("curve", [(0.8, 0.2), (0.5, 0), (0.15, 0.25), (0.45, 0.5), (0.8, 0.2)]), ("line", [(0.8, 0.2), (0.72, 1)])]],
        [[("curve", [(0.82, 0.25), (0.5, 0), (0.15, 0.25), (0.45, 0.52), (0.82, 0.25)]),
          ("curve", [(0.82, 0.25), (0.8, 0.75), (0.5, 1), (0.2, 0.92)])]],
        [[("curve", [(0.75, 0.08), (0.35, 0.05), (0.2, 0.35), (0.55, 0.48), (0.8, 0.15)]),
          ("curve", [(0.8, 0.15), (0.72, 0.6), (0.45, 1)])]],
    ],
}  # fmt: skip


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
    for stroke in STYLES[digit][style]:
        pieces = []
        for kind, points in stroke:
            moved = np.array(points) - 0.5 + rng.normal(0, 0.025, (len(points), 2))
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


def drawings(count: int, seed: int, held_out: bool | None = None) -> list[tuple[int, int, list[Stroke]]]:
    """Return digits, styles and strokes; of the held-out styles alone, of the others alone, or of all."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        digit = number % 10
        last = len(STYLES[digit]) - 1
        style = last if held_out else int(rng.integers(last if held_out is False else last + 1))
        made.append((digit, style, draw(digit, style, rng)))
    return made


def render(strokes: list[Stroke]) -> np.ndarray:
    """Return strokes as a grey picture, ``(140, 140)``, as ``pages/draw/ink.js`` does."""
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


def main(arguments: list[str] | None = None) -> None:
    """Draw, read, and print how many were read correctly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--drawings", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--mistakes", type=Path)
    given = parser.parse_args(arguments)
    readers = {path.name: EnsemblePredictor(path) for path in given.weights}
    if len(readers) > 1:
        readers["vote"] = EnsemblePredictor(given.weights)
    height, width = next(iter(readers.values())).image
    print("| styles | network | drawings | correct | sure and wrong | not sure | no digit, or several |")
    print("|---|---|--:|--:|--:|--:|--:|")
    for title, held_out in (("known", False), ("held out", True)):
        made = drawings(given.drawings, given.seed, held_out)
        found = [find_digit(render(strokes), height, width) for _, _, strokes in made]
        labels = np.array([digit for digit, _, _ in made])
        problems = np.array([one.problem is not None for one in found])
        for name, reader in readers.items():
            probabilities = reader.probabilities(np.array([one.image for one in found]))
            right = (probabilities.argmax(axis=1) == labels) & ~problems
            sure = (probabilities.max(axis=1) >= UNSURE) & ~problems
            print(
                f"| {title} | {name} | {len(made)} | {100 * right.mean():.1f} % | {np.sum(sure & ~right)} | "
                f"{np.sum(~sure & ~problems)} | {problems.sum()} |"
            )
            if given.mistakes and held_out and np.any(~right):
                from nn.stages.classifiers.pictures import save

                wrong = [np.hstack([render(made[i][2]), 255 - np.kron(found[i].image, np.ones((5, 5), np.uint8))])
                         for i in np.flatnonzero(~right)]  # fmt: skip
                save(given.mistakes, np.vstack(wrong))
                print([(made[i][0], made[i][1], int(probabilities[i].argmax())) for i in np.flatnonzero(~right)])


if __name__ == "__main__":
    main()
