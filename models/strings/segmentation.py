"""A line of digits cut into pieces, more than there can be digits: every run of neighbouring slices is a candidate.

A line is brought to one height and to MNIST's slant, and cut wherever a path from top to bottom crosses little ink
(``cut_paths.py``). Which of the candidates are the digits is not decided here: a broken 5 is a candidate whole, as its
parts are, and two digits that touch are candidates together and apart (``lattice.py`` chooses).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nn.models.arrays.types import Array, Integers
from nn.models.images.resampling import rescale
from nn.models.strings.cut_paths import cheapest_paths, cut_paths
from nn.models.strings.deslant import estimate_slant, row_shifts, sheared
from nn.models.strings.text_lines import group_into_lines, typical_height

HEIGHT = 32
"""Rows that a digit has while it is cut: a stroke has about 4."""

LARGEST_SCALE = 4
"""Nothing is enlarged more: what is smaller has no shape."""

MOST_COLUMNS, MOST_PIXELS = 2_000, 400_000
"""What a line is brought to has no more, however long it is: eighty digits and more."""

APART, DEAREST = 3, 20.0
"""Columns between cuts, and the most ink that one crosses: where two digits share a stroke, it goes along in it."""

EMPTY = 6.0
"""A slice with less ink than a stroke's end is paper: a cut on either side of it is the same cut."""

WIDEST, MOST_SLICES = 1.45, 9
"""The widest candidate, in heights of the line, and the most slices in one."""

FAINT = 0.3
"""How much ink a pixel has that counts for a box."""


