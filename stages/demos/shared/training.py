"""Training inside a demonstration: a few epochs on its digits, with a callback after each epoch."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.network.metrics import count_correct
from nndigits.models.network.network import Network
from nndigits.models.training.loop import train_epoch
from nndigits.models.training.mini_batches import mini_batches
from nndigits.models.training.trainer import plain_trainer
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.data import Digits
from nndigits.stages.demos.shared.demo import Progress
from nndigits.stages.store.errors import Diverged

Result = TypeVar("Result")

MOST_EPOCHS, MOST_HIDDEN, MOST_BATCH, LARGEST_ETA = 30, 100, 1000, 1000.0


def check(*, hidden: int = 1, epochs: int = 1, batch: int = 1, eta: float = 1.0, seed: int = 0) -> None:
    """Check the training flags; the limits keep the training time short."""
    limits.whole("hidden", hidden, 1, MOST_HIDDEN)
    limits.whole("epochs", epochs, 1, MOST_EPOCHS)
    limits.whole("batch", batch, 1, MOST_BATCH)
    limits.above_zero("eta", eta, LARGEST_ETA)
    limits.seed(seed)


def fit(
    network: Network,
    digits: Digits,
    look: Callable[[Network], Result],
    *,
    epochs: int,
    eta: float,
    rng: np.random.Generator,
    batch: int = 10,
    encoding: Array | None = None,
    progress: Progress,
    what: str = "Training",
    part: tuple[int, int] = (0, 1),
) -> list[Result]:
    """Train in place, and return the results of ``look``, called with the network after each epoch.

    Parameters
    ----------
    encoding
        The target outputs of each digit, ``(10, outputs)``; one-hot by default.
    what
        The label of the progress bar.
    part
        The index of this training and the number of trainings in the demonstration, for the progress bar.
    """
    images, labels = digits.train_images, digits.train_labels
    targets: Array = np.asarray(np.eye(network.last.outputs) if encoding is None else encoding, network.dtype)
    trainer = plain_trainer(network, eta)
    results = []
    for epoch in range(epochs):
        start = (part[0] * epochs + epoch) * len(images)
        total = part[1] * epochs * len(images)

        def advance(done: int, start: int = start, total: int = total) -> None:
            progress(what, start + done, total)

        with np.errstate(over="ignore", invalid="ignore"):
            batches = mini_batches(images, labels, targets, batch, rng.permutation(len(images)))
            cost = train_epoch(trainer, batches, len(images), advance)
            if not np.isfinite(cost) or not all(
                np.isfinite(layer.parameters).all() for layer in network.trainable_layers
            ):
                raise Diverged(f"training diverged in epoch {epoch}: try a smaller learning rate than {eta:g}")
            results.append(look(network))
    return results


def accuracy(network: Network, digits: Digits) -> float:
    """Return the fraction of test images that a network with one output per digit classifies correctly."""
    return count_correct(network.outputs(digits.test_images), digits.test_labels) / len(digits.test_labels)
