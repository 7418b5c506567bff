"""Measure where a mini-batch of the chapter's network spends its time.

Times each line of models/training/fused_step.py alone in a loop, on its own buffers; the gathering of an epoch's images
without training; and whole epochs. The results are microseconds per mini-batch of ten. The fastest round counts,
because other programs on the machine only add time.

    python benchmarks/lines.py artifacts/data.npz
"""

import argparse
import inspect
import timeit
from collections import deque
from collections.abc import Callable
from pathlib import Path

import numpy as np
from learn import EpochTimer
from machine import in_rounds, machine, print_table, seconds
from threadpoolctl import threadpool_limits

from nndigits.models.training.fused_step import make_step
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts

BATCH = 10
LOOPS = 1000
IMAGES, SUM, EPOCH = "gathering the images", "**all of these**", "a mini-batch of an epoch"


def main(arguments: list[str] | None = None) -> None:
    """Measure the chapter's two networks and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args(arguments)
    arrays = artifacts.load(options.data, "dataset").arrays
    images, labels = arrays["train_images"], arrays["train_labels"]
    with threadpool_limits(1, "blas"):
        results = {f"{images[0].size}-{h}-10": measure(images, labels, h, options.rounds) for h in (30, 100)}
    print(machine())
    print(f"Microseconds a mini-batch of {BATCH}, fastest of {options.rounds} rounds")
    names = next(iter(results.values()))
    print_table(["", *results], [[name, *(f"{times[name]:.2f}" for times in results.values())] for name in names])


def measure(images: np.ndarray, labels: np.ndarray, hidden: int, rounds: int) -> dict[str, float]:
    """Return the microseconds of gathering the images, of each line, of their sum, and of a mini-batch in an epoch."""
    timer = EpochTimer(images, labels, Parameters(hidden=(hidden,), batch=BATCH))
    batches = len(images) / BATCH
    timers = {
        IMAGES: lambda: seconds(lambda: deque(timer.batches(), maxlen=0)) / batches,
        **lines(timer),
        EPOCH: lambda: timer.epoch() / batches,
    }
    fastest = {name: 1e6 * min(times) for name, times in in_rounds(timers, rounds).items()}
    epoch = fastest.pop(EPOCH)
    return {**fastest, SUM: sum(fastest.values()), EPOCH: epoch}


def lines(timer: EpochTimer) -> dict[str, Callable[[], float]]:
    """Return, for each line of the step, a function that measures its seconds on the variables of a whole step."""
    step = make_step(timer.network, BATCH)
    x, y = next(timer.batches())
    eta = 1e-9  # keeps the weights nearly constant
    names = {**inspect.getclosurevars(step).nonlocals, "step": step, "x": x, "y": y, "eta": eta}
    source, _ = inspect.getsourcelines(step)
    timers = {}
    for line in (line.partition("#")[0].strip() for line in source[1:-1]):
        exec(line, names)  # because some lines define what later ones use
        loop = timeit.Timer(line, "step(x, y, eta)", globals=names)
        timers[f"`{line}`"] = lambda loop=loop: loop.timeit(LOOPS) / LOOPS
    return timers


if __name__ == "__main__":
    main()
