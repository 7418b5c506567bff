"""Scores of each candidate for networks with a reject class. The lattice maximises their sum.

Scores are log-probabilities in nats. Skipping a large candidate costs more, and a cut through a stroke depends on how
closely the digits of the line stand (``touching_prior.py``). The constants were tuned on strips of validation images.
"""

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.network.calibration import temperature_scaled
from nndigits.models.strings.segmentation import TextLine
from nndigits.models.strings.shape_scores import candidate_shapes
from nndigits.models.strings.touching_prior import with_touching_prior

TEMPERATURE = 2.0
"""Temperature scaling of the class probabilities (``network/calibration.py``): the network is more overconfident on
candidates than on whole images."""

NON_DIGIT_WEIGHT = 0.5
"""The weight of the non-digit's log-probability that is subtracted from a digit's score."""

SKIP_PENALTY = 4.0
"""Subtracted for a non-digit as large as the line is high; less in proportion for a smaller one."""

READ_TEMPERATURE, READ_ODDS = 0.5, 2.0
"""Temperature scaling of what was read, and the factor on the odds of a digit: among a line's candidates most are no
digits, but few of those on its best path. Fitted on strips of training images. Odds of 4 would fit these a little
better, but with them twice as many letters are read with 90 % and more."""

MIN_PROBABILITY = 1e-6
"""Probabilities are clipped to this before the logarithm."""


def reject_scores(line: TextLine, probabilities: Array, digit: Array) -> tuple[Array, Array]:
    """Return the score of each candidate of a line as a digit and as a non-digit, ``(m,)`` each.

    ``probabilities``, ``(m, classes)``, are those of the classes given that the candidate is a digit. ``digit``,
    ``(m,)``, is the probability that it is one.
    """
    digit_scores, non_digit_scores = scores_without_prior(candidate_shapes(line).sizes, probabilities, digit)
    return with_touching_prior(line, digit_scores, non_digit_scores), non_digit_scores


def scores_without_prior(sizes: Array, probabilities: Array, digit: Array) -> tuple[Array, Array]:
    """Return the scores without the touching prior, for candidates of the given sizes in line heights."""
    top_class = temperature_scaled(probabilities, TEMPERATURE).max(axis=1, initial=0)
    log_digit = np.log(np.maximum(top_class * digit, MIN_PROBABILITY))
    log_non_digit = np.log(np.maximum(1 - digit, MIN_PROBABILITY))
    return log_digit - NON_DIGIT_WEIGHT * log_non_digit, log_non_digit - SKIP_PENALTY * np.minimum(sizes, 1)


def calibrated(probabilities: Array, digit: Array) -> tuple[Array, Array]:
    """Calibrate what was read: the probabilities of the classes, ``(n, classes)``, and of any digit, ``(n,)``."""
    return temperature_scaled(probabilities, READ_TEMPERATURE), READ_ODDS * digit / (1 + (READ_ODDS - 1) * digit)
