"""The same network trained with mini-batches of one size or another, and looked at on the way."""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from nn.models.network.network import Network, random_network
from nn.models.training.loop import take_steps
from nn.models.training.mini_batches import mini_batches
from nn.models.training.trainer import plain_trainer
from nn.stages.demos.shared import training
from nn.stages.demos.shared.data import CLASSES, Digits

LOOKS = 10

Looked = Callable[[float], None]
"""Told after each look which share of the way is done."""


class Look(NamedTuple):
    """How a network did after so many images and steps."""

    images: int
    updates: int
    accuracy: float


class Run(NamedTuple):
    """The looks at one size, ten along its images and ten along its steps."""

    by_images: list[Look]
    by_updates: list[Look]


def _start(digits: Digits, size: int, hidden: int, eta: float, seed: int) -> tuple[Network, Iterator[tuple[int, int]]]:
    """A network, the same for every size, and its steps, counted from 1, with the images seen."""
    rng = np.random.default_rng(seed)
    network = random_network([digits.pixels, hidden, CLASSES], rng)
    return network, _steps(network, digits, size, eta, rng)


def _steps(
    network: Network, digits: Digits, size: int, eta: float, rng: np.random.Generator
) -> Iterator[tuple[int, int]]:
    """Train epoch after epoch without end; after each step, yield the numbers of steps and of images so far."""
    trainer, encoding, seen = plain_trainer(network, eta), np.eye(CLASSES, dtype=network.dtype), 0
    while True:
        order = rng.permutation(len(digits.train_images))
        batches = mini_batches(digits.train_images, digits.train_labels, encoding, size, order)
        for _, samples in take_steps(trainer.step, batches, lambda: eta):
            seen += samples
            yield trainer.optimizer.steps, seen


def race(
    digits: Digits, size: int, hidden: int, eta: float, seed: int, images: int, updates: int, looked: Looked
) -> Run:
    """Learn until there are ten looks at equal distances in images, and ten in steps."""
    network, learning = _start(digits, size, hidden, eta, seed)
    looks = Run([], [])
    for step, seen in learning:
        for kept, done, total in ((looks.by_images, seen, images), (looks.by_updates, step, updates)):
            if len(kept) < LOOKS and done >= (len(kept) + 1) * total / LOOKS:
                kept.append(Look(seen, step, training.accuracy(network, digits)))
                looked((len(looks.by_images) + len(looks.by_updates)) / (2 * LOOKS))
        if len(looks.by_images) == len(looks.by_updates) == LOOKS:
            break
    return looks


def in_time(digits: Digits, size: int, hidden: int, eta: float, seed: int, seconds: float) -> Look:
    """Learn for so long; the one place where a clock decides."""
    network, learning = _start(digits, size, hidden, eta, seed)
    start, step, seen = time.perf_counter(), 0, 0
    while time.perf_counter() - start < seconds:
        step, seen = next(learning)
    return Look(seen, step, training.accuracy(network, digits))
