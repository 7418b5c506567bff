"""Scores of each candidate for networks that were trained on digits alone. The lattice maximises their sum.

Such a network reads half a digit, or two at once, as a digit, often with confidence. So its probabilities alone do not
decide where to cut. The score of a candidate also depends on its shape: the strokes that its ends cut, its size, and
its width for this digit. Scores are sums of weighted features, in nats.

The probability of a path through a line is proportional to the exponential of its score: a semi-Markov conditional
random field (Sarawagi and Cohen 2004). The weights maximise the probability of the true paths of strips composed of
training images, for several networks at once (``benchmarks/fit_shape_scores.py``).
"""

from dataclasses import dataclass

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.network.calibration import temperature_scaled
from nndigits.models.strings.cuts import slice_boxes
from nndigits.models.strings.segmentation import FREE_CUT, HEIGHT, TextLine
from nndigits.models.strings.touching_prior import STROKE, with_touching_rate

TEMPERATURE = 3.0
"""Temperature scaling of the class probabilities: networks are overconfident on halves and pairs of digits."""

MIN_PROBABILITY = 1e-12
"""Probabilities are at least this before the logarithm."""

TINY, SMALL = 0.5, 0.75
"""A smaller candidate is less probably a digit, in line heights. What stands apart and is smaller than the first is a
mark."""

LOG_ASPECT_MEANS = (-0.13, -0.90, -0.12, -0.25, -0.24, -0.09, -0.35, -0.29, -0.28, -0.42)
LOG_ASPECT_DEVIATIONS = (0.22, 0.43, 0.23, 0.25, 0.24, 0.29, 0.23, 0.25, 0.24, 0.22)
"""The mean and the standard deviation of ln(width / height) of the digits 0 to 9 on strips of training images."""

MAX_DEVIATIONS = 5.0
"""A candidate's aspect ratio counts as at most this many standard deviations from the mean."""

DIGIT_WEIGHTS = (5.55, 2.41, -1.78, -0.60, 0.52, -9.31, -60.0)
"""The weights of ``digit_features``, in their order."""

NON_DIGIT_SCORE = -6.03
"""The score of a candidate as a non-digit."""


@dataclass(frozen=True)
class CandidateShapes:
    """Measurements of the ``m`` candidates of a line, in units of the line's height.

    Attributes
    ----------
    widths, heights
        The sides of each bounding box, ``(m,)``.
    crossed
        The foreground that the cuts at its left and right end cross, ``(2, m)``, in pixels.
    """

    widths: Array
    heights: Array
    crossed: Array

    @property
    def sizes(self) -> Array:
        """The longer side of each candidate, ``(m,)``."""
        longer: Array = np.maximum(self.widths, self.heights)
        return longer


def candidate_shapes(line: TextLine) -> CandidateShapes:
    """Measure the candidates of a line."""
    _, _, top, bottom = slice_boxes(line.foreground, line.slices, line.count)
    heights = [bottom[first:last].max() - top[first:last].min() for first, last in line.spans.tolist()]
    return CandidateShapes(
        widths=(line.columns[:, 1] - line.columns[:, 0]) / HEIGHT,
        heights=np.array(heights) / HEIGHT,
        crossed=line.crossed[line.spans].T,
    )


def shape_scores(line: TextLine, probabilities: Array) -> tuple[Array, Array]:
    """Return the score of each candidate of a line as a digit and as a non-digit, ``(m,)`` each.

    ``probabilities``, ``(m, classes)``, are those of the network.
    """
    shapes = candidate_shapes(line)
    digit_scores = digit_features(shapes, probabilities) @ DIGIT_WEIGHTS
    non_digit_scores = np.full(len(digit_scores), NON_DIGIT_SCORE)
    return with_touching_rate(line, digit_scores, non_digit_scores), non_digit_scores


def digit_features(shapes: CandidateShapes, probabilities: Array) -> Array:
    """Return the features of the candidates as digits, ``(m, 7)``.

    They are: 1; the logarithm of the largest probability; the strokes cut at both ends, up to one each, and beyond one;
    the log-density of the aspect ratio of this digit; how much the candidate is too small, and how much so if no stroke
    is cut at its ends.
    """
    top_class = temperature_scaled(probabilities, TEMPERATURE).max(axis=1, initial=MIN_PROBABILITY)
    strokes = shapes.crossed / STROKE
    return np.stack(
        [
            np.ones(len(probabilities)),
            np.log(top_class),
            np.minimum(strokes, 1).sum(axis=0),
            np.maximum(strokes - 1, 0).sum(axis=0),
            _log_aspect_density(shapes, probabilities),
            np.maximum(SMALL - shapes.sizes, 0),
            np.where(shapes.crossed.max(axis=0) < FREE_CUT, np.maximum(TINY - shapes.sizes, 0), 0),
        ],
        axis=1,
    )


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
