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
from nndigits.stages.demos.shared.data import Digits
from nndigits.stages.demos.shared.demo import Progress
from nndigits.stages.demos.shared.texts import Say
from nndigits.stages.store.errors import Diverged

say = Say("shared")

Result = TypeVar("Result")


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
    what: str = "",
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
        start, total = (part[0] * epochs + epoch) * len(images), part[1] * epochs * len(images)

        def advance(done: int, start: int = start, total: int = total) -> None:
            progress(what or say("training"), start + done, total)

        with np.errstate(over="ignore", invalid="ignore"):
            batches = mini_batches(images, labels, targets, batch, rng.permutation(len(images)))
            cost = train_epoch(trainer, batches, len(images), advance)
            finite = all(np.isfinite(layer.parameters).all() for layer in network.trainable_layers)
            if not np.isfinite(cost) or not finite:
                raise Diverged(say("diverged", epoch=epoch, eta=eta))
            results.append(look(network))
    return results


def accuracy(network: Network, digits: Digits) -> float:
    """Return the fraction of test images that a network with one output per digit classifies correctly."""
    return count_correct(network.outputs(digits.test_images), digits.test_labels) / len(digits.test_labels)
