"""Which candidates of a line are its digits and which are none, for a strip of which it is known where each digit lies.

Digits that overlap cannot each have the piece that is most like them, as they share a slice. So the digits are what
is on the way through all slices whose pieces are most like them; a piece that is nearly as good is neither.
"""

from dataclasses import dataclass

import numpy as np

from nn.models.arrays.types import Array, Integers
from nn.models.strings.lattice import Lattice
from nn.models.strings.segmentation import TextLine

WHOLE = 0.4
"""A piece on the best way is its digit if it is so much like it."""

NEARLY = 0.8
"""A piece this part as much like a digit as the one on the way, or more, is nearly as good."""

MOST_OF_IT = 0.5
"""A piece that holds more than this of two digits is none, however much it is like one of them."""

LEFT_OUT = 2.0
"""What the best way pays for leaving out a digit's ink, as the logarithm of a likeness."""


@dataclass(frozen=True)
class GroundTruth:
    """What the candidates of a line are.

    Attributes
    ----------
    digits
        Of each digit that came out of the cuts, by its number, the candidate that is to be read as it.
    nothing
        The candidates that are no digit.
    likeness
        How much each candidate is like the digit that it is most like, from 0 to 1, ``(m,)``.
    """

    digits: dict[int, int]
    nothing: Integers
    likeness: Array


def ground_truth(line: TextLine, alone: Array) -> GroundTruth:
    """Tell the candidates of a line apart; ``alone`` are its digits, ``(digits, height, width)``."""
    ink = line.ink_in(alone.max(axis=0))
    held, like = overlap(line, alone, ink)
    most = like.max(axis=1)
    way = _way(line, most, ink, len(alone))
    digits = {digit: piece for digit, piece in enumerate(way) if like[piece, digit] > WHOLE}
    reached = np.full(len(alone), WHOLE)
    reached[list(digits)] = most[list(digits.values())]
    nothing = (like < NEARLY * reached).all(axis=1) | (np.count_nonzero(held > MOST_OF_IT, axis=1) > 1)
    nothing[list(digits.values())] = False
    return GroundTruth(digits, np.flatnonzero(nothing), most)


def overlap(line: TextLine, alone: Array, ink: Array) -> tuple[Array, Array]:
    """What candidates have in common with digits: the share of the digit that each holds, and how much it is like it.

    ``(m, digits)`` each; ``ink`` is all digits' ink by slice. A piece is like a digit as far as it holds the digit, and
    nothing else.
    """
    own = np.stack([line.ink_in(digit) for digit in alone])
    common = _by_candidate(line, own)
    held = (common / np.maximum(own.sum(axis=1)[:, None], 1e-6)).T
    return held, np.minimum(held, (common / np.maximum(_by_candidate(line, ink), 1e-6)).T)


def _by_candidate(line: TextLine, ink: Array) -> Array:
    """How much ink is in each candidate, ``(..., m)``, for how much is in each slice, ``(..., n)``."""
    sums = np.concatenate([np.zeros((*ink.shape[:-1], 1)), ink.cumsum(axis=-1)], axis=-1)
    first, last = line.spans.T
    found: Array = sums[..., last] - sums[..., first]
    return found


def _way(line: TextLine, likeness: Array, ink: Array, digits: int) -> list[int]:
    """The candidates that are most like the digits and make up the line, one a digit; none where there is no way."""
    digits_of_ink = _by_candidate(line, ink) * digits / np.maximum(ink.sum(), 1e-6)
    lattice = Lattice(line.spans, np.log(np.maximum(likeness, 1e-3)), -LEFT_OUT * digits_of_ink, line.count)
    return lattice.digits(digits) if digits in np.flatnonzero(np.isfinite(lattice.scores)) else []
