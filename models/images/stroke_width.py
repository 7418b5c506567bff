"""How thick a stroke is, and a stroke made as thick as MNIST's.

A pen's line is a hundredth of a large digit; scaled down to 20 pixels it is a fifth of a pixel, a grey veil that no
network has seen. So it is made thicker while the digit is still large, and a broad marker's line thinner.
"""

import numpy as np

from nn.models.arrays.types import Array
from nn.models.images.resampling import fit

USUAL = (0.09, 0.19)
"""What strokes of MNIST are thick, as shares of the digit's longer side: what lies between is left as it is."""

FINE = 64
"""Pixels on the longer side while strokes are changed: three times what is left in the end."""


def normalize_stroke_width(digit: Array) -> Array:
    """A digit's ink, ``(h, w)``, its strokes as thick as MNIST's, for its size; the size may have changed."""
    fine = fit(digit, FINE, FINE)
    side, now = max(fine.shape), stroke_width(fine)
    wanted = float(np.clip(now / side, *USUAL)) * side
    if wanted == now:
        return digit
    # The digit grows or shrinks with its strokes, and these are to be as thick as fits what it will be then.
    wanted *= (side - now) / (side - wanted)
    return dilate(fine, (wanted - now) / 2) if wanted > now else erode(fine, (now - wanted) / 2)


def stroke_width(ink: Array) -> float:
    """The mean thickness of the strokes, in pixels: twice their area over the length of their outline."""
    padded = np.pad(ink, 1)
    across, down = np.diff(padded, axis=1)[:-1], np.diff(padded, axis=0)[:, :-1]
    return 2 * float(ink.sum()) / max(float(np.hypot(across, down).sum()), 1e-9)


def dilate(ink: Array, by: float) -> Array:
    """Ink grown by so many pixels, or a part of one, all around: ``(h, w)`` becomes wider and higher by that."""
    reach = int(np.ceil(by))
    wide = np.pad(ink, reach)
    grown = wide.copy()
    height, width = wide.shape
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            share = min(1.0, by + 1 - float(np.hypot(down, right)))
            if share > 0:
                here = grown[max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)]
                there = wide[max(0, -down) : height + min(0, -down), max(0, -right) : width + min(0, -right)]
                np.maximum(here, np.float32(share) * there, out=here)
    return grown


def erode(ink: Array, by: float) -> Array:
    """Ink worn off by so many pixels, all around: the paper grows."""
    reach = int(np.ceil(by))
    paper = dilate(1 - np.pad(ink, reach), by)
    return 1 - paper[2 * reach : -2 * reach, 2 * reach : -2 * reach]
