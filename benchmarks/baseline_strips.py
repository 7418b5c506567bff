"""Strips by rules of their own, for a last look: no parameter of `nn read` may be chosen on them.

Unlike those of `strips.py`, the digits are rotated, stand on a rising or falling baseline, and are written with pens of
other widths. Distances are shares of a digit's height. The pictures are blurred, and the light comes from one side.
"""

from itertools import accumulate

import numpy as np
from strips import cropped

GAPS = {"spaced": (0.18, 0.6), "touching": (0.0, 0.0), "overlapping": (-0.1, -0.05)}
"""The least and the greatest distance between the boxes of two digits, as shares of the median height."""

HEIGHTS = 18, 64
UNEVEN = 0.16
ROTATION, SLANT = np.radians(6), 0.12
RISE, JITTER = 0.06, 0.05
PEN = 0.25, 0.65
BLUR = 0.3, 1.1
LIGHT = 0.25
NOISE = 0.05
MARGIN = 0.4


def baseline_ink(images: np.ndarray, spacing: str, rng: np.random.Generator) -> np.ndarray:
    """Write images, ``(digits, height, width)`` bytes, on one baseline. Returns the ink, 0 to 1, with a margin."""
    height = rng.uniform(*HEIGHTS)
    pen = rng.uniform(*PEN)
    shapes = [written(image / 255, height * np.exp(rng.normal(0, UNEVEN)), pen, rng) for image in images]
    gaps = np.rint(height * rng.uniform(*GAPS[spacing], len(images) - 1)).astype(int)
    lefts = list(accumulate((shape.shape[1] + gap for shape, gap in zip(shapes, gaps, strict=False)), initial=0))
    rise = rng.uniform(-RISE, RISE)
    bottoms = [round(rise * left + rng.normal(0, JITTER) * height) for left in lefts]
    tops = [bottom - len(shape) for bottom, shape in zip(bottoms, shapes, strict=True)]
    around = round(MARGIN * height)
    rows = max(bottoms) - min(tops) + 2 * around
    columns = max(left + shape.shape[1] for left, shape in zip(lefts, shapes, strict=True)) + 2 * around
    ink = np.zeros((rows, columns))
    for shape, left, top in zip(shapes, lefts, tops, strict=True):
        here = ink[top - min(tops) + around :, left + around :][: len(shape), : shape.shape[1]]
        np.maximum(here, shape, out=here)
    return ink


def written(image: np.ndarray, height: float, pen: float, rng: np.random.Generator) -> np.ndarray:
    """Return a digit of about this height, rotated and slanted, with strokes wider for a smaller ``pen``."""
    scale = height / len(cropped(image))
    turn, slant = rng.normal(0, ROTATION), rng.normal(0, SLANT)
    to_source = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ np.array([[1, 0], [slant, 1]])
    side = int(2 * scale * max(image.shape))
    grid = np.stack(np.mgrid[:side, :side]).reshape(2, -1) - side / 2
    rows, columns = to_source @ grid / scale + np.array(image.shape)[:, None] / 2 - 0.5
    ink = interpolated(image, rows, columns).reshape(side, side)
    sharp = np.clip(0.5 + (ink - pen) * max(1.5, 0.6 * scale), 0, 1)
    return cropped(np.where(sharp > 0.05, sharp, 0))


def interpolated(image: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return the values of an image at any points, linear between its pixels and 0 outside."""
    padded = np.pad(image, 2)
    rows, columns = (np.clip(at + 2, 0, length - 2) for at, length in ((rows, len(padded)), (columns, len(padded[0]))))
    top, left = rows.astype(int), columns.astype(int)
    down, right = rows - top, columns - left
    upper = padded[top, left] * (1 - right) + padded[top, left + 1] * right
    lower = padded[top + 1, left] * (1 - right) + padded[top + 1, left + 1] * right
    return upper * (1 - down) + lower * down


def photographed(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a blurred, noisy picture of ink, 0 to 1, dark on light or light on dark, with light from one side."""
    sigma = rng.uniform(*BLUR)
    reach = np.arange(-4, 5)
    kernel = np.exp(-(reach**2) / (2 * sigma**2))
    for _ in range(2):
        ink = np.apply_along_axis(np.convolve, 1, ink, kernel / kernel.sum(), "same").T
    paper, pen = rng.uniform(0.75, 1), rng.uniform(0, 0.35)
    if rng.random() < 0.5:
        paper, pen = 1 - paper, 1 - pen
    grey = paper + ink * (pen - paper)
    rows, columns = np.mgrid[-1 : 1 : len(ink) * 1j, -1 : 1 : len(ink[0]) * 1j]
    angle = rng.uniform(0, 2 * np.pi)
    light = 1 + rng.uniform(0, LIGHT) * (np.cos(angle) * rows + np.sin(angle) * columns) / np.sqrt(2)
    grey = grey * light + rng.normal(0, rng.uniform(0, NOISE), ink.shape)
    return np.rint(np.clip(grey, 0, 1) * 255).astype(np.uint8)
