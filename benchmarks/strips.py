"""Pictures of strips of digits, composed from single images with random slant, size, noise and tones.

A strip is a function of the images, a spacing and a random generator. Spacing is in pixels of MNIST, before the strip
is scaled. It is measured between the bounding boxes of the digits (``box``), or between their ink in the row where they
are closest (``ink``). With an ink spacing of 0 the digits touch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nndigits.models.negatives.strips import compose, touching_gap

SPACINGS = {
    "spaced": ("box", 4, 14),
    "touching": ("box", 0, 1),
    "overlapping by 2": ("box", -2, -2),
    "overlapping by 4": ("box", -4, -4),
    "ink touching": ("ink", 0, 1),
    "ink overlapping by 2": ("ink", -2, -2),
}
"""How the distance between two digits is measured, and its least and greatest value in pixels."""

SCALES = 0.7, 1.5
UNEVEN = 0.12
SLANT = 0.3
JITTER = 1.5
NOISE = 0.06
FAINT = 0.15
MARGIN = 8


@dataclass(frozen=True)
class Strip:
    """A picture, ``(height, width)`` bytes, and the digits in it."""

    picture: np.ndarray
    text: str


def strip(
    images: np.ndarray, labels: np.ndarray, spacing: str, rng: np.random.Generator, digits: int = 5, commas: int = 0
) -> Strip:
    """Compose a strip of random images out of ``images``, ``(n, height, width)`` bytes.

    A comma follows each of the first ``commas`` digits.
    """
    chosen = rng.integers(0, len(images), digits)
    picture = pictured(even_ink(images[chosen], spacing, rng, commas), rng)
    return Strip(picture, "".join(str(labels[index]) for index in chosen))


def even_ink(images: np.ndarray, spacing: str, rng: np.random.Generator, commas: int = 0) -> np.ndarray:
    """Compose images, ``(digits, height, width)`` bytes, of similar sizes and one slant."""
    digits = len(images)
    size = rng.uniform(*SCALES)
    shapes = [scaled(cropped(image / 255), rng.uniform(1 - UNEVEN, 1 + UNEVEN)) for image in images]
    measure, least, most = SPACINGS[spacing]
    gaps = rng.integers(least, most, digits - 1, endpoint=True)
    if measure == "ink":
        gaps = [gap + touching_gap(*pair) for gap, pair in zip(gaps, pairwise(shapes), strict=True)]
    drops = np.zeros(digits, int) if measure == "ink" else np.rint(rng.normal(0, 1, digits)).astype(int)
    for place in range(commas, 0, -1):
        shapes.insert(place, comma(rng))
        gaps = np.insert(gaps, place - 1, 2)
        drops = np.insert(drops, place, 9)
    ink = sheared(scaled(compose(shapes, gaps, drops).max(axis=0), size), rng.uniform(-SLANT, SLANT))
    return np.pad(ink, MARGIN)


def uneven_layers(images: np.ndarray, spacing: str, rng: np.random.Generator, enlarged: float = 1) -> np.ndarray:
    """Compose images, ``(digits, height, width)`` bytes, each with a size and a slant of its own.

    Returns each digit alone on the strip, ``(digits, rows, columns)``.
    """
    sizes, slants = rng.uniform(*SCALES, len(images)), rng.uniform(-SLANT, SLANT, len(images))
    shapes = [
        tight(sheared(scaled(cropped(image / 255), size * enlarged), slant))
        for image, size, slant in zip(images, sizes, slants, strict=True)
    ]
    _, least, most = SPACINGS[spacing]
    gaps = rng.integers(least, most, len(images) - 1, endpoint=True)
    drops = np.rint(enlarged * rng.normal(0, JITTER, len(images))).astype(int)
    return np.pad(compose(shapes, gaps, drops), ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN)))


def uneven_ink(images: np.ndarray, spacing: str, rng: np.random.Generator, enlarged: float = 1) -> np.ndarray:
    """Return the ink of ``uneven_layers``, ``(rows, columns)``."""
    return uneven_layers(images, spacing, rng, enlarged).max(axis=0)


def tight(ink: np.ndarray) -> np.ndarray:
    """Crop ink to what is clearly visible, so that gaps are measured between the strokes."""
    return cropped(np.where(ink > FAINT, ink, 0))


def page_ink(lines: Sequence[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Lay lines of ink, each with its margin, one below the other, each with an indent."""
    indents = rng.integers(0, 2 * MARGIN, len(lines), endpoint=True)
    width = max(indent + line.shape[1] for indent, line in zip(indents, lines, strict=True))
    return np.concatenate(
        [
            np.pad(line, ((0, 0), (indent, width - indent - line.shape[1])))
            for indent, line in zip(indents, lines, strict=True)
        ]
    )


