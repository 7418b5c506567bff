"""How does the time of an epoch grow with the images, the neurons, the layers and the mini-batch?

Prints a table and draws docs/growth.svg. Where an epoch is long a part of it is measured and the rest reckoned: the
table says how many images were. GFLOP/s is the arithmetic of the matrix products over the time of everything. Of all
rounds the fastest counts: a curve should bend where the machine does, and not where a neighbour came by.

    python benchmarks/growth.py artifacts/data.npz --figure docs/growth.svg
"""

import argparse
import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from learn import EpochTimer
from machine import machine, print_table
from threadpoolctl import threadpool_limits

from nn.stages.runs.parameters import Parameters
from nn.stages.store import artifacts

DTYPES = ("float32", "float64")


@dataclass(frozen=True)
class Question:
    """What grows, the values that it takes, and what stays: hidden neurons, hidden layers, mini-batch."""

    title: str
    values: tuple[int, ...]
    hidden: int = 30
    layers: int = 1
    batch: int = 10
    proportional: bool = False


def questions(images: int) -> dict[str, Question]:
    """What is asked where there are so many images; of MNIST, the most is ten times the 60,000 that it has."""
    counts = tuple(int(times * images) for times in (0.2, 0.4, 1, 2, 4, 12))
    return {
        "images": Question("training images", counts, proportional=True),
        "hidden": Question("hidden neurons", (10, 30, 100, 300, 1000, 3000), proportional=True),
        "layers": Question("hidden layers of 30", (1, 2, 3, 4, 5)),
        "batch": Question("mini-batch", (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000)),
    }


Found = dict[tuple[str, str, int], tuple[float, int, float]]
"""(question, dtype, value) -> (seconds an epoch, images measured, GFLOP/s)."""


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--figure", type=Path)
    parser.add_argument("--budget", type=float, default=0.5, help="seconds that one measurement should take")
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args(arguments)
    arrays = artifacts.load(asked.data, "dataset").arrays
    images = arrays["train_images"]
    asked_for = questions(len(images))
    with threadpool_limits(1, "blas"):
        found = measure(asked_for, images, arrays["train_labels"], asked.budget, asked.rounds)
    print(f"{machine()}; one thread, 784-30-10 and mini-batch 10 but for what grows, fastest of {asked.rounds} rounds")
    for name, question in asked_for.items():
        heads = [f"{dtype} {what}" for dtype in DTYPES for what in ("s", "GFLOP/s", "measured")]
        rows = [[f"{value:,}", *_cells(found, name, value)] for value in question.values]
        print_table([question.title, *heads], rows)
    if asked.figure is not None:
        draw(asked_for, found, asked.figure)


def _cells(found: Found, name: str, value: int) -> list[str]:
    cells = []
    for dtype in DTYPES:
        time, measured, rate = found[name, dtype, value]
        cells += [f"{time:.3f}", f"{rate:.1f}", f"{measured:,}"]
    return cells


def measure(asked: dict[str, Question], images: np.ndarray, labels: np.ndarray, budget: float, rounds: int) -> Found:
    """Ask every question in both precisions, in rounds of all; the fastest."""
    all_found = [ask(asked, images, labels, budget) for _ in range(rounds)]
    return {of: min(found[of] for found in all_found) for of in all_found[0]}


def ask(asked: dict[str, Question], images: np.ndarray, labels: np.ndarray, budget: float) -> Found:
    """Ask every question once."""
    found: Found = {}
    for name, question in asked.items():
        for value in question.values:
            settings = {"hidden": question.hidden, "layers": question.layers, "batch": question.batch, name: value}
            count = settings.pop("images", len(images))
            repeated = np.resize(images, (count, *images.shape[1:])), np.resize(labels, count)
            for dtype in DTYPES:
                most = math.inf if name == "images" else budget  # their number is the question: no part will do
                found[name, dtype, value] = epoch(*repeated, **settings, dtype=dtype, budget=most)
    return found


def epoch(
    images: np.ndarray, labels: np.ndarray, *, hidden: int, layers: int, batch: int, dtype: str, budget: float
) -> tuple[float, int, float]:
    """Measure as many images as the budget allows; give the seconds of all, how many were measured, and GFLOP/s."""
    batch = min(batch, len(images))
    parameters = Parameters(hidden=(hidden,) * layers, batch=batch, eta=0.01, dtype=dtype)
    learner = EpochTimer(images, labels, parameters)
    few = min(len(images), max(batch, 500))
    learner.epoch(few)  # the buffers are made, the caches warm
    count = int(min(len(images), max(few, few * budget / learner.epoch(few)) // batch * batch))
    taken = learner.epoch(count)
    sizes = [images[0].size, *parameters.hidden, 10]
    first, *later = [(before + 1) * after for before, after in pairwise(sizes)]
    operations = 2 * (2 * first + 3 * sum(later))  # forwards, backwards but for the first layer, and the gradient
    return taken / count * len(images), count, operations * count / taken / 1e9


def draw(asked: dict[str, Question], found: Found, path: Path) -> None:
    """One panel a question, the axes logarithmic; a dotted line where time would be proportional."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "nn", "font.size": 9}):
        figure = Figure(figsize=(9, 6.4), layout="constrained")
        for (name, question), axes in zip(asked.items(), figure.subplots(2, 2).flat, strict=True):
            _panel(axes, found, name, question)
        figure.suptitle("Seconds an epoch of 50,000 images, 784-30-10, mini-batch 10, but for what grows", fontsize=10)
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None, dpi=120)


def _panel(axes: Any, found: Found, name: str, question: Question) -> None:
    for dtype, marker in zip(DTYPES, "os", strict=True):
        times = [found[name, dtype, value][0] for value in question.values]
        axes.plot(question.values, times, marker=marker, markersize=4, label=dtype)
    if question.proportional:
        last = found[name, DTYPES[0], question.values[-1]][0] / question.values[-1]
        axes.plot(question.values, [value * last for value in question.values], ":", color="0.5", label="proportional")
    if name != "layers":
        axes.set_xscale("log")
    axes.set(yscale="log", xlabel=question.title, ylabel="seconds an epoch")
    axes.set_xticks(question.values, [f"{value:,}" for value in question.values], rotation=30)
    axes.minorticks_off()
    low, high = axes.get_ylim()
    ticks = [tick for power in range(-4, 4) for tick in np.array([1, 1.5, 2, 3, 5, 7]) * 10.0**power]
    if high / low > 20:
        ticks = [tick for tick in ticks if f"{tick:g}".strip("0.") in ("1", "2", "5")]
    axes.set_yticks([tick for tick in ticks if low <= tick <= high])
    axes.set_yticklabels([f"{tick:g}" for tick in ticks if low <= tick <= high])
    axes.grid(color="0.9")
    axes.legend(frameon=False)


if __name__ == "__main__":
    main()
