"""How far the outputs are from what was wanted, and which way to move them, side by side."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nn.models.arrays import Array


class Cost(NamedTuple):
    """A cost, summed over the samples of a batch, and its derivative by the outputs.

    ``of(a, y, derivative)`` takes outputs and targets, both ``(m, outputs)``, writes dC/da of the same shape into
    ``derivative``, and returns the cost.
    """

    name: str
    of: Callable[[Array, Array, Array], float]

    def __repr__(self) -> str:
        return self.name


def quadratic(a: Array, y: Array, derivative: Array) -> float:
    """|a - y|² / 2 (chapter 1, equation 6, without its 1/n); its derivative is a - y."""
    np.subtract(a, y, out=derivative)
    return 0.5 * float(np.vdot(derivative, derivative))


QUADRATIC = Cost("quadratic", quadratic)

COSTS = {cost.name: cost for cost in (QUADRATIC,)}
