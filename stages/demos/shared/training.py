"""Training inside a demonstration: a few epochs on its digits, and a look at the network after each."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from nn.models.arrays.types import Array
from nn.models.network.metrics import count_correct
from nn.models.network.network import Network
from nn.models.training.loop import train_epoch
from nn.models.training.mini_batches import mini_batches
from nn.models.training.trainer import plain_trainer
from nn.stages.demos.shared import limits
from nn.stages.demos.shared.data import Digits
from nn.stages.demos.shared.demo import Progress
from nn.stages.store.errors import Diverged

Seen = TypeVar("Seen")

MOST_EPOCHS, MOST_HIDDEN, MOST_BATCH, LARGEST_ETA = 30, 100, 1000, 1000.0


def check(*, hidden: int = 1, epochs: int = 1, batch: int = 1, eta: float = 1.0, seed: int = 0) -> None:
    """Refuse what would train no network, or for too long."""
    limits.whole("hidden", hidden, 1, MOST_HIDDEN)
    limits.whole("epochs", epochs, 1, MOST_EPOCHS)
    limits.whole("batch", batch, 1, MOST_BATCH)
    limits.above_zero("eta", eta, LARGEST_ETA)
    limits.seed(seed)


def fit(
    network: Network,
    digits: Digits,
    look: Callable[[Network], Seen],
    *,
    epochs: int,
    eta: float,
    rng: np.random.Generator,
    batch: int = 10,
    encoding: Array | None = None,
    progress: Progress,
    what: str = "Training",
    part: tuple[int, int] = (0, 1),
) -> list[Seen]:
    """Train in place; give what ``look`` saw after each epoch.

    Parameters
    ----------
    encoding
        The target outputs of each digit, ``(10, outputs)``; one output a digit if not given.
    part
        Which of how many trainings of the demonstration this is, for the bar.
    """
    images, labels = digits.train_images, digits.train_labels
    targets: Array = np.asarray(np.eye(network.last.outputs) if encoding is None else encoding, network.dtype)
    trainer = plain_trainer(network, eta)
    seen = []
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
            seen.append(look(network))
    return seen


def accuracy(network: Network, digits: Digits) -> float:
    """The share of the test images that a network with one output a digit reads right."""
    return count_correct(network.outputs(digits.test_images), digits.test_labels) / len(digits.test_labels)
