"""Initial weights, drawn from a normal distribution whose width depends on the number of inputs of a neuron.

With n inputs of about 1 and weights from N(0, 1), a neuron's z is of the order of sqrt(n). A sigmoid is nearly flat
there, so it learns slowly at first. With weights from N(0, 1/n), z is about 1 (chapter 3, "Weight initialization").
"""

from collections.abc import Callable
from math import sqrt
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.limits import MOST_PARAMETERS
from nndigits.models.arrays.types import Array


class ParameterSource(Protocol):
    """Return the weights, ``(neurons, inputs)``, and biases, ``(neurons,)``, of a layer with these two numbers.

    ``start`` holds the initial values of a layer whose weights and biases are not random.
    """

    def __call__(self, neurons: int, inputs: int, start: tuple[Array, Array] | None = None, /) -> tuple[Array, Array]:
        """Draw the parameters, or read them from where they are stored."""


class Initializer(NamedTuple):
    """Standard deviations: of the weights as a function of a neuron's number of inputs, and of the biases."""

    name: str
    weights: Callable[[int], float]
    biases: float

    def __repr__(self) -> str:
        return self.name


INITIALIZERS = {
    initializer.name: initializer
    for initializer in (
        Initializer("N(0,1)", lambda inputs: 1.0, 1.0),  # chapter 1
        Initializer("N(0,1/n)", lambda inputs: 1 / sqrt(inputs), 1.0),  # chapter 3
        Initializer("he", lambda inputs: sqrt(2 / inputs), 0.0),  # for ReLUs, half of which output 0 (He et al. 2015)
    )
}


def stand_ins(
    dtype: npt.DTypeLike, neurons: int, inputs: int, _start: tuple[Array, Array] | None = None
) -> tuple[Array, Array]:
    """Return weights and biases that stand for their shapes: zeros of any number, which take no memory.

    With them, layers are made to be measured (``network/needs.py``) before their real parameters are. Raises
    ValueError for more numbers than any memory has.
    """
    if neurons * inputs > MOST_PARAMETERS:
        raise ValueError(f"takes {neurons * inputs:,} weights, at most {MOST_PARAMETERS:,} are accepted")
    zero = np.zeros((), dtype)
    return np.broadcast_to(zero, (neurons, inputs)), np.broadcast_to(zero, (neurons,))


def random_initializer(initializer: Initializer, rng: np.random.Generator, dtype: npt.DTypeLike) -> ParameterSource:
    """Return a source that draws each layer's parameters from one random generator, the weights first.

    It draws in double precision whatever the ``dtype``, so that a seed gives the same network in either precision.
    """

    def draw(neurons: int, inputs: int, start: tuple[Array, Array] | None = None) -> tuple[Array, Array]:
        if start is not None:
            w, b = start
            return w.astype(dtype), b.astype(dtype)
        w = rng.standard_normal((neurons, inputs)) * initializer.weights(inputs)
        b = rng.standard_normal(neurons) * initializer.biases if initializer.biases else np.zeros(neurons)
        return w.astype(dtype), b.astype(dtype)

    return draw
