"""The weights that learning starts from: drawn from a normal distribution, the narrower the more inputs a neuron hears.

With n inputs of about 1 and weights of N(0, 1) a neuron's z is of the order of sqrt(n), and a sigmoid hardly slopes
there: it learns slowly at first. With weights of N(0, 1/n) z is about 1 (chapter 3, "Weight initialization").
"""

from collections.abc import Callable
from math import sqrt
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from nn.models.arrays.types import Array


class ParameterSource(Protocol):
    """Gives a layer its weights, ``(neurons, inputs)``, and its biases, ``(neurons,)``, for those two numbers.

    A layer that does not start by chance says from what.
    """

    def __call__(self, neurons: int, inputs: int, start: tuple[Array, Array] | None = None, /) -> tuple[Array, Array]:
        """Draw them, or find them where they are kept."""


class Initializer(NamedTuple):
    """How wide weights are drawn, by the number of inputs that a neuron hears, and how wide biases: 0 for all zero."""

    name: str
    weights: Callable[[int], float]
    biases: float

    def __repr__(self) -> str:
        return self.name


INITIALIZERS = {
    initial.name: initial
    for initial in (
        Initializer("N(0,1)", lambda inputs: 1.0, 1.0),  # chapter 1
        Initializer("N(0,1/n)", lambda inputs: 1 / sqrt(inputs), 1.0),  # chapter 3
        Initializer("he", lambda inputs: sqrt(2 / inputs), 0.0),  # for ReLUs, of which half are silent (He et al. 2015)
    )
}


def random_initializer(initial: Initializer, rng: np.random.Generator, dtype: npt.DTypeLike) -> ParameterSource:
    """Draw each layer's parameters from the same source of chance, the weights first.

    In double precision whatever ``dtype``, so that one seed starts the same network in either.
    """

    def draw(neurons: int, inputs: int, start: tuple[Array, Array] | None = None) -> tuple[Array, Array]:
        if start is not None:
            w, b = start
            return w.astype(dtype), b.astype(dtype)
        w = rng.standard_normal((neurons, inputs)) * initial.weights(inputs)
        b = rng.standard_normal(neurons) * initial.biases if initial.biases else np.zeros(neurons)
        return w.astype(dtype), b.astype(dtype)

    return draw
