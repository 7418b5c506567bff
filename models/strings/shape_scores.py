"""Scores of each candidate for networks that were trained on digits alone. The lattice maximises their sum.

Such a network reads half a digit, or two at once, as a digit, often with confidence. So its probabilities alone do not
decide where to cut. The score of a candidate also depends on its shape: the strokes that its ends cut, the paper inside
it, its size, and its width for this digit. Scores are sums of weighted features, in nats.

The probability of a path through a line is proportional to the exponential of its score: a semi-Markov conditional
random field (Sarawagi and Cohen 2004). The weights maximise the probability of the true paths of strips composed of
training images, for several networks at once (``benchmarks/fit_shape_scores.py``).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.types import Array
from nndigits.models.network.calibration import temperature_scaled
from nndigits.models.strings.cuts import BOX_THRESHOLD, slice_boxes
from nndigits.models.strings.segmentation import FREE_CUT, HEIGHT, TextLine
from nndigits.models.strings.touching_prior import STROKE, with_touching_rate

TEMPERATURE = 3.0
"""Temperature scaling of the class probabilities: networks are overconfident on halves and pairs of digits."""

MIN_PROBABILITY = 1e-12
"""Probabilities are at least this before the logarithm."""

MIN_GAP = 0.05
"""A candidate with a wider gap between two of its parts is broken, in line heights."""

TINY, SMALL, LARGE = 0.5, 0.75, 1.2
"""Candidates of a size between the last two, in line heights, are not penalised. What stands apart and is smaller than
the first is a mark."""

LOG_ASPECT_MEANS = (-0.13, -0.90, -0.12, -0.25, -0.24, -0.09, -0.35, -0.29, -0.28, -0.42)
LOG_ASPECT_DEVIATIONS = (0.22, 0.43, 0.23, 0.25, 0.24, 0.29, 0.23, 0.25, 0.24, 0.22)
"""The mean and the standard deviation of ln(width / height) of the digits 0 to 9 on strips of training images."""

MAX_DEVIATIONS = 5.0
"""A candidate's aspect ratio counts as at most this many standard deviations from the mean."""

DIGIT_WEIGHTS = (5.55, 2.41, -1.78, -0.60, -2.53, 0.52, -9.31, -60.0, 1.49, -1.77, 0.84)
"""The weights of ``digit_features``, in their order."""

NON_DIGIT_WEIGHTS = (-3.08, -2.95)
"""The weights of ``non_digit_features``, in their order."""


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


def shape_scores(line: TextLine, probabilities: Array) -> tuple[Array, Array]:
    """Return the score of each candidate of a line as a digit and as a non-digit, ``(m,)`` each.

    ``probabilities``, ``(m, classes)``, are those of the network.
    """
    shapes = candidate_shapes(line)
    digit_scores = digit_features(shapes, probabilities) @ DIGIT_WEIGHTS
    non_digit_scores = non_digit_features(shapes) @ NON_DIGIT_WEIGHTS
    return with_touching_rate(line, digit_scores, non_digit_scores), non_digit_scores


def digit_features(shapes: CandidateShapes, probabilities: Array) -> Array:
    """Return the features of the candidates as digits, ``(m, 11)``.

    They are: 1; the logarithm of the largest probability; the strokes cut at both ends, up to one each, and beyond one;
    whether a gap parts the candidate; the log-density of the aspect ratio of this digit; how much the candidate is too
    small, how much so if it stands apart, and how much too large; whether it is the whole line; and whether it stands
    apart, in one piece.
    """
    top_class = temperature_scaled(probabilities, TEMPERATURE).max(axis=1, initial=MIN_PROBABILITY)
    strokes = shapes.crossed / STROKE
    return np.stack(
        [
            np.ones(len(probabilities)),
            np.log(top_class),
            np.minimum(strokes, 1).sum(axis=0),
            np.maximum(strokes - 1, 0).sum(axis=0),
            shapes.gaps > MIN_GAP,
            _log_aspect_density(shapes, probabilities),
            np.maximum(SMALL - shapes.sizes, 0),
            np.where(stands_apart(shapes), np.maximum(TINY - shapes.sizes, 0), 0),
            np.maximum(shapes.sizes - LARGE, 0),
            shapes.is_line,
            stands_apart(shapes),
        ],
        axis=1,
    )


def stands_apart(shapes: CandidateShapes) -> npt.NDArray[np.bool_]:
    """Return whether each candidate is one piece of foreground with background on both sides, ``(m,)``."""
    apart: npt.NDArray[np.bool_] = (shapes.crossed.max(axis=0) < FREE_CUT) & (shapes.gaps <= MIN_GAP)
    return apart


def non_digit_features(shapes: CandidateShapes) -> Array:
    """Return the features of the candidates as non-digits, ``(m, 2)``: 1, and the size up to the line's height."""
    return np.stack([np.ones(len(shapes.sizes)), np.minimum(shapes.sizes, 1)], axis=1)


def _log_aspect_density(shapes: CandidateShapes, probabilities: Array) -> Array:
    """Return the log-density of each aspect ratio among those of the most probable digit, ``(m,)``.

    It is 0 for classes that are not the ten digits: their shapes are unknown.
    """
    if probabilities.shape[1] != len(LOG_ASPECT_MEANS):
        return np.zeros(len(probabilities))
    digit = probabilities.argmax(axis=1)
    means, deviations = np.array(LOG_ASPECT_MEANS)[digit], np.array(LOG_ASPECT_DEVIATIONS)[digit]
    away = np.minimum(np.abs(np.log(shapes.widths / shapes.heights) - means) / deviations, MAX_DEVIATIONS)
    density: Array = -away * away / 2 - np.log(deviations)
    return density
