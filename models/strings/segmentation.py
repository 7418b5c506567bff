"""Over-segmentation of a text line: it is cut into slices, and every run of neighbouring slices is a candidate.

A line is scaled to one height, sheared to MNIST's slant, and cut wherever a path from top to bottom crosses little
foreground (``cuts.py``). Which candidates are digits is decided later (``lattice.py``): a broken 5 is a candidate
as a whole and in parts, and two touching digits are candidates together and apart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nndigits.models.arrays.types import Array, Box, Integers
from nndigits.models.images.components import Components
from nndigits.models.images.foreground import dilated
from nndigits.models.images.resampling import rescale
from nndigits.models.strings.cuts import (
    BOX_THRESHOLD,
    cheapest_paths,
    crossed_foreground,
    cut_paths,
    slice_boxes,
    slice_labels,
    sum_per_slice,
    without_empty_slices,
)
from nndigits.models.strings.deslant import estimate_slant, row_shifts, sheared
from nndigits.models.strings.text_lines import typical_height

HEIGHT = 32
"""The height of a digit in rows while a line is cut. A stroke is then about 4 pixels wide."""

MAX_SCALE = 4
"""The largest scale factor: smaller writing has no legible shape."""

MAX_COLUMNS, MAX_PIXELS = 2_000, 400_000
"""The largest size of a scaled line: eighty digits and more."""

MIN_CUT_DISTANCE, MAX_CUT_COST = 3, 20.0
"""Columns between cuts, and the most foreground that one crosses: a cut may run along a stroke that digits share."""

MAX_WIDTH, MAX_SLICES = 1.45, 16
"""The largest width of a candidate, in line heights, or in its own height if it is taller, and its most slices. A large
0 in a line of small digits is wide."""

MAX_ISOLATED_WIDTH, FREE_CUT = 1.7, 1.0
"""The largest width, in the same units, of a candidate whose ends are free, with any number of slices: both cuts cross
less foreground than this. A slanted 2 with a long base is as wide."""


@dataclass(frozen=True)
class TextLine:
    """One text line, scaled to HEIGHT and sheared to a common slant, cut into ``n`` slices.

    Attributes
    ----------
    foreground
        ``(rows, columns)``.
    cuts
        ``(n + 1, rows)``: the first column to the right of each cut, with both ends of the line.
    crossed
        ``(n + 1,)``: the foreground that each cut crosses, in pixels.
    slices
        ``(rows, columns)``: the slice of each pixel.
    spans
        ``(m, 2)``: the first slice of each candidate, and the slice after its last.
    columns
        ``(m, 2)``: the first column of each candidate's foreground, and the column after its last.
    original
        The foreground as it is in the picture, ``(height, width)``, neither scaled nor sheared.
    corner, scale, shear
        The left and top of the line in the picture, its scale factor, and the shear applied to it.
    """

    foreground: Array
    cuts: Integers
    crossed: Array
    slices: Integers
    spans: Integers
    columns: Integers
    original: Array
    corner: tuple[float, float]
    scale: float
    shear: float

    @property
    def row_offsets(self) -> Array:
        """The offset of each row to the right from the shear, ``(rows,)``."""
        return row_shifts(len(self.foreground), self.shear)

    @property
    def count(self) -> int:
        """The number of slices."""
        return len(self.cuts) - 1

    def crop(self, number: int) -> Array:
        """Return the foreground of a candidate, ``(rows, its columns)``."""
        (first, last), (left, right) = self.spans[number], self.columns[number]
        slices = self.slices[:, left:right]
        crop: Array = self.foreground[:, left:right] * ((slices >= first) & (slices < last))
        return crop

    def foreground_per_slice(self, picture: Array) -> Array:
        """Return the foreground in each slice, ``(n,)``, of a picture with the shape of the line's original."""
        transformed = sheared(rescale(picture, self.scale), self.shear)
        return sum_per_slice(self.slices, transformed, self.count)

    def box(self, number: int) -> Box:
        """Return the box of a candidate in the picture."""
        rows, columns = np.nonzero(self.crop(number) > BOX_THRESHOLD)
        across = columns + self.columns[number, 0] - self.row_offsets[rows]
        x, y = self.corner
        left, top = across.min() / self.scale + x, rows.min() / self.scale + y
        right, bottom = (across.max() + 1) / self.scale + x, (rows.max() + 1) / self.scale + y
        return max(0, int(left)), max(0, int(top)), int(np.ceil(right)), int(np.ceil(bottom))


