"""Data-parallel training: each mini-batch is split into shards, and each shard is computed on its own thread.

NumPy and BLAS release Python's global lock while they compute. Each shard goes through a replica of the network, which
shares the parameters in memory and has buffers of its own. The gradients of the shards are added in a fixed order, so
the result depends on the number of shards and not on the timing of the threads.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import pairwise
from typing import TypeVar

import numpy as np

from nndigits.models.arrays.blas import add_scaled
from nndigits.models.arrays.types import Array, Images
from nndigits.models.layers.base import TrainableLayer, accumulate
from nndigits.models.network.network import Network

Result = TypeVar("Result")

MIN_MULTIPLICATIONS = 35_000_000
"""Multiplications of a shard that are worth a thread: about half a millisecond."""
MIN_SAMPLES = 32
"""Samples that a shard should have: with fewer, adding gradients is most of the work."""


def best_shard_count(network: Network, samples: int, processors: int) -> int:
    """Return the number of shards that is fastest for mini-batches of this size."""
    forward = sum(layer.multiplications for layer in network.trainable_layers)
    return max(1, min(processors, 3 * samples * forward // MIN_MULTIPLICATIONS, samples // MIN_SAMPLES))


class DataParallel:
    """A network that splits each mini-batch into ``shards``; a trainer uses it like the network itself.

    Its threads live until ``close``. BLAS should be limited to one thread of its own.
    """

    def __init__(self, network: Network, shards: int) -> None:
        self.replicas = [network, *(network.replica() for _ in range(1, shards))]
        self.last, self.dtype = network.last, network.dtype
        self.trainable_layers = [
            ShardedLayer(layers)
            for layers in zip(*(replica.trainable_layers for replica in self.replicas), strict=True)
        ]
        self._threads = ThreadPoolExecutor(max(1, shards - 1))

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()

    def begin_epoch(self, rng: np.random.Generator) -> None:
        """Set a random generator in each replica, seeded from this one."""
        for replica in self.replicas:
            replica.begin_epoch(np.random.default_rng(rng.integers(2**63)))

    def backpropagate(self, x: Array, y: Array) -> float:
        """Run a forward and a backward pass and compute the gradients; return the cost summed over the samples."""
        costs = self._on_shards(lambda shard, part: self._backpropagate_shard(shard, x[part], y[part]), len(x))
        for layer in self.trainable_layers:
            layer.shards = len(costs)
        return sum(costs)

    def outputs(self, images: Images) -> Array:
        """Return the outputs, ``(n, classes)``, for images, ``(n, height, width)``."""
        return np.concatenate(
            self._on_shards(lambda shard, part: self.replicas[shard].outputs(images[part]), len(images))
        )

    def _on_shards(self, work: Callable[[int, slice], Result], samples: int) -> list[Result]:
        """Call ``work`` for each shard, given its number and its samples; the calling thread takes the first.

        An exception of any shard is raised here, after all have ended.
        """
        shards = min(len(self.replicas), max(1, samples))
        ends = [samples * shard // shards for shard in range(shards + 1)]
        parts = [slice(first, end) for first, end in pairwise(ends)]
        others = [self._threads.submit(work, shard, part) for shard, part in enumerate(parts[1:], 1)]
        try:
            result = work(0, parts[0])
        finally:
            wait(others)
        return [result, *(other.result() for other in others)]

    def _backpropagate_shard(self, shard: int, x: Array, y: Array) -> float:
        """Run both passes of one replica and store the gradients of its shard."""
        cost = self.replicas[shard].backpropagate(x, y)
        for layer in self.trainable_layers:
            layer.store_gradient(shard)
        return cost


class ShardedLayer:
    """The replicas of one layer, as one layer for the optimizer."""

    def __init__(self, layers: Sequence[TrainableLayer]) -> None:
        self.layers = layers
        self.parameters, self.w, self.penalised = layers[0].parameters, layers[0].w, layers[0].penalised
        self.shards = 0
        self._gradients = [np.empty_like(self.parameters) for _ in layers]

    def store_gradient(self, shard: int) -> None:
        """Compute and store the gradient of one shard."""
        self.layers[shard].gradient(self._gradients[shard])

    def accumulate_gradient(self, alpha: float, beta: float, out: Array) -> None:
        """``out = beta * out + alpha * gradient``, with the gradients of the shards added in their order."""
        first, *others = self._gradients[: self.shards]
        accumulate(first, alpha, beta, out)
        for gradient in others:
            add_scaled(alpha, gradient, out)
