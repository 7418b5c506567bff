"""A prior for touching digits: the score of a cut through a stroke depends on the other cuts of its line.

Where digits overlap, nearly every cut between two digits crosses a stroke. Where they stand apart, no cut does, and one
that does splits a digit. The share of such cuts in a first reading of the line estimates the probability of another.
"""

import numpy as np

from nn.models.arrays.types import Array, Integers
from nn.models.strings.lattice import Lattice
from nn.models.strings.segmentation import TextLine

STROKE = 4.0
"""The foreground that a cut through a whole stroke crosses, in pixels. Less counts as a fraction of a stroke."""


def with_touching_prior(line: TextLine, digit_scores: Array, non_digit_scores: Array, weight: float = 1) -> Array:
    """Return the digit scores of a line's candidates, ``(m,)``, with the prior from a first reading by these scores."""
    starts = line.spans[:, 0]
    first_reading = Lattice(line.spans, digit_scores, non_digit_scores, line.count).digits()
    prior: Array = touching_prior(line.crossed, starts[first_reading[1:]])
    return digit_scores + weight * prior[starts]


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
