"""Measure how the time of an epoch grows with the number of images, neurons and layers and with the mini-batch.

Prints tables and draws docs/growth.svg. A long epoch is measured in part and scaled; the table has the number of
measured images. GFLOP/s is the arithmetic of the matrix products divided by the total time. The fastest round counts,
because other programs on the machine only add time.

    python benchmarks/growth.py artifacts/data.npz --figure docs/growth.svg
"""

import argparse
import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from machine import EpochTimer, machine, print_table
from threadpoolctl import threadpool_limits

from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts

DTYPES = ("float32", "float64")


@dataclass(frozen=True)
class Sweep:
    """One quantity that varies, its values, and the fixed numbers of neurons, layers and samples in a mini-batch.

    ``proportional`` draws a line where the time would be proportional to the quantity.
    """

    title: str
    values: tuple[int, ...]
    hidden: int = 30
    layers: int = 1
    batch: int = 10
    proportional: bool = False


def sweeps_of(images: int) -> dict[str, Sweep]:
    """Return the sweeps for this number of images. Of MNIST's 50,000, the largest is 600,000."""
    counts = tuple(int(times * images) for times in (0.2, 0.4, 1, 2, 4, 12))
    return {
        "images": Sweep("training images", counts, proportional=True),
        "hidden": Sweep("hidden neurons", (10, 30, 100, 300, 1000, 3000), proportional=True),
        "layers": Sweep("hidden layers of 30", (1, 2, 3, 4, 5)),
        "batch": Sweep("mini-batch", (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000)),
    }


Results = dict[tuple[str, str, int], tuple[float, int, float]]
"""(sweep, dtype, value) -> (seconds per epoch, images measured, GFLOP/s)."""


def main(arguments: list[str] | None = None) -> None:
    """Measure, print the tables and draw the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--figure", type=Path)
    parser.add_argument("--budget", type=float, default=0.5, help="seconds that one measurement should take")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args(arguments)
    arrays = artifacts.load(options.data, "dataset").arrays
    images = arrays["train_images"]
    sweeps = sweeps_of(len(images))
    with threadpool_limits(1, "blas"):
        results = measure(sweeps, images, arrays["train_labels"], options.budget, options.rounds)
    print(
        f"{machine()}; one thread, 784-30-10 and mini-batch 10 but for what grows, fastest of {options.rounds} rounds"
    )
    for name, sweep in sweeps.items():
        heads = [f"{dtype} {what}" for dtype in DTYPES for what in ("s", "GFLOP/s", "measured")]
        rows = [[f"{value:,}", *_cells(results, name, value)] for value in sweep.values]
        print_table([sweep.title, *heads], rows)
    if options.figure is not None:
        draw(sweeps, results, options.figure)


def _cells(results: Results, name: str, value: int) -> list[str]:
    cells = []
    for dtype in DTYPES:
        time, measured, rate = results[name, dtype, value]
        cells += [f"{time:.3f}", f"{rate:.1f}", f"{measured:,}"]
    return cells


def measure(sweeps: dict[str, Sweep], images: np.ndarray, labels: np.ndarray, budget: float, rounds: int) -> Results:
    """Return the fastest of several rounds of all sweeps in both precisions."""
    all_results = [measure_once(sweeps, images, labels, budget) for _ in range(rounds)]
    return {key: min(results[key] for results in all_results) for key in all_results[0]}


def measure_once(sweeps: dict[str, Sweep], images: np.ndarray, labels: np.ndarray, budget: float) -> Results:
    """Measure all sweeps once."""
    results: Results = {}
    for name, sweep in sweeps.items():
        for value in sweep.values:
            settings = {"hidden": sweep.hidden, "layers": sweep.layers, "batch": sweep.batch, name: value}
            count = settings.pop("images", len(images))
            repeated = np.resize(images, (count, *images.shape[1:])), np.resize(labels, count)
            for dtype in DTYPES:
                most = math.inf if name == "images" else budget  # a sweep over the number of images measures them all
                results[name, dtype, value] = epoch(*repeated, **settings, dtype=dtype, budget=most)
    return results


def epoch(
    images: np.ndarray, labels: np.ndarray, *, hidden: int, layers: int, batch: int, dtype: str, budget: float
) -> tuple[float, int, float]:
    """Measure as many images as the budget allows; return the seconds per epoch, that number of images, and GFLOP/s."""
    batch = min(batch, len(images))
    parameters = Parameters(hidden=(hidden,) * layers, batch=batch, eta=0.01, dtype=dtype)
    timer = EpochTimer(images, labels, parameters)
    few = min(len(images), max(batch, 500))
    timer.epoch(few)  # allocates the buffers and warms the caches
    count = int(min(len(images), max(few, few * budget / timer.epoch(few)) // batch * batch))
    seconds = timer.epoch(count)
    sizes = [images[0].size, *parameters.hidden, 10]
    first, *later = [(before + 1) * after for before, after in pairwise(sizes)]
    operations = 2 * (2 * first + 3 * sum(later))  # forward, gradient, and backward except for the first layer
    return seconds / count * len(images), count, operations * count / seconds / 1e9


def draw(sweeps: dict[str, Sweep], results: Results, path: Path) -> None:
    """Draw one panel per sweep, with logarithmic axes."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "nn", "font.size": 9}):
        figure = Figure(figsize=(9, 6.4), layout="constrained")
        for (name, sweep), axes in zip(sweeps.items(), figure.subplots(2, 2).flat, strict=True):
            _panel(axes, results, name, sweep)
        figure.suptitle("Seconds an epoch of 50,000 images, 784-30-10, mini-batch 10, but for what grows", fontsize=10)
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None, dpi=120)


def _panel(axes: Any, results: Results, name: str, sweep: Sweep) -> None:
    for dtype, marker in zip(DTYPES, "os", strict=True):
        times = [results[name, dtype, value][0] for value in sweep.values]
        axes.plot(sweep.values, times, marker=marker, markersize=4, label=dtype)
    if sweep.proportional:
        last = results[name, DTYPES[0], sweep.values[-1]][0] / sweep.values[-1]
        axes.plot(sweep.values, [value * last for value in sweep.values], ":", color="0.5", label="proportional")
    if name != "layers":
        axes.set_xscale("log")
    axes.set(yscale="log", xlabel=sweep.title, ylabel="seconds an epoch")
    axes.set_xticks(sweep.values, [f"{value:,}" for value in sweep.values], rotation=30)
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
