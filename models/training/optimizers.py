"""Optimizers: how a step follows from a gradient. Each is a function of one layer and the state it carries.

Plain gradient descent steps straight downhill. The others carry state from step to step: a velocity that builds up
along a valley (chapter 3, "Variations on stochastic gradient descent"), or the usual size of each parameter's gradient.
An optimizer stores the gradient only if it must: the layer adds it directly to the array that the optimizer passes.

A new optimizer is a function and a row of OPTIMIZERS.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from nndigits.models.arrays.blas import add_scaled
from nndigits.models.arrays.types import Array

DECAY_OF_SQUARES = 0.999
SMALL = 1e-8
"""Adam's beta_2 and epsilon, as in its paper."""


class Trainable(Protocol):
    """What an optimizer needs of a layer (``layers/base.py``), or of its shards on several threads."""

    parameters: Array

    @property
    def w(self) -> Array:
        """The weights, a view of the parameters."""

    def accumulate_gradient(self, alpha: float, beta: float, out: Array) -> None:
        """``out = beta * out + alpha * gradient``, the gradient summed over the mini-batch."""


@dataclass(slots=True)
class StepSettings:
    """The numbers of one step: ``scale`` is 1/m for m samples, ``number`` counts steps from 1."""

    eta: float
    scale: float
    momentum: float
    number: int


def sgd(layer: Trainable, step: StepSettings) -> None:
    """w -> w - (eta / m) nabla_w (chapter 1, equations 20 and 21)."""
    layer.accumulate_gradient(-step.eta * step.scale, 1.0, layer.parameters)


def momentum(layer: Trainable, step: StepSettings, velocity: Array) -> None:
    """v -> mu v - (eta / m) nabla_w, w -> w + v (chapter 3, equations 107 and 108)."""
    layer.accumulate_gradient(-step.eta * step.scale, step.momentum, velocity)
    layer.parameters += velocity


def nesterov(layer: Trainable, step: StepSettings, velocity: Array) -> None:
    """Take the gradient where the velocity is about to lead (Sutskever et al. 2013, equations 3 and 4).

    The stored parameters are those that the velocity leads to, so that w -> w + mu v' - (eta / m) nabla_w (Bengio et
    al. 2012, equation 7). With v' - mu v for the last term, that is w -> w - mu v + (1 + mu) v'.
    """
    add_scaled(-step.momentum, velocity, layer.parameters)
    layer.accumulate_gradient(-step.eta * step.scale, step.momentum, velocity)
    add_scaled(1 + step.momentum, velocity, layer.parameters)


def adam(layer: Trainable, step: StepSettings, mean: Array, mean_square: Array, scratch: Array) -> None:
    """Scale each parameter's step by the usual size of its gradient (Kingma and Ba 2015, algorithm 1).

    Both means start at zero, which makes them too small at first: dividing by 1 - beta^t corrects the bias.
    """
    layer.accumulate_gradient(step.scale, 0.0, scratch)
    mean *= step.momentum
    add_scaled(1 - step.momentum, scratch, mean)
    np.multiply(scratch, scratch, out=scratch)
    mean_square *= DECAY_OF_SQUARES
    add_scaled(1 - DECAY_OF_SQUARES, scratch, mean_square)
    np.sqrt(mean_square, out=scratch)
    scratch *= (1 - DECAY_OF_SQUARES**step.number) ** -0.5
    scratch += SMALL
    np.divide(mean, scratch, out=scratch)
    add_scaled(-step.eta / (1 - step.momentum**step.number), scratch, layer.parameters)


@dataclass(frozen=True)
class Optimizer:
    """An optimizer.

    Attributes
    ----------
    state
        The names of the arrays, each shaped like a layer's parameters, that it carries from step to step.
    scratch
        The number of further such arrays that it writes to within a step.
    """

    name: str
    step: Callable[..., None]
    state: tuple[str, ...] = ()
    scratch: int = 0

    def __repr__(self) -> str:
        return self.name


OPTIMIZERS = {
    optimizer.name: optimizer
    for optimizer in (
        Optimizer("sgd", sgd),
        Optimizer("momentum", momentum, ("velocity",)),
        Optimizer("nesterov", nesterov, ("velocity",)),
        Optimizer("adam", adam, ("mean", "mean_square"), scratch=1),
    )
}


class OptimizerState:
    """An optimizer with its state for each layer.

    Parameters
    ----------
    momentum
        The momentum; for Adam its beta_1. Plain gradient descent does not use it.

    Attributes
    ----------
    steps
        The number of steps taken.
    """

    def __init__(self, optimizer: Optimizer, layers: Sequence[Trainable], momentum: float = 0.9) -> None:
        self.optimizer = optimizer
        count = len(optimizer.state) + optimizer.scratch
        self._arrays = [[np.zeros_like(layer.parameters) for _ in range(count)] for layer in layers]
        self._settings = StepSettings(0.0, 0.0, momentum, 0)
        self.steps = 0
        self._layer_steps = [
            partial(optimizer.step, layer, self._settings, *arrays)
            for layer, arrays in zip(layers, self._arrays, strict=True)
        ]

    def step(self, eta: float, samples: int) -> None:
        """Take a step in every layer, whose gradients are summed over this number of samples."""
        settings = self._settings
        self.steps += 1
        settings.eta, settings.scale, settings.number = eta, 1 / samples, self.steps
        for step in self._layer_steps:
            step()

    def arrays(self) -> dict[str, list[Array]]:
        """The state: under each name, one array for each layer. These are the arrays themselves, not copies."""
        return {name: [arrays[place] for arrays in self._arrays] for place, name in enumerate(self.optimizer.state)}
