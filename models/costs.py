"""How far the outputs are from what was wanted, and which way to move them, side by side."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nn.models.arrays import Array


class Cost(NamedTuple):
    """A cost summed over the samples of a batch, and its derivative by the outputs.

    ``value(a, y)`` takes outputs and targets, both ``(m, outputs)``, and gives one number.
    ``derivative(a, y, out)`` writes dC/da, ``(m, outputs)``, into ``out`` and returns it.
    """

    name: str
    value: Callable[[Array, Array], float]
    derivative: Callable[[Array, Array, Array], Array]

    def __repr__(self) -> str:
        return self.name


def quadratic(a: Array, y: Array) -> float:
    """|a - y|² / 2 for each sample, summed (chapter 1, equation 6, without its 1/n)."""
    difference = a - y
    return 0.5 * float(np.vdot(difference, difference))


def quadratic_derivative(a: Array, y: Array, out: Array) -> Array:
    """Return a - y."""
    return np.subtract(a, y, out=out)


QUADRATIC = Cost("quadratic", quadratic, quadratic_derivative)

COSTS = {cost.name: cost for cost in (QUADRATIC,)}
