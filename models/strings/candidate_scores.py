"""How good a candidate is as a digit, and as nothing: what the best way through them is added up of."""

from dataclasses import dataclass

import numpy as np

from nn.models.arrays.types import Array
from nn.models.network.calibration import temperature_scaled
from nn.models.strings.lattice import Lattice
from nn.models.strings.segmentation import TextLine
from nn.models.strings.touching_prior import touching_prior


@dataclass(frozen=True)
class ScoreWeights:
    """What counts how much, in nats; found on strips of validation images.

    Attributes
    ----------
    temperature
        How much less sure of a digit to be than the network is: of pieces it claims more than of whole images
        (``network/calibration.py``).
    doubt
        How much of the logarithm of the chance that it is no digit is taken off.
    each
        Given to every digit: where strokes overlap, two are taken for one more often than one for two.
    small, smallest
        How much less likely a digit is for each height of the line that its longer side is shorter than ``smallest``,
        as a logarithm: a comma, enlarged, looks like a 1.
    left_out
        Taken off for what is read as nothing, if it is as large as the line is high; less for what is smaller.
    close
        Whether it counts how close the line's digits stand (``touching_prior.py``).
    """

    temperature: float
    doubt: float
    each: float
    small: float
    smallest: float
    left_out: float
    close: bool


WITH_REJECT_CLASS = ScoreWeights(
    temperature=2.0, doubt=0.5, each=0.25, small=150.0, smallest=0.55, left_out=4.0, close=True
)
"""For networks that know what is no digit."""

WITHOUT_REJECT_CLASS = ScoreWeights(
    temperature=1.0, doubt=0.0, each=0.0, small=150.0, smallest=0.55, left_out=8.0, close=False
)
"""For the others, to whom a half and a pair are digits, too: their first way does not tell how close digits stand."""

LEAST = 1e-6
"""A probability that is less counts as this."""


def candidate_scores(line: TextLine, probabilities: Array, digit: Array, weighing: ScoreWeights) -> tuple[Array, Array]:
    """What each candidate of a line adds as a digit and as nothing, ``(m,)`` each.

    ``probabilities``, ``(m, classes)``, are those of each digit if it is one; ``digit``, ``(m,)``, how
    probable that is.
    """
    as_digit, as_nothing = _by_themselves(line.sizes(), probabilities, digit, weighing)
    if weighing.close:
        begins = line.spans[:, 0]
        first = Lattice(line.spans, as_digit, as_nothing, line.count).digits()
        as_digit += touching_prior(line.costs, begins[first[1:]])[begins]
    return as_digit, as_nothing


def _by_themselves(sizes: Array, probabilities: Array, digit: Array, weighing: ScoreWeights) -> tuple[Array, Array]:
    """The same, wherever the digits stand."""
    digit = digit * np.exp(-weighing.small * np.maximum(weighing.smallest - sizes, 0))
    certain = temperature_scaled(probabilities, weighing.temperature).max(axis=1, initial=0)
    sure = np.log(np.maximum(certain * digit, LEAST))
    nothing = np.log(np.maximum(1 - digit, LEAST))
    as_digit = sure - weighing.doubt * nothing + weighing.each
    return as_digit, nothing - weighing.left_out * np.minimum(sizes, 1)
