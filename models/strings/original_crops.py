"""Crops of a line's candidates as they are in the picture: scaling and shearing a line would blur their edges."""

from collections.abc import Sequence

import numpy as np

from nn.models.arrays.types import Array, Integers
from nn.models.strings.segmentation import TextLine
from nn.models.strings.slices import slice_boxes

SOFT_EDGE = 1
"""Columns on both sides of a candidate that may hold the soft edges of its strokes."""


def original_crops(line: TextLine, numbers: Sequence[int]) -> list[Array]:
    """Return the foreground of some candidates of a line, each ``(height, its columns)``, in pixels of the picture."""
    slices = _original_slices(line)
    lefts, rights, _, _ = slice_boxes(line.original, slices, line.count)
    crops = []
    for first, last in line.spans[list(numbers)].tolist():
        left, right = max(0, lefts[first:last].min() - SOFT_EDGE), rights[first:last].max() + SOFT_EDGE
        own = slices[:, left:right]
        crops.append(line.original[:, left:right] * ((own >= first) & (own < last)))
    return crops


def _original_slices(line: TextLine) -> Integers:
    """Return the slice of each pixel of the picture, ``(height, width)``: that of the pixel nearest to it in the line.

    Row ``r`` of the picture is row ``scale * (r + 0.5) - 0.5`` of the line; columns are also shifted by the shear.
    """
    (height, width), (rows, columns) = line.original.shape, line.foreground.shape
    down = _nearest(line.scale * (np.arange(height) + 0.5) - 0.5, rows)
    across = line.scale * (np.arange(width) + 0.5) - 0.5 + line.row_offsets[down][:, None]
    slices: Integers = line.slices[down[:, None], _nearest(across, columns)]
    return slices


def _nearest(positions: Array, count: int) -> Integers:
    """Return the nearest of ``count`` indices."""
    return np.clip(np.rint(positions), 0, count - 1).astype(np.intp)
