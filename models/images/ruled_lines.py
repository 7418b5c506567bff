"""Removal of ruled lines: thin lines that run from edge to edge of ruled or squared paper.

A line is a set of pixels along a small slope with hardly a gap between opposite edges of the picture. Only pixels as
thin as the line are removed, so strokes that cross it stay.
"""

import numpy as np

from nn.models.arrays.types import Integers
from nn.models.images.components import Mask

SLOPES = np.linspace(-0.27, 0.27, 55)
"""Up to 15 degrees, in steps that misplace a line of 100 pixels by at most half a pixel."""

MIN_COVERED_FRACTION = 0.8
"""The share of the width of the picture that a line covers, with gaps and crossing strokes left out."""

EDGE_FRACTION = 0.02
"""A line begins within this share of the picture's width from its edge."""

MAX_THICKNESS_FRACTION = 0.03
"""A line is at most this share of the picture's height thick, or three pixels."""

MAX_THIN_PIXELS = 300_000
"""Squared paper has half of this. More is a texture; to look for lines in it would take seconds."""


def remove_ruled_lines(mask: Mask) -> Mask:
    """Return the mask, ``(height, width)``, without horizontal and vertical ruled lines.

    The mask is unchanged if hardly anything else is there.
    """
    kept = mask & ~_ruled_lines(mask) & ~_ruled_lines(mask.T).T
    return kept if kept.sum() > 0.02 * mask.sum() else mask


def _ruled_lines(mask: Mask) -> Mask:
    """Return the pixels of thin lines that run from the left edge to the right one."""
    height, width = mask.shape
    lines = np.zeros_like(mask)
    edge = max(1, round(EDGE_FRACTION * width))
    if not (mask[:, :edge].any() and mask[:, -edge:].any()):
        return lines
    thin = mask & (_run_lengths(mask) <= max(3, round(MAX_THICKNESS_FRACTION * height)))
    if not MIN_COVERED_FRACTION * width <= np.count_nonzero(thin) <= MAX_THIN_PIXELS:
        return lines
    y, x = np.nonzero(thin)
    centred = x - width / 2
    padding = int(np.ceil(abs(SLOPES).max() * width / 2))
    for slope in SLOPES:
        rows = np.rint(y - slope * centred).astype(int) + padding
        complete = _complete_rows(rows, x, height + 2 * padding, width, edge)
        if complete.any():
            near = complete | np.roll(complete, 1) | np.roll(complete, -1)
            on_line = near[rows]
            lines[y[on_line], x[on_line]] = True
    return lines


def _complete_rows(rows: Integers, x: Integers, height: int, width: int, edge: int) -> Mask:
    """Return which slanted rows, together with the row below, are covered nearly everywhere and at both ends."""
    covered = np.zeros((height + 1, width), bool)
    covered[rows, x] = True
    covered[:-1] |= covered[1:]
    long_enough = covered.sum(axis=1) > MIN_COVERED_FRACTION * width
    complete: Mask = long_enough & covered[:, :edge].any(axis=1) & covered[:, -edge:].any(axis=1)
    return complete[:-1]


def _run_lengths(mask: Mask) -> Integers:
    """Return the length of the vertical run of pixels that each pixel belongs to, ``(height, width)``."""
    lengths = np.zeros(mask.shape, np.int32)
    padded = np.zeros((mask.shape[1], mask.shape[0] + 2), np.int8)
    padded[:, 1:-1] = mask.T
    edges = np.flatnonzero(np.diff(padded.ravel()))
    runs = edges[1::2] - edges[::2]
    lengths.T[mask.T] = np.repeat(runs, runs)
    return lengths