@dataclass(frozen=True)
class TextLine:
    """One line of writing, brought to HEIGHT and to a usual slant, cut into ``n`` slices.

    Attributes
    ----------
    ink
        ``(rows, columns)``.
    cuts
        ``(n + 1, rows)``: the first column to the right of each cut, the line's ends included.
    costs
        ``(n + 1,)``: the ink that each cut crosses.
    slices
        ``(rows, columns)``: the slice that each pixel is in.
    spans
        ``(m, 2)``: of each candidate, its first slice and the one behind its last.
    columns
        ``(m, 2)``: where each candidate's ink begins and ends.
    corner, scale, lean
        The line's left and top in the picture, how much it was enlarged, and the slant that it was given.
    """

    ink: Array
    cuts: Integers
    costs: Array
    slices: Integers
    spans: Integers
    columns: Integers
    corner: tuple[float, float]
    scale: float
    lean: float

    @property
    def moved(self) -> Array:
        """How far each row was moved to the right, ``(rows,)``."""
        return row_shifts(len(self.ink), self.lean)

    @property
    def count(self) -> int:
        """How many slices there are."""
        return len(self.cuts) - 1

    def piece(self, number: int) -> Array:
        """The ink of a candidate, ``(rows, its columns)``."""
        (first, last), (left, right) = self.spans[number], self.columns[number]
        slices = self.slices[:, left:right]
        piece: Array = self.ink[:, left:right] * ((slices >= first) & (slices < last))
        return piece

    def sizes(self) -> Array:
        """The longer side of each candidate's ink, as a share of the line's usual height, ``(m,)``."""
        inked = np.zeros((self.count, len(self.ink)), bool)
        rows, columns = np.nonzero(self.ink > FAINT)
        inked[self.slices[rows, columns], rows] = True
        rows_of = [np.flatnonzero(inked[first:last].any(axis=0)) for first, last in self.spans]  # there is ink in each
        heights = [own[-1] + 1 - own[0] for own in rows_of]
        found: Array = np.maximum(heights, self.columns[:, 1] - self.columns[:, 0]) / HEIGHT
        return found

    def ink_in(self, picture: Array) -> Array:
        """How much ink of a picture like the one that the line was cut from is in each slice, ``(n,)``."""
        same = sheared(rescale(picture, self.scale), self.lean)
        return _by_slice(self.slices, same, self.count)

    def box(self, number: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of a candidate in the picture, right and bottom exclusive."""
        rows, columns = np.nonzero(self.piece(number) > FAINT)
        across = columns + self.columns[number, 0] - self.moved[rows]
        x, y = self.corner
        left, top = across.min() / self.scale + x, rows.min() / self.scale + y
        right, bottom = (across.max() + 1) / self.scale + x, (rows.max() + 1) / self.scale + y
        return max(0, int(left)), max(0, int(top)), int(np.ceil(right)), int(np.ceil(bottom))

    def outline(self, cut: int) -> list[tuple[float, float]]:
        """A cut as points, x and y, in the picture."""
        rows = np.arange(len(self.ink))
        x = (self.cuts[cut] - self.moved) / self.scale + self.corner[0]
        return list(zip(x.tolist(), ((rows + 0.5) / self.scale + self.corner[1]).tolist(), strict=True))


def text_lines(ink: Array) -> Iterator[TextLine]:
    """Cut the ink of a picture, ``(height, width)`` from 0 to 1, line after line, from the top down."""
    parts, numbers = group_into_lines(ink)
    for own in numbers:
        others = np.ones(len(parts) + 1, bool)
        others[0] = others[own] = False
        left, top = (max(0, int(begin[own - 1].min()) - 1) for begin in (parts.left, parts.top))
        inside = np.s_[top : parts.bottom[own - 1].max() + 1, left : parts.right[own - 1].max() + 1]
        alone = np.where(others[parts.labels[inside]], 0, ink[inside])
        yield cut_line(alone, typical_height((parts.bottom - parts.top)[own - 1]), (left, top))


def cut_line(ink: Array, usual_height: float, corner: tuple[float, float] = (0, 0)) -> TextLine:
    """Cut one line, ``(height, width)`` of ink, whose digits are usually so many pixels high."""
    scale = min(HEIGHT / usual_height, LARGEST_SCALE, MOST_COLUMNS / ink.shape[1], (MOST_PIXELS / ink.size) ** 0.5)
    ink = rescale(ink, scale)
    lean = -estimate_slant(ink)
    ink = sheared(ink, lean)
    paths, costs = cut_paths(ink)
    kept = cheapest_paths(costs, APART, DEAREST)
    ends = np.zeros((1, len(ink)), np.intp), np.full((1, len(ink)), ink.shape[1], np.intp)
    cuts, costs = np.concatenate([ends[0], paths[kept], ends[1]]), np.concatenate([[0.0], costs[kept], [0.0]])
    needed = _needed(_by_slice(_slices(cuts, ink), ink, len(cuts) - 1), costs)
    cuts, costs = cuts[needed], costs[needed]
    slices = _slices(cuts, ink)
    spans, columns = _candidates(ink, slices, len(cuts) - 1)
    return TextLine(ink, cuts, costs, slices, spans, columns, corner, scale, lean)


def _slices(cuts: Integers, ink: Array) -> Integers:
    """Which slice each pixel is in: how many of the inner cuts are to its left, ``(rows, columns)``."""
    begins = np.zeros((len(ink), ink.shape[1] + 1), np.intp)
    rows = np.arange(len(ink))
    for path in cuts[1:-1]:
        begins[rows, path] += 1
    found: Integers = begins.cumsum(axis=1)[:, :-1]
    return found


def _by_slice(slices: Integers, ink: Array, count: int) -> Array:
    """How much ink is in each slice, ``(count,)``."""
    sums: Array = np.bincount(slices.ravel(), ink.ravel(), count).astype(float)
    return sums


def _needed(ink: Array, costs: Array) -> list[int]:
    """Which cuts to keep so that no slice is empty: of two around an empty one, the cheaper; ``ink`` is by slice."""
    keep = [0]
    for number in range(1, len(ink)):
        if ink[number - 1] > EMPTY:
            keep.append(number)
        elif len(keep) > 1 and costs[number] < costs[keep[-1]]:
            keep[-1] = number
    if len(keep) > 1 and ink[-1] <= EMPTY:
        keep.pop()
    return [*keep, len(ink)]


def _candidates(ink: Array, slices: Integers, count: int) -> tuple[Integers, Integers]:
    """Runs of neighbouring slices that are no wider than a digit can be: their spans and columns, ``(m, 2)`` each."""
    rows, columns = np.nonzero(ink > FAINT)
    left, right = np.full(count, ink.shape[1]), np.zeros(count, int)
    np.minimum.at(left, slices[rows, columns], columns)
    np.maximum.at(right, slices[rows, columns], columns + 1)
    spans, places = [], []
    for first in range(count):
        for last in range(first + 1, min(count, first + MOST_SLICES) + 1):
            begin, end = int(left[first:last].min()), int(right[first:last].max())
            if end - begin > WIDEST * HEIGHT and last > first + 1:
                break
            if end > begin:
                spans.append((first, last))
                places.append((begin, end))
    return np.array(spans, int).reshape(-1, 2), np.array(places, int).reshape(-1, 2)
