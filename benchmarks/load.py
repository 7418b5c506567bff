"""Measure an epoch while other programs keep every processor busy.

A BLAS with one thread per processor waits, spinning, for its slowest thread. If another program runs on that thread's
processor, every small product waits for the scheduler. The benchmark measures nn with the threads that it chooses, and
the same epoch with BLAS on all processors, both alone and under load.

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

from nndigits.stages.classifiers.classifier import processors
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.train import train

NETWORKS = ((30, 10), (30, 100), (1000, 1000))
"""Hidden neurons, and images in a mini-batch. BLAS computes the small products of the first on one thread by itself."""

IMAGES = 10_000
AT_LEAST = 1.0
"""Seconds of epochs in a round, which has their mean: times below the scheduler's time slice vary too much."""


def main(arguments: list[str] | None = None) -> None:
    """Measure both networks alone and under load, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--at-least", type=float, default=AT_LEAST, help="seconds of epochs in a round")
    options = parser.parse_args(arguments)
    data = artifacts.load(options.data, "dataset")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.npz"
        counts = {"train": IMAGES, "validation": 0}  # validation would add to the time of an epoch
        kept = {name: array[: counts.get(name.split("_")[0])] for name, array in data.arrays.items()}
        artifacts.save(path, data.meta, kept)
        for hidden, batch in NETWORKS:
            timers = {
                "nn": partial(with_threads_of_nn, path, hidden, batch),
                f"BLAS on {processors()} threads": partial(with_blas_threads, kept, hidden, batch),
            }
            timers = {name: partial(mean_of_epochs, timer, options.at_least) for name, timer in timers.items()}
            alone = medians(timers, options.rounds)
            with busy():
                loaded = medians(timers, options.rounds)
            for name in timers:
                figures = (f"{alone[name]:.3f}", f"{loaded[name]:.3f}", f"{loaded[name] / alone[name]:.1f}")
                rows.append([f"{hidden} hidden, mini-batch {batch}: {name}", *figures])
    print(machine())
    count = len(kept["train_images"])
    print(f"One epoch of {count:,} images, medians of {options.rounds} rounds; load: {processors()} busy processes")
    print_table(["", "alone, s", "under load, s", "times"], rows)


def mean_of_epochs(epoch: Callable[[], float], at_least: float) -> float:
    """Return the mean seconds per epoch, over epochs that take ``at_least`` seconds together."""
    times: list[float] = []
    while sum(times) < at_least:
        times.append(epoch())
    return mean(times)


def with_threads_of_nn(data: Path, hidden: int, batch: int) -> float:
    """Return the seconds of an epoch of `nn train`, with the threads that it chooses."""
    report = train(data, data.with_name("weights.npz"), Parameters(hidden=(hidden,), epochs=1, batch=batch))
    return report.seconds


def with_blas_threads(arrays: dict[str, np.ndarray], hidden: int, batch: int) -> float:
    """Return the seconds of the same epoch with one BLAS thread per processor."""
    parameters = Parameters(hidden=(hidden,), batch=batch)
    with threadpool_limits(processors(), "blas"):
        return EpochTimer(arrays["train_images"], arrays["train_labels"], parameters).epoch()


@contextmanager
def busy() -> Iterator[None]:
    """Keep every processor busy with other programs."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processors())]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


if __name__ == "__main__":
    main()
