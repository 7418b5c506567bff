"""Stochastic gradient descent one step at a time, for whoever wants to look between the steps."""

from collections.abc import Iterator

import numpy as np

from nn.models.arrays.types import Array, Bytes, Integers
from nn.models.network.network import Network
from nn.models.training.loop import learn
from nn.models.training.mini_batches import mini_batches


def steps(
    network: Network, images: Bytes, labels: Integers, *, mini_batch_size: int, eta: float, rng: np.random.Generator
) -> Iterator[int]:
    """Learn for ever, epoch after epoch, as ``sgd.train_epoch`` does; after each step, yield the images seen so far."""
    wanted: Array = np.eye(network.last.outputs, dtype=network.dtype)
    seen = 0
    while True:
        order = rng.permutation(len(images))
        for x, y in mini_batches(images, labels, wanted, mini_batch_size, order):
            learn(network, x, y, eta / len(x))
            seen += len(x)
            yield seen
