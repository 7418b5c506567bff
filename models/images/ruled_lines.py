"""Paper that is ruled or squared: lines that go from edge to edge, and are taken away.

A line is where, along a slope that a sheet can lie at, hardly a pixel is missing from one edge of the picture to the
other. Only what is as thin as the line goes: a stroke that crosses it stays.
"""

import numpy as np

from nn.models.arrays.types import Integers
from nn.models.images.components import Mask

SLOPES = np.linspace(-0.27, 0.27, 55)
"""Up to 15 degrees, so fine that a line of 100 pixels strays by a half."""

WHOLE = 0.8
"""The share of the way from edge to edge that a line covers, gaps and crossing strokes aside."""

EDGE = 0.02
"""A line begins within this share of the picture's side from its edge."""

THIN = 0.03
"""A line's thickness is at most this share of the picture's side, or three pixels."""


def remove_ruled_lines(mask: Mask) -> Mask:
    """The mask, ``(height, width)``, without lines across and down; with them, where nothing else is there."""
    kept = mask & ~_lines(mask) & ~_lines(mask.T).T
    return kept if kept.sum() > 0.02 * mask.sum() else mask


def _lines(mask: Mask) -> Mask:
    """The pixels of thin lines that run from the left edge to the right one."""
    height, width = mask.shape
    lines = np.zeros_like(mask)
    edge = max(1, round(EDGE * width))
    if not (mask[:, :edge].any() and mask[:, -edge:].any()):
        return lines
    thin = mask & (_run_lengths(mask) <= max(3, round(THIN * height)))
    y, x = np.nonzero(thin)
    if len(y) < WHOLE * width:
        return lines
    room = int(np.ceil(abs(SLOPES).max() * width / 2))
    for slope in SLOPES:
        rows = np.rint(y - slope * (x - width / 2)).astype(int) + room
        whole = _whole(rows, x, height + 2 * room, width, edge)
        if whole.any():
            near = whole | np.roll(whole, 1) | np.roll(whole, -1)
            on = near[rows]
            lines[y[on], x[on]] = True
    return lines


def _whole(rows: Integers, x: Integers, height: int, width: int, edge: int) -> Mask:
    """Which slanted rows have ink, in themselves or the one below, nearly everywhere and at both ends."""
    met = np.zeros((height + 1, width), bool)
    met[rows, x] = True
    met[:-1] |= met[1:]
    whole: Mask = (met.sum(axis=1) > WHOLE * width) & met[:, :edge].any(axis=1) & met[:, -edge:].any(axis=1)
    return whole[:-1]


def _run_lengths(mask: Mask) -> Integers:
    """For each pixel of a mask, how many hang together with it straight up and down, ``(height, width)``."""
    lengths = np.zeros(mask.shape, np.int32)
    padded = np.zeros((mask.shape[1], mask.shape[0] + 2), np.int8)
    padded[:, 1:-1] = mask.T
    edges = np.flatnonzero(np.diff(padded.ravel()))
    runs = edges[1::2] - edges[::2]
    lengths.T[mask.T] = np.repeat(runs, runs)
    return lengths
