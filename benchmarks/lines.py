"""Where does a mini-batch of the chapter's network spend its time?

Each line of models/training/fused_step.py alone in a loop, on its own buffers; the gathering of an epoch's
images, with nothing learned from them; and whole epochs. Microseconds a mini-batch of ten, fastest of many rounds: what
is asked is what a line costs, not what else the machine did meanwhile.

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

from nn.models.training.fused_step import make_step
from nn.stages.runs.parameters import Parameters
from nn.stages.store import artifacts

BATCH = 10
LOOPS = 1000
IMAGES, SUM, EPOCH = "gathering the images", "**all of these**", "a mini-batch of an epoch"


def main(arguments: list[str] | None = None) -> None:
    """Measure the chapter's two networks and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rounds", type=int, default=30)
    asked = parser.parse_args(arguments)
    arrays = artifacts.load(asked.data, "dataset").arrays
    images, labels = arrays["train_images"], arrays["train_labels"]
    with threadpool_limits(1, "blas"):
        found = {f"{images[0].size}-{h}-10": measure(images, labels, h, asked.rounds) for h in (30, 100)}
    print(machine())
    print(f"Microseconds a mini-batch of {BATCH}, fastest of {asked.rounds} rounds")
    names = next(iter(found.values()))
    print_table(["", *found], [[name, *(f"{times[name]:.2f}" for times in found.values())] for name in names])


def measure(images: np.ndarray, labels: np.ndarray, hidden: int, rounds: int) -> dict[str, float]:
    """Microseconds of the images, of each line, of all these together, and of a mini-batch of an epoch."""
    learner = EpochTimer(images, labels, Parameters(hidden=(hidden,), batch=BATCH))
    batches = len(images) / BATCH
    ways = {
        IMAGES: lambda: seconds(lambda: deque(learner.batches(), maxlen=0)) / batches,
        **lines(learner),
        EPOCH: lambda: learner.epoch() / batches,
    }
    fastest = {name: 1e6 * min(found) for name, found in in_rounds(ways, rounds).items()}
    epoch = fastest.pop(EPOCH)
    return {**fastest, SUM: sum(fastest.values()), EPOCH: epoch}


def lines(learner: EpochTimer) -> dict[str, Callable[[], float]]:
    """For each line of the step what measures it, in seconds: it sees the step's variables, left by a whole step."""
    step = make_step(learner.network, BATCH)
    x, y = next(learner.batches())
    eta = 1e-9  # so that the weights stay as they are
    names = {**inspect.getclosurevars(step).nonlocals, "step": step, "x": x, "y": y, "eta": eta}
    source, _ = inspect.getsourcelines(step)
    ways = {}
    for line in (line.partition("#")[0].strip() for line in source[1:-1]):
        exec(line, names)  # as some lines name what the next ones take
        timer = timeit.Timer(line, "step(x, y, eta)", globals=names)
        ways[f"`{line}`"] = lambda timer=timer: timer.timeit(LOOPS) / LOOPS
    return ways


if __name__ == "__main__":
    main()
