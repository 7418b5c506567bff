"""The network without a hidden layer, which an exercise asks for: its accuracy from several starts."""

from dataclasses import dataclass

import numpy as np

from nndigits.stages.demos.shared.data import CLASSES, Digits
from nndigits.stages.demos.shared.demo import quietly
from nndigits.stages.demos.shared.training import accuracy, fit
from nndigits.stages.runs.new_network import new_network
from nndigits.stages.runs.parameters import Parameters

SEEDS, EPOCHS, ETA = 3, 5, 3.0
SMALL_START = Parameters(hidden=(), init="N(0,1/n)")
"""With weights from N(0,1), outputs that start saturated decide the accuracy, and seeds differ by twenty points."""


@dataclass(frozen=True)
class WithoutHidden:
    """The test accuracies of the trained networks, in percent, and how they were trained."""

    inputs: int
    epochs: int
    accuracies: tuple[float, ...]


def train_without_hidden(digits: Digits) -> WithoutHidden:
    """Train networks of the pixels and ten outputs, each from another seed."""
    from threadpoolctl import threadpool_limits

    accuracies = []
    with threadpool_limits(1, "blas"):  # the last bits of the weights depend on the number of threads
        for seed in range(SEEDS):
            rng = np.random.default_rng(seed)
            network = new_network(SMALL_START, digits.shape, CLASSES, rng)
            fit(network, digits, str, epochs=EPOCHS, eta=ETA, rng=rng, progress=quietly)
            accuracies.append(round(100 * accuracy(network, digits), 2))
    return WithoutHidden(digits.pixels, EPOCHS, tuple(accuracies))
