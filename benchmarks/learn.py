"""An epoch of `nn train` without reading and writing files: the row "nn" of the benchmarks."""

from collections.abc import Iterator

import numpy as np
import scipy.linalg.blas  # noqa: F401 - threadpool_limits limits the loaded libraries; SciPy has its own BLAS
from machine import seconds

from nndigits.models.network.network import Network, random_network
from nndigits.models.training.loop import train_epoch
from nndigits.stages.runs import setup
from nndigits.stages.runs.parameters import Parameters


class EpochTimer:
    """A network and its trainer; each call of ``epoch`` continues the training."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, parameters: Parameters) -> None:
        self.rng = np.random.default_rng(parameters.seed)
        sizes = [images[0].size, *parameters.hidden, 10]
        self.network: Network = random_network(sizes, self.rng, parameters.dtype)
        self.parameters = parameters
        self.images, self.labels = images, labels
        self.trainer = setup.make_trainer(parameters, self.network, len(images))

    def batches(self, count: int | None = None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Return the mini-batches of an epoch of all images, or of the first ``count``."""
        return setup.epoch_batches(self.parameters, self.trainer, self.images[:count], self.labels[:count], self.rng)

    def epoch(self, count: int | None = None) -> float:
        """Train for an epoch of all images, or of the first ``count``; return the seconds."""
        return seconds(lambda: train_epoch(self.trainer, self.batches(count), len(self.images[:count])))
