"""How far the outputs are from what was wanted, and which way to move them, side by side.

Two costs are made for one activation of the last layer each. With it, the slope of the activation cancels, and what
is left of dC/dz is a - y: such a cost writes that at once, and a neuron that is badly wrong learns fast (chapter 3).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nn.models.arrays.blas import sum_of_squares
from nn.models.arrays.types import Array


class Cost(NamedTuple):
    """A cost, summed over the samples of a batch, and its derivative.

    ``evaluate(a, y, derivative)`` takes outputs and targets, both ``(m, outputs)``, writes dC/da of the same shape into
    ``derivative``, and returns the cost. A cost with a ``activation``, the name of the last layer's activation, is for
    that alone, and writes dC/dz.
    """

    name: str
    evaluate: Callable[[Array, Array, Array], float]
    activation: str | None = None

    def __repr__(self) -> str:
        return self.name


def quadratic(a: Array, y: Array, derivative: Array) -> float:
    """|a - y|² / 2 (chapter 1, equation 6, without its 1/n); its derivative is a - y."""
    np.subtract(a, y, derivative)
    return 0.5 * sum_of_squares(derivative)


def cross_entropy(a: Array, y: Array, delta: Array) -> float:
    """-sum(y ln a + (1 - y) ln(1 - a)) (chapter 3, equation 63); by the z of a sigmoid, it changes by a - y."""
    np.subtract(a, y, delta)
    a = _off_the_ends(a)
    return -float(np.vdot(y, np.log(a)) + np.vdot(1 - y, np.log1p(-a)))


def log_likelihood(a: Array, y: Array, delta: Array) -> float:
    """-ln of the output for the right digit (chapter 3, equation 80); by the z of a softmax, it changes by a - y."""
    np.subtract(a, y, delta)
    return -float(np.vdot(y, np.log(_off_the_ends(a))))


def _off_the_ends(a: Array) -> Array:
    """Outputs kept far enough from 0 and 1 for a logarithm: rounding alone can take them all the way."""
    epsilon = np.finfo(a.dtype).eps / 2
    kept: Array = np.clip(a, epsilon, 1 - epsilon)
    return kept


QUADRATIC = Cost("quadratic", quadratic)
CROSS_ENTROPY = Cost("cross-entropy", cross_entropy, "sigmoid")
LOG_LIKELIHOOD = Cost("log-likelihood", log_likelihood, "softmax")

COSTS = {cost.name: cost for cost in (QUADRATIC, CROSS_ENTROPY, LOG_LIKELIHOOD)}
