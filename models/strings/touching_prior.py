"""A prior for touching digits: the score of a cut through a stroke depends on the other cuts of its line.

Where digits overlap, nearly every cut between two digits crosses a stroke. Where they stand apart, no cut does, and one
that does splits a digit. The share of such cuts in a first reading of the line estimates the probability of another.
"""

import numpy as np

from nn.models.arrays.types import Array, Integers

STROKE_COST = 4.0
"""The foreground that a cut through a whole stroke crosses. A smaller cost counts as a fraction of a stroke."""


def touching_prior(costs: Array, between: Integers) -> Array:
    """Return what each cut adds to the score of a digit that begins at it, ``(n + 1,)``, in nats.

    If k of n other cuts between digits cross a stroke, the odds that this one does are (k + 1) to (n - k + 1):
    Laplace's rule of succession.

    Parameters
    ----------
    costs
        The foreground that each cut crosses, ``(n + 1,)``.
    between
        The cuts between the digits of a first reading.
    """
    crossed = np.minimum(costs / STROKE_COST, 1)
    others, touching = np.full(len(costs), float(len(between))), np.full(len(costs), crossed[between].sum())
    others[between] -= 1
    touching[between] -= crossed[between]
    prior: Array = crossed * np.log((touching + 1) / (others - touching + 1))
    return prior
