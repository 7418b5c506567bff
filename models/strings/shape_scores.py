"""Scores of each candidate for networks that were trained on digits alone. The lattice maximises their sum.

Such a network reads half a digit, or two at once, as a digit, often with confidence. So its probabilities alone do not
decide where to cut. The score of a candidate also depends on its shape: the strokes that its ends cut, the paper inside
it, its size, and its width for this digit. Scores are sums of weighted features, in nats.

The probability of a path through a line is proportional to the exponential of its score: a semi-Markov conditional
random field (Sarawagi and Cohen 2004). The weights maximise the probability of the true paths of strips composed of
training images, for several networks at once (``benchmarks/fit_shape_scores.py``).
"""

import numpy as np

from nn.models.arrays.types import Array
from nn.models.network.calibration import temperature_scaled
from nn.models.strings.candidate_shapes import CandidateShapes, candidate_shapes
from nn.models.strings.segmentation import TextLine
from nn.models.strings.touching_prior import STROKE, with_touching_rate

TEMPERATURE = 3.0
"""Temperature scaling of the class probabilities: networks are overconfident on halves and pairs of digits."""

MIN_PROBABILITY = 1e-12
"""Probabilities are at least this before the logarithm."""

MIN_GAP = 0.05
"""A candidate with a wider gap between two of its parts is broken, in line heights."""

SMALL, LARGE = 0.75, 1.2
"""Candidates of a size between these, in line heights, are not penalised."""

LOG_ASPECT_MEANS = (-0.11, -0.87, -0.08, -0.24, -0.27, -0.07, -0.34, -0.27, -0.28, -0.40)
LOG_ASPECT_DEVIATIONS = (0.21, 0.42, 0.22, 0.21, 0.21, 0.27, 0.22, 0.22, 0.23, 0.21)
"""The mean and the standard deviation of ln(width / height) of the digits 0 to 9 on strips of training images."""

MAX_DEVIATIONS = 5.0
"""A candidate's aspect ratio counts as at most this many standard deviations from the mean."""

DIGIT_WEIGHTS = (7.10, 2.64, -3.00, -1.77, -1.65, 0.46, -10.13, -2.47, 0.53)
"""The weights of ``digit_features``, in their order. That of cut strokes, fitted as -4.05 without the touching rate
(``touching_prior.py``), was chosen with it on validation strips."""

NON_DIGIT_WEIGHTS = (-5.10, -2.07)
"""The weights of ``non_digit_features``, in their order."""


def shape_scores(line: TextLine, probabilities: Array) -> tuple[Array, Array]:
    """Return the score of each candidate of a line as a digit and as a non-digit, ``(m,)`` each.

    ``probabilities``, ``(m, classes)``, are those of the network.
    """
    shapes = candidate_shapes(line)
    digit_scores = digit_features(shapes, probabilities) @ DIGIT_WEIGHTS
    non_digit_scores = non_digit_features(shapes) @ NON_DIGIT_WEIGHTS
    return with_touching_rate(line, digit_scores, non_digit_scores), non_digit_scores


def digit_features(shapes: CandidateShapes, probabilities: Array) -> Array:
    """Return the features of the candidates as digits, ``(m, 9)``.

    They are: 1; the logarithm of the largest probability; the strokes cut at both ends, up to one each, and beyond one;
    whether a gap parts the candidate; the log-density of the aspect ratio of this digit; how much the candidate is too
    small and too large; and whether it is the whole line.
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
            np.maximum(shapes.sizes - LARGE, 0),
            shapes.is_line,
        ],
        axis=1,
    )


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
