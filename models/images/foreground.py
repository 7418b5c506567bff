"""The foreground of a picture: 1 inside a stroke, 0 on the background, values in between at the edges of strokes.

A network trained on MNIST knows only white strokes on black. A photograph may be dark on light or light on dark, and
has uneven light, noise, ruled lines and specks. Each function here removes one of these.
"""

import numpy as np

from nndigits.models.arrays.types import Array, Bytes, Integers
from nndigits.models.images.background import foreground_density, quantile
from nndigits.models.images.components import Mask, components
from nndigits.models.images.ruled_lines import remove_boxes, remove_ruled_lines

MIN_STROKE_DENSITY = 0.1
"""The smallest density of a stroke, as a share of the light of the background."""

MIN_SIGNAL_TO_NOISE = 5
"""The smallest density of a stroke, in standard deviations of the noise."""

CLEAR_SIGNAL_TO_NOISE, MAX_SMOOTHINGS = 10, 3
"""A picture below this signal-to-noise ratio is smoothed, at most this often: a photograph taken in the dark."""

HISTOGRAM_BINS = 128
"""Bins of the density histogram for Otsu's threshold."""

WEAK_THRESHOLD, STRONG_THRESHOLD = 0.2, 0.55
"""A stroke is a component of pixels above the weak threshold with at least one above the strong threshold."""

MIN_COMPONENT_FRACTION = 0.15
"""Components smaller than this share of the height of the tallest one are specks."""

MAX_RUNS = 200_000
"""Horizontal runs of pixels above the weak threshold. A page full of digits has a tenth; more is a texture."""


def foreground(grey: Bytes, smallest: float = MIN_COMPONENT_FRACTION) -> Array:
    """Return the foreground of a grey picture, ``(height, width)`` float32 from 0 to 1.

    Strokes may be darker or lighter than the background. Without strokes, or on a
    texture such as a checkerboard of single pixels, all values are 0. Components below ``smallest``, a share of the
    height of the tallest one, are removed.
    """
    density = foreground_density(grey.astype(np.float32) / 255)
    noise = noise_level(density)
    full = stroke_density(density, noise)
    for _ in range(MAX_SMOOTHINGS):
        if full > CLEAR_SIGNAL_TO_NOISE * noise:
            break
        density = _smoothed(density)
        noise = noise_level(density)
        full = stroke_density(density, noise)
    if full == 0:
        return np.zeros(grey.shape, np.float32)
    floor = min(0.5, max(1 / 255, 2 * noise / full))
    density = np.clip((density / full - floor) / (1 - floor), 0, 1)
    mask = density > WEAK_THRESHOLD
    if np.count_nonzero(mask[:, 1:] & ~mask[:, :-1]) > MAX_RUNS:
        return np.zeros(grey.shape, np.float32)
    mask = remove_specks(remove_ruled_lines(remove_boxes(mask)), density, smallest)
    strokes: Array = density * dilated(mask)
    return strokes


def noise_level(density: Array) -> float:
    """Estimate the standard deviation of the background's density from its negative values."""
    negative = density[density < 0]
    return -1.48 * quantile(negative, 0.5) if negative.size else 0.0


def stroke_density(density: Array, noise: float) -> float:
    """Return the density in the middle of a stroke, or 0 where no stroke exceeds the noise."""
    minimum = max(MIN_STROKE_DENSITY, MIN_SIGNAL_TO_NOISE * noise)
    positive = density[density > 0]
    bins = (np.minimum(positive, 1 - 1 / HISTOGRAM_BINS) * HISTOGRAM_BINS).astype(np.intp)
    counts = np.bincount(bins, minlength=HISTOGRAM_BINS)
    strokes = positive[positive > max(otsu_threshold(counts), minimum / 2)]
    full = quantile(strokes, 0.75) if strokes.size else 0.0
    return full if full > minimum else 0.0


def otsu_threshold(counts: Integers) -> float:
    """Return the threshold, from 0 to 1, that maximises the variance between the two classes of a histogram.

    It separates background and strokes (Otsu 1979, "A threshold selection method from gray-level histograms").
    """
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * (np.arange(len(counts)) + 0.5))
    between_variance = (sums[-1] * below / max(below[-1], 1) - sums) ** 2 / np.maximum(below * above, 1)
    return float(between_variance.argmax() + 1) / len(counts)


def remove_specks(mask: Mask, density: Array, smallest: float = MIN_COMPONENT_FRACTION) -> Mask:
    """Remove the components of a mask that are faint throughout or, compared with the tallest one, too small."""
    parts = components(mask)
    strong = np.zeros(len(parts) + 1, bool)
    strong[parts.labels[density > STRONG_THRESHOLD]] = True
    height, width = parts.bottom - parts.top, parts.right - parts.left
    tallest = np.where(strong[1:], height, 0).max(initial=0)  # the widest may be a row of touching digits
    return parts.select(strong[1:] & (np.maximum(height, width) >= max(2, smallest * tallest)))


def _smoothed(density: Array) -> Array:
    """Smooth with the binomial filter 1 : 2 : 1 along both axes."""
    for axis in (0, 1):
        padding = [(1, 1) if axis == each else (0, 0) for each in (0, 1)]
        padded = np.pad(density, padding, mode="edge").swapaxes(0, axis)
        density = (0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:]).swapaxes(0, axis)
    return density


def dilated(mask: Mask) -> Mask:
    """Dilate a mask by one pixel, so that it covers the soft edges of strokes."""
    wide = mask.copy()
    wide[1:] |= mask[:-1]
    wide[:-1] |= mask[1:]
    tall = wide.copy()
    wide[:, 1:] |= tall[:, :-1]
    wide[:, :-1] |= tall[:, 1:]
    return wide
