"""The shape of each candidate, without its meaning: its size, the paper inside it, and the strokes cut at its ends."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.types import Array
from nndigits.models.strings.segmentation import HEIGHT, TextLine
from nndigits.models.strings.slices import BOX_THRESHOLD, slice_boxes


@dataclass(frozen=True)
class CandidateShapes:
    """Measurements of the ``m`` candidates of a line, in units of the line's height.

    Attributes
    ----------
    widths, heights
        The sides of each bounding box, ``(m,)``.
    gaps
        The widest background between two parts of a candidate, ``(m,)``; 0 if it is in one piece.
    is_line
        Whether the candidate is the whole line, ``(m,)``.
    crossed
        The foreground that the cuts at its left and right end cross, ``(2, m)``, in pixels.
    """

    widths: Array
    heights: Array
    gaps: Array
    is_line: npt.NDArray[np.bool_]
    crossed: Array

    @property
    def sizes(self) -> Array:
        """The longer side of each candidate, ``(m,)``."""
        longer: Array = np.maximum(self.widths, self.heights)
        return longer


def candidate_shapes(line: TextLine) -> CandidateShapes:
    """Measure the candidates of a line."""
    _, _, top, bottom = slice_boxes(line.foreground, line.slices, line.count)
    between = _background_at_cuts(line)
    heights, gaps = [], []
    for first, last in line.spans.tolist():
        heights.append(bottom[first:last].max() - top[first:last].min())
        gaps.append(between[first + 1 : last].max(initial=0))
    return CandidateShapes(
        widths=(line.columns[:, 1] - line.columns[:, 0]) / HEIGHT,
        heights=np.array(heights) / HEIGHT,
        gaps=np.array(gaps) / HEIGHT,
        is_line=line.spans[:, 1] - line.spans[:, 0] == line.count,
        crossed=line.crossed[line.spans].T,
    )


def _background_at_cuts(line: TextLine) -> Array:
    """Return the columns of background around each cut, on the row where they are fewest, ``(n + 1,)``.

    Rows without foreground on both sides do not count.
    """
    height, width = line.foreground.shape
    mask, columns, rows = line.foreground > BOX_THRESHOLD, np.arange(width), np.arange(height)
    before = np.pad(
        np.maximum.accumulate(np.where(mask, columns, -width), axis=1), ((0, 0), (1, 0)), constant_values=-width
    )
    after = np.minimum.accumulate(np.where(mask, columns, 2 * width)[:, ::-1], axis=1)[:, ::-1]
    after = np.pad(after, ((0, 0), (0, 1)), constant_values=2 * width)
    between: Array = (after[rows, line.cuts] - before[rows, line.cuts] - 1).min(axis=1)
    return between
