"""Learning speed of each layer of a deep network: the length of its gradient, at the start and during training."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.network.gradients import gradients
from nndigits.models.network.network import Network, random_network
from nndigits.models.training.loop import take_steps
from nndigits.models.training.mini_batches import mini_batches
from nndigits.models.training.trainer import plain_trainer
from nndigits.stages.demos.shared.data import CLASSES, Digits, samples
from nndigits.stages.runs.new_network import new_network
from nndigits.stages.runs.parameters import Parameters

IMAGES = 500
"""The gradient is averaged over this number of images, the first ones."""

SEEDS = 12
"""Of the networks that are compared before training."""

POINTS = 10
"""Number of measurements of the gradient during training."""


class Speeds(NamedTuple):
    """Learning speeds of a network with a number of hidden layers: the length of each layer's gradient, ``norms``,
    ``(measurements, layers)``, and the number of mini-batches before each measurement.
    """

    hidden: int
    name: str
    batches: tuple[int, ...]
    norms: Array


def speeds(
    hidden: int, neurons: int, digits: Digits, *, eta: float, batches: int, seed: int, on_batches: Callable[[int], None]
) -> Speeds:
    """Train a network with ``hidden`` equal hidden layers on ``batches`` mini-batches of 10, and measure the speeds."""
    rng = np.random.default_rng([seed, hidden])
    network = random_network([digits.pixels, *[neurons] * hidden, CLASSES], rng, "float64")
    x, y = samples(digits.train_images[:IMAGES], digits.train_labels[:IMAGES])
    order = rng.integers(0, len(digits.train_images), 10 * batches)
    measured = sorted({round(batches * share / POINTS) for share in range(POINTS + 1)})
    norms = []
    drawn = mini_batches(digits.train_images, digits.train_labels, np.eye(CLASSES), 10, order)
    steps = take_steps(plain_trainer(network, eta).step, drawn, lambda: eta)
    for batch in range(batches + 1):
        if batch in measured:
            norms.append(bias_norms(network, x, y))
            on_batches(batch)
        if batch < batches:
            next(steps)
    return Speeds(hidden, str(network), tuple(measured), np.array(norms))


def start_ratios(init: str, hidden: int, neurons: int, digits: Digits, seed: int) -> tuple[float, float]:
    """Return how much faster the last and the second hidden layer learn than the first, before any training.

    The ratios are means over networks from ``SEEDS`` seeds whose weights are drawn from ``init``.
    """
    parameters = Parameters(hidden=(neurons,) * hidden, init=init, dtype="float64")
    x, y = samples(digits.train_images[:IMAGES], digits.train_labels[:IMAGES])
    ratios = []
    for number in range(SEEDS):
        rng = np.random.default_rng([seed + number, hidden])
        norms = bias_norms(new_network(parameters, digits.shape, CLASSES, rng), x, y)
        ratios.append([norms[hidden - 1] / norms[0], norms[1] / norms[0]])
    last, second = np.mean(ratios, axis=0).tolist()
    return last, second


def bias_norms(network: Network, x: Array, y: Array) -> list[float]:
    """Compute the length of each layer's gradient with respect to its biases, the speed of learning in chapter 5."""
    return [float(np.linalg.norm(nabla[:, -1])) / len(x) for nabla in gradients(network, x, y)[1]]
