"""Strips on a sloping line, to fit and examine `nn read`: rotated, stretched digits, some with a long last stroke.

Each strip has its own height, pen, slope and slant, and its own spread of sizes, slants and rotations.
"""

from itertools import accumulate

import numpy as np
from baseline_strips import interpolated
from strips import cropped, sheared

GAPS = {"spaced": (0.15, 0.55), "touching": (0.0, 0.02), "overlapping": (-0.1, -0.05)}
"""The least and the greatest distance between the boxes of two digits, as shares of the strip's height."""

HEIGHTS = 20, 56
MOST_UNEVEN, MOST_ROTATED, MOST_SLANTED, MOST_STRETCHED = 0.22, np.radians(9), 0.2, 0.12
PEN = 0.3, 0.6
SLANT, SLOPE, JITTER = 0.15, 0.12, 0.06
TAILS = 0.12
MARGIN = 0.4


def sloping_layers(images: np.ndarray, spacing: str, rng: np.random.Generator) -> np.ndarray:
    """Write images, ``(digits, height, width)`` bytes.

    Returns each alone on the strip, ``(digits, rows, columns)``.
    """
    height, pen, slope = rng.uniform(*HEIGHTS), rng.uniform(*PEN), rng.uniform(-SLOPE, SLOPE)
    spreads = rng.uniform(0, (MOST_UNEVEN, MOST_ROTATED, MOST_SLANTED, MOST_STRETCHED))
    shapes = [written(image / 255, height, pen, spreads, rng) for image in images]
    gaps = np.rint(height * rng.uniform(*GAPS[spacing], len(images) - 1)).astype(int).tolist()
    lefts = list(accumulate((shape.shape[1] + gap for shape, gap in zip(shapes, gaps, strict=False)), initial=0))
    bottoms = [round(slope * left + rng.normal(0, JITTER) * height) for left in lefts]
    tops = [bottom - len(shape) for bottom, shape in zip(bottoms, shapes, strict=True)]
    around = round(MARGIN * height)
    rows = max(bottoms) - min(tops) + 2 * around
    columns = max(left + shape.shape[1] for left, shape in zip(lefts, shapes, strict=True)) + 2 * around
    layers = np.zeros((len(images), rows, columns))
    for layer, shape, left, top, gap in zip(layers, shapes, lefts, tops, [*gaps, around], strict=True):
        y, x = top - min(tops) + around, left + around
        layer[y : y + len(shape), x : x + shape.shape[1]] = shape
        if gap > 0 and rng.random() < TAILS:
            lowest, right = y + len(shape) - 1, x + int(np.flatnonzero(shape[-1] > 0).max())
            end = x + shape.shape[1] + int(gap * rng.uniform(0.2, 0.6))
            layer[lowest - max(1, round(height / 16)) : lowest + 1, right:end] = 1
    slant = rng.normal(0, SLANT)
    return np.stack([sheared(layer, slant) for layer in layers]).astype(np.float32)


def sloping_ink(images: np.ndarray, spacing: str, rng: np.random.Generator) -> np.ndarray:
    """Return the ink of ``sloping_layers``, ``(rows, columns)``."""
    return sloping_layers(images, spacing, rng).max(axis=0)


def written(image: np.ndarray, height: float, pen: float, spreads: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a digit of about this height; its size, rotation, slant and width vary by ``spreads``."""
    size, turn, slant, stretch = rng.normal(0, spreads)
    scale = height * np.exp(size) / len(cropped(image))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    to_source = rotation @ np.array([[1, 0], [slant, 1]]) @ np.diag([1, np.exp(-stretch)])
    side = int(2.4 * scale * max(image.shape))
    grid = np.stack(np.mgrid[:side, :side]).reshape(2, -1) - side / 2
    rows, columns = to_source @ grid / scale + np.array(image.shape)[:, None] / 2 - 0.5
    ink = interpolated(image, rows, columns).reshape(side, side)
    sharp = np.clip(0.5 + (ink - pen) * max(1.3, 0.5 * scale), 0, 1)
    return cropped(np.where(sharp > 0.05, sharp, 0))