def comma(rng: np.random.Generator) -> np.ndarray:
    """Draw a dot with a slanted tail."""
    rows, columns = np.mgrid[:9, :6]
    dot = np.hypot(rows - 2, columns - 3) < rng.uniform(1.2, 2.1)
    tail = (rows > 2) & (abs(columns - 3 + (rows - 2) * rng.uniform(0.1, 0.5)) < rng.uniform(0.6, 1.1))
    return cropped((dot | tail).astype(float))


def mark(height: int, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """Draw a comma, a point or a dash beside digits of a height, and return how far its top is above their foot."""
    kind = rng.integers(3)
    if kind == 0:
        drawn = scaled(comma(rng), height / 20 * rng.uniform(0.7, 1.1))
        return drawn, round(0.12 * height)
    if kind == 1:
        side = max(3, round(rng.uniform(0.12, 0.24) * height))
        rows, columns = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
        return (np.hypot(rows, columns) <= 1).astype(float), side
    rows, columns = (max(2, round(share * height)) for share in (rng.uniform(0.08, 0.16), rng.uniform(0.3, 0.6)))
    return np.ones((rows, columns)), round(rng.uniform(0.4, 0.6) * height)


def cropped(image: np.ndarray) -> np.ndarray:
    """Crop an image to the bounding box of its ink."""
    rows, columns = np.flatnonzero(image.max(axis=1)), np.flatnonzero(image.max(axis=0))
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def scaled(image: np.ndarray, by: float) -> np.ndarray:
    """Resize an image by a factor, with linear interpolation."""
    height, width = (max(1, round(side * by)) for side in image.shape)
    return resampling_matrix(len(image), height) @ image @ resampling_matrix(image.shape[1], width).T


def resampling_matrix(before: int, after: int) -> np.ndarray:
    """Return the weight of each pixel of a row in each pixel of the resized row, ``(after, before)``."""
    reach = max(1.0, before / after)
    centres = (np.arange(after) + 0.5) * before / after - 0.5
    weights = np.maximum(0, 1 - np.abs(np.arange(before) - centres[:, None]) / reach)
    return weights / weights.sum(axis=1, keepdims=True)


def sheared(ink: np.ndarray, slant: float) -> np.ndarray:
    """Move each row sideways by ``slant`` times its height above the lowest row."""
    moves = slant * np.arange(len(ink))[::-1]
    moves -= moves.min()
    out = np.zeros((len(ink), ink.shape[1] + int(moves.max()) + 2))
    columns = np.arange(out.shape[1])
    for row, line, move in zip(out, ink, moves, strict=True):
        row[:] = np.interp(columns - move, np.arange(len(line)), line, left=0, right=0)
    return out


def pictured(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Render ink, 0 to 1, dark on light or light on dark, with random contrast and noise."""
    paper, pen = rng.uniform(0, 0.25), rng.uniform(0.7, 1)
    grey = paper + ink * (pen - paper) + rng.normal(0, rng.uniform(0, NOISE), ink.shape)
    if rng.random() < 0.5:
        grey = 1 - grey
    return np.rint(np.clip(grey, 0, 1) * 255).astype(np.uint8)
