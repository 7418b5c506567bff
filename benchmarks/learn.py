"""One epoch as `nn train` learns it, without the files around it: what the benchmarks call nn."""

from collections.abc import Iterator

import numpy as np
import scipy.linalg.blas  # noqa: F401 - who limits BLAS to one thread limits what is loaded: SciPy has one of its own
from machine import seconds

from nn.models.network.network import Network, random_network
from nn.models.training.loop import train_epoch
from nn.stages.runs import setup
from nn.stages.runs.parameters import Parameters


class EpochTimer:
    """A network and what trains it, made once; each call of ``epoch`` goes on where the last one ended."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, parameters: Parameters) -> None:
        self.rng = np.random.default_rng(parameters.seed)
        sizes = [images[0].size, *parameters.hidden, 10]
        self.network: Network = random_network(sizes, self.rng, parameters.dtype)
        self.parameters = parameters
        self.images, self.labels = images, labels
        self.trainer = setup.make_trainer(parameters, self.network, len(images))

    def batches(self, count: int | None = None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The mini-batches of an epoch of all images, or of the first of them."""
        return setup.epoch_batches(self.parameters, self.trainer, self.images[:count], self.labels[:count], self.rng)

    def epoch(self, count: int | None = None) -> float:
        """Learn from the images, or the first of them; return the seconds that it took."""
        return seconds(lambda: train_epoch(self.trainer, self.batches(count), len(self.images[:count])))
