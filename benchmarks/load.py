"""What happens to an epoch when other programs keep every processor busy?

A BLAS with as many threads as there are processors waits, spinning, for its slowest thread; when another program has
that thread's processor, every little product waits for the scheduler. Measured alone and under load: nn as it sets
itself, and the same epoch with BLAS left to itself.

    python benchmarks/load.py artifacts/data.npz
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import mean

import numpy as np
from learn import EpochTimer
from machine import machine, medians, print_table
from threadpoolctl import threadpool_limits

from nn.stages.classifiers.classifier import processors
from nn.stages.runs.parameters import Parameters
from nn.stages.store import artifacts
from nn.stages.train import train

NETWORKS = ((30, 10), (30, 100), (1000, 1000))
"""Hidden neurons, and images in a mini-batch. BLAS itself leaves products as small as the first ones to one thread."""

IMAGES = 10_000
AT_LEAST = 1.0
"""Seconds of epochs of which a round has the mean: what is shorter than the scheduler's turns is a matter of luck."""


def main(arguments: list[str] | None = None) -> None:
    """Measure both networks alone and under load, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--at-least", type=float, default=AT_LEAST, help="seconds that a round has the mean of")
    asked = parser.parse_args(arguments)
    data = artifacts.load(asked.data, "dataset")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "data.npz"
        counts = {"train": IMAGES, "validation": 0}  # what is read after an epoch is not learned from
        kept = {name: array[: counts.get(name.split("_")[0])] for name, array in data.arrays.items()}
        artifacts.save(part, data.meta, kept)
        for hidden, batch in NETWORKS:
            ways = {
                "nn": partial(as_nn_sets_itself, part, hidden, batch),
                f"BLAS on {processors()} threads": partial(with_blas_threads, kept, hidden, batch),
            }
            ways = {name: partial(mean_of_epochs, way, asked.at_least) for name, way in ways.items()}
            alone = medians(ways, asked.rounds)
            with busy():
                loaded = medians(ways, asked.rounds)
            for name in ways:
                figures = (f"{alone[name]:.3f}", f"{loaded[name]:.3f}", f"{loaded[name] / alone[name]:.1f}")
                rows.append([f"{hidden} hidden, mini-batch {batch}: {name}", *figures])
    print(machine())
    count = len(kept["train_images"])
    print(f"One epoch of {count:,} images, medians of {asked.rounds} rounds; load: {processors()} busy processes")
    print_table(["", "alone, s", "under load, s", "times"], rows)


def mean_of_epochs(epoch: Callable[[], float], at_least: float) -> float:
    """The mean of as many epochs as it takes to learn for so many seconds."""
    times: list[float] = []
    while sum(times) < at_least:
        times.append(epoch())
    return mean(times)


def as_nn_sets_itself(data: Path, hidden: int, batch: int) -> float:
    """The seconds that an epoch takes in `nn train`, with the threads that it chooses."""
    report = train(data, data.with_name("weights.npz"), Parameters(hidden=(hidden,), epochs=1, batch=batch))
    return report.seconds


def with_blas_threads(arrays: dict[str, np.ndarray], hidden: int, batch: int) -> float:
    """The seconds that the same epoch takes where BLAS uses every processor."""
    parameters = Parameters(hidden=(hidden,), batch=batch)
    with threadpool_limits(processors(), "blas"):
        return EpochTimer(arrays["train_images"], arrays["train_labels"], parameters).epoch()


@contextmanager
def busy() -> Iterator[None]:
    """Keep every processor busy with another program."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processors())]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


if __name__ == "__main__":
    main()
