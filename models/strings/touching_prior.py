"""A prior for touching digits: the score of a cut through a stroke depends on the other cuts of its line.

Where digits overlap, nearly every cut between two digits crosses a stroke. Where they stand apart, no cut does, and one
that does splits a digit. The share of such cuts in a first reading of the line estimates the probability of another.
"""

import numpy as np

from nndigits.models.arrays.types import Array, Integers
from nndigits.models.strings.lattice import Lattice
from nndigits.models.strings.segmentation import TextLine

STROKE = 4.0
"""The foreground that a cut through a whole stroke crosses, in pixels. Less counts as a fraction of a stroke."""


TOUCHING_RATES = (0.03, 0.3, 0.7, 0.97)
"""Shares of the cuts between digits that cross a stroke: on lines that stand apart, and on lines that overlap."""


def with_touching_rate(line: TextLine, digit_scores: Array, non_digit_scores: Array) -> Array:
    """Return the digit scores of a line's candidates, ``(m,)``, for the touching rate of the line's best path.

    At a rate q, a digit after a cut through a stroke adds ln q, and one after background adds ln(1 - q). The rate and
    the path maximise the sum of scores together.
    """
    best, best_score = digit_scores, -np.inf
    for rate in TOUCHING_RATES:
        scores = digit_scores + log_touching(line, rate)
        score = Lattice(line.spans, scores, non_digit_scores, line.count).scores.max()
        if score > best_score:
            best, best_score = scores, score
    return best


def log_touching(line: TextLine, rate: float) -> Array:
    """Return what a touching rate adds to the score of each candidate of a line as a digit, ``(m,)``, in nats.

    It depends on the cut before the candidate. The first digit of a line has none.
    """
    starts = line.spans[:, 0]
    strokes = np.minimum(line.crossed / STROKE, 1)[starts]
    after_cut: Array = strokes * np.log(rate) + (1 - strokes) * np.log(1 - rate)
    return np.where(starts > 0, after_cut, 0)


def with_touching_prior(line: TextLine, digit_scores: Array, non_digit_scores: Array) -> Array:
    """Return the digit scores of a line's candidates, ``(m,)``, with the prior from a first reading by these scores."""
    starts = line.spans[:, 0]
    first_reading = Lattice(line.spans, digit_scores, non_digit_scores, line.count).digits()
    prior: Array = touching_prior(line.crossed, starts[first_reading[1:]])
    return digit_scores + prior[starts]


def touching_prior(crossed: Array, between: Integers) -> Array:
    """Return what each cut adds to the score of a digit that begins at it, ``(n + 1,)``, in nats.

    If k of n other cuts between digits cross a stroke, the odds that this one does are (k + 1) to (n - k + 1):
    Laplace's rule of succession.

    Parameters
    ----------
    crossed
        The foreground that each cut crosses, ``(n + 1,)``.
    between
        The cuts between the digits of a first reading.
    """
    strokes = np.minimum(crossed / STROKE, 1)
    others, touching = np.full(len(strokes), float(len(between))), np.full(len(strokes), strokes[between].sum())
    others[between] -= 1
    touching[between] -= strokes[between]
    prior: Array = strokes * np.log((touching + 1) / (others - touching + 1))
    return prior
