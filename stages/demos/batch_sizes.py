"""The same network trained with mini-batches of different sizes, and its accuracy by size and learning rate."""

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from nndigits.models.network.network import Network, random_network
from nndigits.models.training.loop import take_steps
from nndigits.models.training.mini_batches import mini_batches
from nndigits.models.training.trainer import plain_trainer
from nndigits.stages.demos.shared import training
from nndigits.stages.demos.shared.data import CLASSES, Digits
from nndigits.stages.demos.shared.texts import Cell, Say, Table, joined, listed
from nndigits.stages.figures.figure import Panel

say = Say("online")

MEASUREMENTS = 10
LEARNED = 0.25
"""A learning rate at which no size reaches this accuracy is too small or too large for all, and names no best size."""


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


class RateGrid(NamedTuple):
    """The test accuracy after the same number of images, a row for each learning rate, a column for each size."""

    rates: tuple[float, ...]
    sizes: tuple[int, ...]
    images: int
    accuracies: list[list[float]]

    @property
    def by_size(self) -> list[tuple[int, tuple[float, ...]]]:
        """The accuracies at each rate for each size."""
        return list(zip(self.sizes, zip(*self.accuracies, strict=True), strict=True))

    def table(self) -> Table:
        """Return the grid as a table."""
        title = say("test-accuracy-in-after-images", images=self.images)
        heads = ("eta", *(say("mini-batch-2", size=size) for size in self.sizes))
        rows: list[tuple[Cell, ...]] = [
            (f"{rate:g}", *(round(100 * accuracy, 2) for accuracy in row))
            for rate, row in zip(self.rates, self.accuracies, strict=True)
        ]
        return say.table(title, heads, rows)

    def findings(self) -> tuple[str, ...]:
        """Say which size is best at which learning rate, and how good each size is at its own best one."""
        if len(self.sizes) < 2:
            return ()
        best: dict[int, list[str]] = {}
        for rate, row in zip(self.rates, self.accuracies, strict=True):
            if max(row) >= LEARNED:
                best.setdefault(self.sizes[row.index(max(row))], []).append(f"{rate:g}")
        named = (say("mini-batches-of-at-eta", size=size, rates=listed(rates)) for size, rates in best.items())
        winners = joined(*named, by="; and ", in_chinese="；")
        which = "the-best-size-depends-on" if len(best) > 1 else "the-most-accurate-are"
        own = (
            say("reaches-accuracy-1-at-rate", size=size, accuracy=max(some), rate=self.rates[some.index(max(some))])
            for size, some in self.by_size
        )
        return say(which, winners=winners) if best else "", say("each-size-at-its-own", sizes=listed(own))

    def panel(self) -> Panel:
        """Plot the accuracy by learning rate, a curve for each size."""
        curves = (
            say.curve(self.rates, [100 * one for one in some], f"{size}", "marked") for size, some in self.by_size
        )
        title = say("after-images-images-mini-batches", images=self.images)
        return say.panel(title, "eta", "test-accuracy", *curves, log_x=True)

    def as_json(self) -> dict[str, Any]:
        """Return the grid for ``Demo.values``: an accuracy for each learning rate and size."""
        return {
            "images": self.images,
            "accuracy": [
                {"eta": rate, "size": size, "accuracy": accuracy}
                for rate, row in zip(self.rates, self.accuracies, strict=True)
                for size, accuracy in zip(self.sizes, row, strict=True)
            ],
        }
