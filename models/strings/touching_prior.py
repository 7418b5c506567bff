"""How close the digits of a line stand: what a cut through ink is worth there.

Where digits overlap, nearly every cut between two goes through ink; where they stand apart none does, and one that
does goes through a digit. How many do, on a first way through the line, is taken for how likely it is of one more.
"""

import numpy as np

from nn.models.arrays.types import Array, Integers

STROKE = 4.0
"""How much ink a cut through a stroke crosses; one that crosses less goes through a part of a stroke."""


def touching_prior(costs: Array, between: Integers) -> Array:
    """What each cut adds to the score of a digit that begins at it, ``(n + 1,)``, in nats.

    If k of n others between digits go through ink, the odds that one more does are (k + 1) to (n - k + 1): Laplace's
    rule of succession.

    Parameters
    ----------
    costs
        The ink that each cut crosses, ``(n + 1,)``.
    between
        The cuts between the digits of a first way.
    """
    through = np.minimum(costs / STROKE, 1)
    others, inked = np.full(len(costs), float(len(between))), np.full(len(costs), through[between].sum())
    others[between] -= 1
    inked[between] -= through[between]
    added: Array = through * np.log((inked + 1) / (others - inked + 1))
    return added
