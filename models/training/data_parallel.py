"""The parts of a mini-batch learned from at the same time, each on a thread of its own.

NumPy and BLAS let go of Python's lock while they compute. So each part goes through a twin of the network, which has
the same parameters in the same memory and buffers of its own; then the gradients of the parts are added, always in the
same order. Which thread was faster changes nothing: the result depends on the number of parts alone.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import pairwise
from typing import TypeVar

import numpy as np

from nn.models.arrays.blas import add_scaled
from nn.models.arrays.types import Array, Bytes
from nn.models.layers.base import TrainableLayer, accumulate
from nn.models.network.network import Network

Answer = TypeVar("Answer")

WORTH = 35_000_000
"""Multiplications of a part for which a thread is worth its while: about half a millisecond of them."""
FEWEST = 32
"""Samples that a part should have: with fewer, adding up gradients is most of the work."""


def best_shard_count(network: Network, samples: int, processors: int) -> int:
    """Into how many parts to divide mini-batches of so many samples, for speed."""
    forward = sum(layer.multiplications for layer in network.trainable_layers)
    return max(1, min(processors, 3 * samples * forward // WORTH, samples // FEWEST))


class DataParallel:
    """A network that takes each mini-batch in ``parts``; what learns from it uses it like the network itself.

    Threads live until it is closed. BLAS should be held to one thread of its own.
    """

    def __init__(self, network: Network, parts: int) -> None:
        self.replicas = [network, *(network.replica() for _ in range(1, parts))]
        self.last, self.dtype = network.last, network.dtype
        self.trainable_layers = [
            ShardedLayer(layers)
            for layers in zip(*(replica.trainable_layers for replica in self.replicas), strict=True)
        ]
        self._threads = ThreadPoolExecutor(max(1, parts - 1))

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()

    def begin_epoch(self, rng: np.random.Generator) -> None:
        """Hand each twin a source of chance of its own, drawn from this one."""
        for replica in self.replicas:
            replica.begin_epoch(np.random.default_rng(rng.integers(2**63)))

    def backpropagate(self, x: Array, y: Array) -> float:
        """Do what the network's does, with the gradients worked out too; return the cost summed over the samples."""
        costs = self._of_parts(lambda part, piece: self._learn(part, x[piece], y[piece]), len(x))
        for learner in self.trainable_layers:
            learner.parts = len(costs)
        return sum(costs)

    def outputs(self, images: Bytes) -> Array:
        """Outputs, ``(n, classes)``, for images as they are stored, ``(n, height, width)`` bytes."""
        return np.concatenate(
            self._of_parts(lambda part, piece: self.replicas[part].outputs(images[piece]), len(images))
        )

    def _of_parts(self, work: Callable[[int, slice], Answer], samples: int) -> list[Answer]:
        """Let each twin work on its part of the samples; the first one does in the calling thread.

        Whatever goes wrong in a part is raised here, after all have ended.
        """
        parts = min(len(self.replicas), max(1, samples))
        ends = [samples * part // parts for part in range(parts + 1)]
        pieces = [slice(first, behind) for first, behind in pairwise(ends)]
        others = [self._threads.submit(work, part, piece) for part, piece in enumerate(pieces[1:], 1)]
        try:
            answer = work(0, pieces[0])
        finally:
            wait(others)
        return [answer, *(other.result() for other in others)]

    def _learn(self, part: int, x: Array, y: Array) -> float:
        """Go forward and backward through one twin, and write down the gradients of its part."""
        cost = self.replicas[part].backpropagate(x, y)
        for learner in self.trainable_layers:
            learner.find(part)
        return cost


class ShardedLayer:
    """One layer of the twins: what a learning rule sees of it."""

    def __init__(self, layers: Sequence[TrainableLayer]) -> None:
        self.layers = layers
        self.parameters, self.w, self.penalised = layers[0].parameters, layers[0].w, layers[0].penalised
        self.parts = 0
        self._gradients = [np.empty_like(self.parameters) for _ in layers]

    def find(self, part: int) -> None:
        """Write down the gradient of one part."""
        self.layers[part].gradient(self._gradients[part])

    def accumulate_gradient(self, scale: float, keep: float, into: Array) -> None:
        """``into = keep * into + scale * gradient``, the gradients of the parts added in their order."""
        first, *others = self._gradients[: self.parts]
        accumulate(first, scale, keep, into)
        for gradient in others:
            add_scaled(scale, gradient, into)
