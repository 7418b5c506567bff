"""Where there is ink on a picture, and how much: 1 where a pen went, 0 on paper, between at the edges of a stroke.

A network that learned from MNIST knows white strokes on black and nothing else. A photograph is dark on light, or the
other way round, unevenly lit, grained, ruled and specked. Each function here takes one of these away.
"""

import numpy as np

from nn.models.arrays.types import Array, Bytes
from nn.models.images.background import foreground_density, quantile
from nn.models.images.components import Mask, components
from nn.models.images.ruled_lines import remove_ruled_lines

LEAST = 0.1
"""The least share of the paper's light that anything must take to be ink."""

ABOVE_GRAIN = 5
"""How many times the paper's grain ink must stand out."""

CLEAR, SMOOTHINGS = 10, 3
"""Ink that stands out less than this many times is smoothed, at most so often: a picture taken in the dark."""

STEPS = 128
"""Densities that are told apart where paper and ink are parted."""

WEAK, STRONG = 0.2, 0.55
"""A stroke is what is darker than WEAK of full ink, and somewhere darker than STRONG of it."""

SPECK = 0.15
"""Specks are smaller than this share of the height of the tallest thing on the paper."""


def foreground(grey: Bytes) -> Array:
    """How much ink each pixel has, ``(height, width)`` float32 from 0 to 1, for a picture of grey bytes.

    Whether ink or paper is darker does not matter. Where there is no ink, all is 0.
    """
    found = foreground_density(grey.astype(np.float32) / 255)
    grain = noise_level(found)
    full = stroke_density(found, grain)
    for _ in range(SMOOTHINGS):
        if full > CLEAR * grain:
            break
        found = _smoothed(found)
        grain = noise_level(found)
        full = stroke_density(found, grain)
    if full == 0:
        return np.zeros(grey.shape, np.float32)
    least = min(0.5, max(1 / 255, 2 * grain / full))
    found = np.clip((found / full - least) / (1 - least), 0, 1)
    strokes: Array = found * _wider(remove_specks(remove_ruled_lines(found > WEAK), found))
    return strokes


def noise_level(found: Array) -> float:
    """How far the paper's density usually is from 0: its standard deviation, told from what is lighter than usual."""
    lighter = found[found < 0]
    return -1.48 * quantile(lighter, 0.5) if lighter.size else 0.0


def stroke_density(found: Array, grain: float) -> float:
    """The density of a stroke's middle, or 0 where nothing stands out of the paper's grain.

    Paper and ink are parted where their two groups of densities are each most alike (Otsu 1979, "A threshold selection
    method from gray-level histograms").
    """
    least = max(LEAST, ABOVE_GRAIN * grain)
    positive = found[found > 0]
    counts = np.bincount((np.minimum(positive, 1 - 1 / STEPS) * STEPS).astype(np.intp), minlength=STEPS)
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * (np.arange(STEPS) + 0.5))
    apart = (sums[-1] * below / max(below[-1], 1) - sums) ** 2 / np.maximum(below * above, 1)
    strokes = positive[positive > max((apart.argmax() + 1) / STEPS, least / 2)]
    full = quantile(strokes, 0.75) if strokes.size else 0.0
    return full if full > least else 0.0


def remove_specks(mask: Mask, found: Array) -> Mask:
    """Only what is ink somewhere, not faint throughout, and not tiny beside the tallest thing on the paper."""
    parts = components(mask)
    strong = np.zeros(len(parts) + 1, bool)
    strong[parts.labels[found > STRONG]] = True
    height, width = parts.bottom - parts.top, parts.right - parts.left
    tallest = np.where(strong[1:], height, 0).max(initial=0)  # what is widest may be a row of digits that touch
    return parts.kept(strong[1:] & (np.maximum(height, width) >= max(2, SPECK * tallest)))


def _smoothed(found: Array) -> Array:
    """Each pixel mixed with its neighbours, 1 : 2 : 1 each way."""
    for axis in (0, 1):
        padded = np.pad(found, [(1, 1) if axis == each else (0, 0) for each in (0, 1)], mode="edge").swapaxes(0, axis)
        found = (0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:]).swapaxes(0, axis)
    return found


def _wider(mask: Mask) -> Mask:
    """A pixel more on each side: the soft edge of a stroke belongs to it."""
    wide = mask.copy()
    wide[1:] |= mask[:-1]
    wide[:-1] |= mask[1:]
    tall = wide.copy()
    wide[:, 1:] |= tall[:, :-1]
    wide[:, :-1] |= tall[:, 1:]
    return wide
