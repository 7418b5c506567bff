"""Tools of the benchmarks: the machine, a clock, medians of rounds, an epoch as `nn train` does it, and a table."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import scipy.linalg.blas  # noqa: F401 - threadpool_limits limits the loaded libraries; SciPy has its own BLAS

from nndigits.models.network.network import Network, random_network
from nndigits.models.training.loop import train_epoch
from nndigits.stages.classifiers.classifier import processors
from nndigits.stages.runs import setup
from nndigits.stages.runs.epochs import make_trainer
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store.environment import versions


def machine() -> str:
    """Describe the processor, the number that this program may use, and the versions that times depend on."""
    used = versions()
    libraries = f"NumPy {used['numpy']}, SciPy {used['scipy']}, BLAS {used['blas']} ({used['kernel']})"
    return (
        f"{processor()}, {processors()} of {os.cpu_count()} processors; Python {platform.python_version()}, {libraries}"
    )


def processor() -> str:
    """Return the model of the processor, as the system names it."""
    cpuinfo = Path("/proc/cpuinfo")
    fields = {}
    if cpuinfo.exists():
        lines = [line.partition(":") for line in cpuinfo.read_text().split("\n\n")[0].splitlines()]
        fields = {name.strip(): value.strip() for name, _, value in lines}
    numbers = [f"{name} {fields[key]}" for name, key in (("family", "cpu family"), ("model", "model")) if key in fields]
    return " ".join([fields.get("model name") or platform.processor() or platform.machine(), *numbers])


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds that the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def medians(timers: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Return the median time of each timer. Rounds call all timers in turn, so that a slow minute affects all."""
    times: dict[str, list[float]] = {name: [] for name in timers}
    for _ in range(rounds):
        for name, measure in timers.items():
            times[name].append(measure())
    return {name: statistics.median(measured) for name, measured in times.items()}


class EpochTimer:
    """Epochs of `nn train` without reading and writing files; each call of ``epoch`` continues the training."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, parameters: Parameters) -> None:
        self.rng = np.random.default_rng(parameters.seed)
        sizes = [images[0].size, *parameters.hidden, 10]
        self.network: Network = random_network(sizes, self.rng, parameters.dtype)
        self.parameters = parameters
        self.images, self.labels = images, labels
        self.trainer = make_trainer(parameters, self.network, len(images))

    def batches(self, count: int | None = None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Return the mini-batches of an epoch of all images, or of the first ``count``."""
        return setup.epoch_batches(self.parameters, self.trainer, self.images[:count], self.labels[:count], self.rng)

    def epoch(self, count: int | None = None) -> float:
        """Train for an epoch of all images, or of the first ``count``; return the seconds."""
        return seconds(lambda: train_epoch(self.trainer, self.batches(count), len(self.images[:count])))


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a Markdown table with names on the left and numbers on the right."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    for row in [header, rule, *rows]:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print(f"| {' | '.join(cells)} |")
    print(flush=True)
