"""What is done with a gradient: the learning rules, each a function of one layer and what it remembers of before.

Plain gradient descent steps straight downhill. The others remember: a velocity that builds up along a valley
(chapter 3, "Variations on stochastic gradient descent"), or how large each parameter's gradients usually are. None
stores the gradient of a mini-batch where it need not: the layer adds it to whatever array it is handed.

A new rule is a function and a row of RULES.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.linalg.blas import daxpy, saxpy

from nn.models.arrays import Array

DECAY_OF_SQUARES = 0.999
SMALL = 1e-8
"""Adam's beta_2 and epsilon, as its paper has them."""


class Learner(Protocol):
    """What a rule asks of a layer: parameters, and to add their gradient to any array of their shape."""

    parameters: Array

    def add_gradient(self, scale: float, keep: float, into: Array) -> None:
        """Make ``into`` keep * into + scale * gradient, the gradient summed over the mini-batch."""


@dataclass(slots=True)
class Step:
    """The step that is taken: ``scale`` is 1/m for m samples, ``number`` counts steps from 1."""

    eta: float
    scale: float
    momentum: float
    number: int


def sgd(layer: Learner, step: Step) -> None:
    """w -> w - (eta / m) nabla_w (chapter 1, equations 20 and 21)."""
    layer.add_gradient(-step.eta * step.scale, 1.0, layer.parameters)


def momentum(layer: Learner, step: Step, velocity: Array) -> None:
    """v -> mu v - (eta / m) nabla_w, w -> w + v (chapter 3, equations 107 and 108)."""
    layer.add_gradient(-step.eta * step.scale, step.momentum, velocity)
    layer.parameters += velocity


def nesterov(layer: Learner, step: Step, velocity: Array) -> None:
    """The gradient is taken where the velocity is about to lead (Sutskever et al. 2013, equations 3 and 4).

    The parameters kept are those that the velocity leads to, which makes w -> w + mu v' - (eta / m) nabla_w (Bengio
    et al. 2012, equation 7). With v' - mu v for the last term, that is w -> w - mu v + (1 + mu) v'.
    """
    _add(-step.momentum, velocity, layer.parameters)
    layer.add_gradient(-step.eta * step.scale, step.momentum, velocity)
    _add(1 + step.momentum, velocity, layer.parameters)


def adam(layer: Learner, step: Step, mean: Array, mean_square: Array, scratch: Array) -> None:
    """Each parameter steps in units of its own gradient's usual size (Kingma and Ba 2015, algorithm 1).

    Both means start at zero and are too small at first: they are divided by the share of them that is filled.
    """
    layer.add_gradient(step.scale, 0.0, scratch)
    mean *= step.momentum
    _add(1 - step.momentum, scratch, mean)
    np.multiply(scratch, scratch, out=scratch)
    mean_square *= DECAY_OF_SQUARES
    _add(1 - DECAY_OF_SQUARES, scratch, mean_square)
    np.sqrt(mean_square, out=scratch)
    scratch *= (1 - DECAY_OF_SQUARES**step.number) ** -0.5
    scratch += SMALL
    np.divide(mean, scratch, out=scratch)
    _add(-step.eta / (1 - step.momentum**step.number), scratch, layer.parameters)


def _add(scale: float, x: Array, into: Array) -> None:
    """into += scale * x, in one pass."""
    axpy = saxpy if into.dtype == np.float32 else daxpy
    axpy(x.reshape(-1), into.reshape(-1), a=scale)


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

    def __init__(self, rule: Rule, layers: Sequence[Learner], mu: float = 0.9) -> None:
        self.rule = rule
        self.steps = 0
        self._step = Step(0.0, 0.0, mu, 0)
        arrays = len(rule.remembers) + rule.scratch
        self._work = [(layer, [np.zeros_like(layer.parameters) for _ in range(arrays)]) for layer in layers]

    def descend(self, eta: float, samples: int) -> None:
        """Take a step in every layer, whose gradients are sums over so many samples."""
        self.steps += 1
        step, take = self._step, self.rule.step
        step.eta, step.scale, step.number = eta, 1 / samples, self.steps
        for layer, memory in self._work:
            take(layer, step, *memory)

    def memory(self) -> dict[str, Array]:
        """What is remembered, as ``velocity_1`` for the first layer: the arrays themselves."""
        return {
            f"{name}_{number}": array
            for number, (_, memory) in enumerate(self._work, 1)
            for name, array in zip(self.rule.remembers, memory, strict=False)
        }

    def remember(self, memory: Mapping[str, Array], steps: int) -> None:
        """Go on as a descent did that had this memory after so many steps."""
        self.steps = steps
        for name, array in self.memory().items():
            array[...] = memory[name]
