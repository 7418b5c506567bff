"""Log-probability scores of each candidate, as a digit and as a non-digit. The lattice maximises their sum."""

from dataclasses import dataclass

import numpy as np

from nn.models.arrays.types import Array
from nn.models.network.calibration import temperature_scaled
from nn.models.strings.lattice import Lattice
from nn.models.strings.segmentation import TextLine
from nn.models.strings.touching_prior import touching_prior


@dataclass(frozen=True)
class ScoreWeights:
    """The weights of the score's terms, in nats, tuned on strips of validation images.

    Attributes
    ----------
    temperature
        Temperature scaling of the class probabilities (``network/calibration.py``): the network is more overconfident
        on candidates than on whole images.
    non_digit_weight
        The weight of the non-digit's log-probability that is subtracted from a digit's score.
    digit_bonus
        Added for every digit. Where strokes overlap, two digits are read as one more often than one as two.
    small_penalty, min_size
        The logarithm of the digit probability falls by ``small_penalty`` for each line height that a candidate's longer
        side is shorter than ``min_size``: an enlarged comma looks like a 1.
    skip_penalty
        Subtracted for a non-digit as large as the line is high; less in proportion for a smaller one.
    use_touching_prior
        Whether the prior for touching digits is added (``touching_prior.py``).
    """

    temperature: float
    non_digit_weight: float
    digit_bonus: float
    small_penalty: float
    min_size: float
    skip_penalty: float
    use_touching_prior: bool


WITH_REJECT_CLASS = ScoreWeights(
    temperature=2.0,
    non_digit_weight=0.5,
    digit_bonus=0.25,
    small_penalty=150.0,
    min_size=0.55,
    skip_penalty=4.0,
    use_touching_prior=True,
)
"""For networks with a reject class."""

WITHOUT_REJECT_CLASS = ScoreWeights(
    temperature=1.0,
    non_digit_weight=0.0,
    digit_bonus=0.0,
    small_penalty=150.0,
    min_size=0.55,
    skip_penalty=8.0,
    use_touching_prior=False,
)
"""For networks without one. They read halves and pairs as digits too, so a first reading is no basis for a prior."""

MIN_PROBABILITY = 1e-6
"""Probabilities are clipped to this before the logarithm."""


def candidate_scores(line: TextLine, probabilities: Array, digit: Array, weights: ScoreWeights) -> tuple[Array, Array]:
    """Return the score of each candidate of a line as a digit and as a non-digit, ``(m,)`` each.

    ``probabilities``, ``(m, classes)``, are those of the classes given that the candidate is a digit. ``digit``,
    ``(m,)``, is the probability that it is one.
    """
    digit_scores, non_digit_scores = _scores_without_prior(line.sizes(), probabilities, digit, weights)
    if weights.use_touching_prior:
        starts = line.spans[:, 0]
        first_reading = Lattice(line.spans, digit_scores, non_digit_scores, line.count).digits()
        digit_scores += touching_prior(line.costs, starts[first_reading[1:]])[starts]
    return digit_scores, non_digit_scores


def _scores_without_prior(
    sizes: Array, probabilities: Array, digit: Array, weights: ScoreWeights
) -> tuple[Array, Array]:
    """Return the scores without the touching prior, for candidates of the given sizes."""
    digit = digit * np.exp(-weights.small_penalty * np.maximum(weights.min_size - sizes, 0))
    top_class = temperature_scaled(probabilities, weights.temperature).max(axis=1, initial=0)
    log_digit = np.log(np.maximum(top_class * digit, MIN_PROBABILITY))
    log_non_digit = np.log(np.maximum(1 - digit, MIN_PROBABILITY))
    digit_scores = log_digit - weights.non_digit_weight * log_non_digit + weights.digit_bonus
    return digit_scores, log_non_digit - weights.skip_penalty * np.minimum(sizes, 1)
