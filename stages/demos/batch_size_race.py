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

OnMeasurement = Callable[[float], None]
"""Called after each measurement with the share of the race that is done."""


class Measurement(NamedTuple):
    """The test accuracy after a number of images and updates."""

    images: int
    updates: int
    accuracy: float


class Run(NamedTuple):
    """Ten measurements at equal distances in images, and ten in updates, for one mini-batch size."""

    by_images: list[Measurement]
    by_updates: list[Measurement]


def _start(digits: Digits, size: int, hidden: int, eta: float, seed: int) -> tuple[Network, Iterator[tuple[int, int]]]:
    """Return a new network, the same for every size, and the iterator that trains it."""
    rng = np.random.default_rng(seed)
    network = random_network([digits.pixels, hidden, CLASSES], rng)
    return network, _steps(network, digits, size, eta, rng)


def _steps(
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


def race(
    digits: Digits,
    size: int,
    hidden: int,
    eta: float,
    seed: int,
    images: int,
    updates: int,
    on_measurement: OnMeasurement,
) -> Run:
    """Train until both ``images`` images and ``updates`` updates are done, and measure ten times along each."""
    network, steps = _start(digits, size, hidden, eta, seed)
    run = Run([], [])
    for step, seen in steps:
        for kept, done, total in ((run.by_images, seen, images), (run.by_updates, step, updates)):
            if len(kept) < MEASUREMENTS and done >= (len(kept) + 1) * total / MEASUREMENTS:
                kept.append(Measurement(seen, step, training.accuracy(network, digits)))
                on_measurement((len(run.by_images) + len(run.by_updates)) / (2 * MEASUREMENTS))
        if len(run.by_images) == len(run.by_updates) == MEASUREMENTS:
            break
    return run


def accuracy_after(digits: Digits, size: int, hidden: int, eta: float, seed: int, images: int) -> float:
    """Train on ``images`` images, and return the test accuracy."""
    network, steps = _start(digits, size, hidden, eta, seed)
    next(step for step, seen in steps if seen >= images)
    return training.accuracy(network, digits)


def train_for(digits: Digits, size: int, hidden: int, eta: float, seed: int, seconds: float) -> Measurement:
    """Train for a number of seconds and measure once. The result varies from run to run."""
    network, steps = _start(digits, size, hidden, eta, seed)
    start, step, seen = time.perf_counter(), 0, 0
    while time.perf_counter() - start < seconds:
        step, seen = next(steps)
    return Measurement(seen, step, training.accuracy(network, digits))