def cut_into_lines(foreground: Array, parts: Components, lines: Sequence[Integers]) -> Iterator[TextLine]:
    """Yield the text lines of a foreground, ``(height, width)`` from 0 to 1, given the components of each."""
    for own in lines:
        left, top = (max(0, int(edge[own].min()) - 1) for edge in (parts.left, parts.top))
        window = np.s_[top : parts.bottom[own].max() + 1, left : parts.right[own].max() + 1]
        isolated = foreground[window] * dilated(np.isin(parts.labels[window], own + 1))
        yield cut_line(isolated, typical_height((parts.bottom - parts.top)[own]), (left, top))


def cut_line(foreground: Array, height: float, corner: tuple[float, float] = (0, 0)) -> TextLine:
    """Cut the foreground of one line, ``(rows, columns)``, whose digits are typically ``height`` pixels high."""
    limits = MAX_SCALE, MAX_COLUMNS / foreground.shape[1], (MAX_PIXELS / foreground.size) ** 0.5
    scale = min(HEIGHT / height, *limits)
    original, foreground = foreground, rescale(foreground, scale)
    shear = -estimate_slant(foreground)
    foreground = sheared(foreground, shear)
    rows, columns = foreground.shape
    paths, costs = cut_paths(foreground)
    kept = cheapest_paths(costs, MIN_CUT_DISTANCE, MAX_CUT_COST)
    left, right = np.zeros((1, rows), np.intp), np.full((1, rows), columns, np.intp)
    cuts, costs = np.concatenate([left, paths[kept], right]), np.concatenate([[0.0], costs[kept], [0.0]])
    sums = sum_per_slice(slice_labels(cuts, columns), foreground, len(cuts) - 1)
    needed = without_empty_slices(sums, costs)
    cuts = cuts[needed]
    slices = slice_labels(cuts, columns)
    crossed = np.pad(crossed_foreground(foreground, cuts[1:-1]), 1)
    spans, extents = _candidates(foreground, slices, crossed)
    return TextLine(foreground, cuts, crossed, slices, spans, extents, original, corner, scale, shear)


def _candidates(foreground: Array, slices: Integers, crossed: Array) -> tuple[Integers, Integers]:
    """Return the runs of slices no wider than a digit can be: their spans and column ranges, ``(m, 2)`` each."""
    count = len(crossed) - 1
    free = (crossed < FREE_CUT).tolist()
    left, right, top, bottom = (edges.tolist() for edges in slice_boxes(foreground, slices, count))
    widest = MAX_ISOLATED_WIDTH * max(HEIGHT, len(foreground))
    spans, extents = [], []
    for first in range(count):
        start, end, upper, lower = left[first], right[first], top[first], bottom[first]
        for last in range(first, count):
            start, end = min(start, left[last]), max(end, right[last])
            upper, lower = min(upper, top[last]), max(lower, bottom[last])
            width, height = end - start, max(HEIGHT, lower - upper)
            if width > widest and last > first:
                break
            narrow = last - first < MAX_SLICES and width <= MAX_WIDTH * height
            isolated = free[first] and free[last + 1] and width <= MAX_ISOLATED_WIDTH * height
            if width > 0 and (narrow or isolated or last == first):
                spans.append((first, last + 1))
                extents.append((start, end))
    return np.array(spans, int).reshape(-1, 2), np.array(extents, int).reshape(-1, 2)
