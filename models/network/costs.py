"""Cost functions and their derivatives.

Two of them are made for one activation of the last layer. Its derivative cancels in dC/dz, which leaves a - y. So the
cost writes a - y directly, and a neuron whose output is badly wrong learns fast (chapter 3).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nndigits.models.arrays.blas import sum_of_squares
from nndigits.models.arrays.types import Array


class Cost(NamedTuple):
    """A cost, summed over the samples of a batch, and its derivative.

    ``evaluate(a, y, derivative)`` takes outputs and targets, both ``(m, outputs)``, writes dC/da of the same shape into
    ``derivative``, and returns the cost. A cost with an ``activation`` requires that activation, given by name, in the
    last layer, and writes dC/dz instead.
    """

    name: str
    evaluate: Callable[[Array, Array, Array], float]
    activation: str | None = None

    def __repr__(self) -> str:
        return self.name


def quadratic(a: Array, y: Array, derivative: Array) -> float:
    """|a - y|² / 2 (chapter 1, equation 6, without its 1/n); the derivative is a - y."""
    np.subtract(a, y, derivative)
    return 0.5 * sum_of_squares(derivative)


def cross_entropy(a: Array, y: Array, delta: Array) -> float:
    """-sum(y ln a + (1 - y) ln(1 - a)) (chapter 3, equation 63); with a sigmoid, dC/dz = a - y."""
    np.subtract(a, y, delta)
    a = _clipped(a)
    return -float(np.vdot(y, np.log(a)) + np.vdot(1 - y, np.log1p(-a)))


def log_likelihood(a: Array, y: Array, delta: Array) -> float:
    """-ln of the output for the true digit (chapter 3, equation 80); with a softmax, dC/dz = a - y."""
    np.subtract(a, y, delta)
    return -float(np.vdot(y, np.log(_clipped(a))))


def _clipped(a: Array) -> Array:
    """Keep outputs away from 0 and 1, where rounding can bring them, so that their logarithms are finite."""
    epsilon = np.finfo(a.dtype).eps / 2
    clipped: Array = np.clip(a, epsilon, 1 - epsilon)
    return clipped


QUADRATIC = Cost("quadratic", quadratic)
CROSS_ENTROPY = Cost("cross-entropy", cross_entropy, "sigmoid")
LOG_LIKELIHOOD = Cost("log-likelihood", log_likelihood, "softmax")

COSTS = {cost.name: cost for cost in (QUADRATIC, CROSS_ENTROPY, LOG_LIKELIHOOD)}
