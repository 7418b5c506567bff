"""What is done with a gradient: the learning rules, each a function of one layer and what it remembers of before.

Plain gradient descent steps straight downhill. The others remember: a velocity that builds up along a valley
(chapter 3, "Variations on stochastic gradient descent"), or how large each parameter's gradients usually are. None
stores the gradient of a mini-batch where it need not: the layer adds it to whatever array it is handed.

A new rule is a function and a row of RULES.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from nn.models.arrays.blas import add
from nn.models.arrays.types import Array

DECAY_OF_SQUARES = 0.999
SMALL = 1e-8
"""Adam's beta_2 and epsilon, as its paper has them."""


class Learning(Protocol):
    """What a rule asks of a layer (``layers/base.py``), or of its parts on several threads."""

    parameters: Array

    @property
    def w(self) -> Array:
        """The weights, a part of the parameters."""

    def add_gradient(self, scale: float, keep: float, into: Array) -> None:
        """Make ``into`` keep * into + scale * gradient, the gradient summed over the mini-batch."""


@dataclass(slots=True)
class Step:
    """The step that is taken: ``scale`` is 1/m for m samples, ``number`` counts steps from 1."""

    eta: float
    scale: float
    momentum: float
    number: int


def sgd(layer: Learning, step: Step) -> None:
    """w -> w - (eta / m) nabla_w (chapter 1, equations 20 and 21)."""
    layer.add_gradient(-step.eta * step.scale, 1.0, layer.parameters)


def momentum(layer: Learning, step: Step, velocity: Array) -> None:
    """v -> mu v - (eta / m) nabla_w, w -> w + v (chapter 3, equations 107 and 108)."""
    layer.add_gradient(-step.eta * step.scale, step.momentum, velocity)
    layer.parameters += velocity


def nesterov(layer: Learning, step: Step, velocity: Array) -> None:
    """The gradient is taken where the velocity is about to lead (Sutskever et al. 2013, equations 3 and 4).

    The parameters kept are those that the velocity leads to, which makes w -> w + mu v' - (eta / m) nabla_w (Bengio
    et al. 2012, equation 7). With v' - mu v for the last term, that is w -> w - mu v + (1 + mu) v'.
    """
    add(-step.momentum, velocity, layer.parameters)
    layer.add_gradient(-step.eta * step.scale, step.momentum, velocity)
    add(1 + step.momentum, velocity, layer.parameters)


def adam(layer: Learning, step: Step, mean: Array, mean_square: Array, scratch: Array) -> None:
    """Each parameter steps in units of its own gradient's usual size (Kingma and Ba 2015, algorithm 1).

    Both means start at zero and are too small at first: they are divided by the share of them that is filled.
    """
    layer.add_gradient(step.scale, 0.0, scratch)
    mean *= step.momentum
    add(1 - step.momentum, scratch, mean)
    np.multiply(scratch, scratch, out=scratch)
    mean_square *= DECAY_OF_SQUARES
    add(1 - DECAY_OF_SQUARES, scratch, mean_square)
    np.sqrt(mean_square, out=scratch)
    scratch *= (1 - DECAY_OF_SQUARES**step.number) ** -0.5
    scratch += SMALL
    np.divide(mean, scratch, out=scratch)
    add(-step.eta / (1 - step.momentum**step.number), scratch, layer.parameters)


@dataclass(frozen=True)
class Rule:
    """A learning rule.

    Attributes
    ----------
    remembers
        The arrays, shaped like a layer's parameters, that it carries from step to step.
    scratch
        How many more such arrays it writes to on the way.
    """

    name: str
    step: Callable[..., None]
    remembers: tuple[str, ...] = ()
    scratch: int = 0

    def __repr__(self) -> str:
        return self.name


RULES = {
    rule.name: rule
    for rule in (
        Rule("sgd", sgd),
        Rule("momentum", momentum, ("velocity",)),
        Rule("nesterov", nesterov, ("velocity",)),
        Rule("adam", adam, ("mean", "mean_square"), scratch=1),
    )
}


class Descent:
    """A rule at work on layers, with all that it remembers of them.

    Parameters
    ----------
    mu
        The momentum; for Adam its beta_1. Plain gradient descent has none.
    """

    def __init__(self, rule: Rule, layers: Sequence[Learning], mu: float = 0.9) -> None:
        self.rule = rule
        arrays = len(rule.remembers) + rule.scratch
        self._memories = [[np.zeros_like(layer.parameters) for _ in range(arrays)] for layer in layers]
        self.step = Step(0.0, 0.0, mu, 0)
        steps = zip(layers, self._memories, strict=True)
        self._steps = [partial(rule.step, layer, self.step, *memory) for layer, memory in steps]

    def descend(self, eta: float, samples: int) -> None:
        """Take a step in every layer, whose gradients are sums over so many samples."""
        step = self.step
        step.eta, step.scale, step.number = eta, 1 / samples, step.number + 1
        for take in self._steps:
            take()

    def memory(self) -> dict[str, list[Array]]:
        """What is remembered, an array for each layer under its name: the arrays themselves."""
        return {name: [memory[place] for memory in self._memories] for place, name in enumerate(self.rule.remembers)}
