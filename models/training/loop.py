"""Stochastic gradient descent: learn a little from a few samples, then from the next few (chapter 1).

An epoch shuffles the training images and goes through them once in mini-batches. For each, the network answers
(forward), is told how wrong it was (backward), and steps every weight and bias downhill:
w -> w - (eta / m) nabla_w, where nabla_w is the sum over the m samples (equations 20 and 21).
"""

from collections.abc import Callable, Iterable

import numpy as np

from nn.models.arrays.types import Array, Bytes, Integers
from nn.models.network.network import Network
from nn.models.training.mini_batches import mini_batches


def train_epoch(
    network: Network,
    images: Bytes,
    labels: Integers,
    *,
    mini_batch_size: int,
    eta: float,
    rng: np.random.Generator,
    code: Array | None = None,
    progress: Callable[[int], None] | None = None,
) -> float:
    """Train for one epoch in place; return the mean cost of a sample, taken as each was learned from.

    Parameters
    ----------
    images, labels
        ``(n, height, width)`` bytes and ``(n,)`` whole numbers.
    eta
        The learning rate.
    rng
        Decides the order of the images.
    code
        The wanted outputs for each digit, ``(classes, outputs)``: the chapter's, an output a digit, if not given.
    progress
        Called with the number of images done, about a hundred times an epoch. What it raises ends the epoch
        and leaves the network half-way through it.
    """
    wanted = np.asarray(np.eye(network.last.outputs) if code is None else code, network.dtype)
    batches = mini_batches(images, labels, wanted, mini_batch_size, rng.permutation(len(images)))
    return learn_all(lambda x, y: learn(network, x, y, eta / len(x)), batches, len(images), progress)


def learn_all(
    learn: Callable[[Array, Array], float],
    batches: Iterable[tuple[Array, Array]],
    total: int,
    progress: Callable[[int], None] | None = None,
) -> float:
    """Learn from mini-batches of ``total`` images in all; return the mean cost of a sample, as ``learn`` says it."""
    report_every = max(1, total // 100)
    cost, done, told = 0.0, 0, 0
    for x, y in batches:
        cost += learn(x, y)
        done += len(x)
        if progress is not None and done >= told:
            progress(done)
            told = done + report_every
    return cost / total


def learn(network: Network, x: Array, y: Array, rate: float) -> float:
    """One step downhill on one mini-batch (the chapter's ``update_mini_batch``); return its summed cost."""
    cost = network.backpropagate(x, y)
    for layer in network.learners:
        layer.add_gradient(-rate, 1.0, layer.parameters)
    return cost
