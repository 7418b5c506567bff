"""Train the same network with mini-batches of different sizes, and measure its test accuracy on the way."""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from nndigits.models.network.network import Network, random_network
from nndigits.models.training.loop import take_steps
from nndigits.models.training.mini_batches import mini_batches
from nndigits.models.training.trainer import plain_trainer
from nndigits.stages.demos.shared import training
from nndigits.stages.demos.shared.data import CLASSES, Digits

MEASUREMENTS = 10


class Measurement(NamedTuple):
    """The test accuracy after a number of images and updates."""

    images: int
    updates: int
    accuracy: float


class Racer:
    """A network, the same for every size of the mini-batches, and its training."""

    def __init__(self, digits: Digits, size: int, hidden: int, eta: float, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.digits = digits
        self.network = random_network([digits.pixels, hidden, CLASSES], rng)
        self.steps = steps(self.network, digits, size, eta, rng)

    def measure(self, images: int, updates: int) -> Measurement:
        """Measure the test accuracy after so many images and updates."""
        return Measurement(images, updates, training.accuracy(self.network, self.digits))

    def race(
        self, images: int, updates: int, on_measurement: Callable[[float], None]
    ) -> tuple[list[Measurement], list[Measurement]]:
        """Train until ``images`` images and ``updates`` updates are done, and measure ten times along each.

        ``on_measurement`` is called after each measurement with the share of the race that is done.
        """
        by_images: list[Measurement] = []
        by_updates: list[Measurement] = []
        for step, seen in self.steps:
            for kept, done, total in ((by_images, seen, images), (by_updates, step, updates)):
                if len(kept) < MEASUREMENTS and done >= (len(kept) + 1) * total / MEASUREMENTS:
                    kept.append(self.measure(seen, step))
                    on_measurement((len(by_images) + len(by_updates)) / (2 * MEASUREMENTS))
            if len(by_images) == len(by_updates) == MEASUREMENTS:
                break
        return by_images, by_updates

    def after(self, images: int) -> float:
        """Train on ``images`` images, and return the test accuracy."""
        next(step for step, seen in self.steps if seen >= images)
        return training.accuracy(self.network, self.digits)

    def train_for(self, seconds: float) -> Measurement:
        """Train for a number of seconds and measure once. The result varies from run to run."""
        start, step, seen = time.perf_counter(), 0, 0
        while time.perf_counter() - start < seconds:
            step, seen = next(self.steps)
        return self.measure(seen, step)


def steps(
    network: Network, digits: Digits, size: int, eta: float, rng: np.random.Generator
) -> Iterator[tuple[int, int]]:
    """Train without end; after each update, yield the numbers of updates and of images so far."""
    trainer, encoding, seen = plain_trainer(network, eta), np.eye(CLASSES, dtype=network.dtype), 0
    while True:
        order = rng.permutation(len(digits.train_images))
        batches = mini_batches(digits.train_images, digits.train_labels, encoding, size, order)
        for _, samples in take_steps(trainer.step, batches, lambda: eta):
            seen += samples
            yield trainer.optimizer.steps, seen
