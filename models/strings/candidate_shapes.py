"""The shape of each candidate, without its meaning: its size, the paper inside it, and the strokes cut at its ends."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nn.models.arrays.types import Array
from nn.models.strings.segmentation import BOX_THRESHOLD, HEIGHT, TextLine

MIN_GAP = 0.5
"""Two parts of a candidate are apart if at least this many columns of background are between them."""


@dataclass(frozen=True)
class CandidateShapes:
    """Measurements of the ``m`` candidates of a line, in units of the line's height.

    Attributes
    ----------
    widths, heights
        The sides of each bounding box, ``(m,)``.
    has_gap
        Whether columns of background part the candidate in two, ``(m,)``.
    is_line
        Whether the candidate is the whole line, ``(m,)``.
    crossed
        The foreground that the cuts at its left and right end cross, ``(2, m)``, in pixels.
    """

    widths: Array
    heights: Array
    has_gap: npt.NDArray[np.bool_]
    is_line: npt.NDArray[np.bool_]
    crossed: Array

    @property
    def sizes(self) -> Array:
        """The longer side of each candidate, ``(m,)``."""
        longer: Array = np.maximum(self.widths, self.heights)
        return longer


def candidate_shapes(line: TextLine) -> CandidateShapes:
    """Measure the candidates of a line."""
    rows, columns = np.nonzero(line.foreground > BOX_THRESHOLD)
    slices = line.slices[rows, columns]
    far = max(line.foreground.shape)
    top, left = np.full(line.count, far), np.full(line.count, far)
    bottom, right = np.zeros(line.count, int), np.zeros(line.count, int)
    for edge, extreme, values in (
        (top, np.minimum, rows),
        (left, np.minimum, columns),
        (bottom, np.maximum, rows + 1),
        (right, np.maximum, columns + 1),
    ):
        extreme.at(edge, slices, values)
    heights, has_gap = [], []
    for first, last in line.spans.tolist():
        heights.append(bottom[first:last].max() - top[first:last].min())
        ends = np.maximum.accumulate(right[first : last - 1])
        starts = np.minimum.accumulate(left[first + 1 : last][::-1])[::-1]
        has_gap.append(bool((starts - ends).max(initial=0) > MIN_GAP))
    widths = (line.columns[:, 1] - line.columns[:, 0]) / HEIGHT
    is_line = line.spans[:, 1] - line.spans[:, 0] == line.count
    return CandidateShapes(
        widths, np.array(heights) / HEIGHT, np.array(has_gap, bool), is_line, line.crossed[line.spans].T
    )
