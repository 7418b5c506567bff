"""Measure an epoch of a convolutional network, in nn and in PyTorch, with the same mini-batch and precision.

Prints medians of interleaved rounds, on one thread and on two, for nn and for both memory layouts of PyTorch. The time
is measured on some of the images and scaled to an epoch of 50,000.

    python benchmarks/convolution.py artifacts/data.npz --torch .venv-bench/bin/python
"""

import argparse
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import scipy.linalg.blas  # noqa: F401 - loaded so that its BLAS is limited to one thread, too
from machine import medians, seconds
from threadpoolctl import threadpool_limits

from nndigits.models.layers.initializers import INITIALIZERS, random_initializer
from nndigits.models.network.architecture import build
from nndigits.models.network.costs import COSTS
from nndigits.models.network.network import Network
from nndigits.models.training.data_parallel import DataParallel
from nndigits.models.training.loop import train_epoch
from nndigits.models.training.mini_batches import mini_batches
from nndigits.models.training.optimizers import OPTIMIZERS
from nndigits.models.training.trainer import Trainer, TrainingConfig
from nndigits.stages.store import artifacts

LINE = "conv 16 5x5 relu, max 2, conv 32 5x5 relu, max 2, dense 128 relu, dropout 0.5, dense 10 softmax"
BATCH, EPOCH = 100, 50_000


def nn(images: np.ndarray, labels: np.ndarray, threads: int) -> Callable[[], float]:
    """Return a function that trains for one epoch on shuffled images, given as bytes, and returns the seconds."""
    rng = np.random.default_rng(0)
    layers = build(LINE, images.shape[1:], random_initializer(INITIALIZERS["he"], rng, "float32"))
    network = DataParallel(Network(layers, COSTS["log-likelihood"]), threads)
    trainer = Trainer(network, TrainingConfig(0.05, OPTIMIZERS["momentum"]), n=len(images), steps=len(images) // BATCH)
    targets = np.eye(10, dtype="float32")

    def train() -> None:
        network.begin_epoch(rng)
        batches = mini_batches(images, labels, targets, BATCH, rng.permutation(len(images)))
        train_epoch(trainer, batches, len(images))

    return lambda: seconds(train)


@contextmanager
def pytorch(python: Path, data: Path, images: int) -> Iterator[dict[str, Callable[[], float]]]:
    """Yield timers of PyTorch for both layouts and for one and two threads; none if PyTorch is missing."""
    command = [python, Path(__file__).with_name("pytorch_convolution.py"), data, str(images)]
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    except OSError as error:
        print(f"PyTorch is left out ({python}: {error.strerror})")
        yield {}
        return
    with process:
        version = process.stdout.readline().strip()

        def measure(threads: int, channels_last: int) -> float:
            print(threads, channels_last, file=process.stdin, flush=True)
            return float(process.stdout.readline())

        layouts = {f"PyTorch {version}": 0, f"PyTorch {version}, channels last": 1}
        yield {
            f"{name}, threads: {threads}": partial(measure, threads, channels_last)
            for name, channels_last in layouts.items()
            for threads in (1, 2)
            if version
        }
        process.stdin.close()


def main(arguments: list[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--torch", type=Path, default=Path(".venv-bench/bin/python"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--images", type=int, default=10_000)
    options = parser.parse_args(arguments)
    arrays = artifacts.load(options.data, "dataset").arrays
    images, labels = arrays["train_images"][: options.images], arrays["train_labels"][: options.images]
    if images.shape[1:] != (28, 28):
        print(f"The convolutions are left out: they are for images of 28 x 28, and these have {images[0].size} pixels")
        return
    with pytorch(options.torch, options.data, options.images) as timers, threadpool_limits(1, "blas"):
        timers |= {f"nn, threads: {threads}": nn(images, labels, threads) for threads in (1, 2)}
        times_measured = medians(timers, options.rounds)
    times = {name: median * EPOCH / len(images) for name, median in times_measured.items()}
    print(f"{LINE}: momentum, mini-batch {BATCH}, float32")
    print(f"an epoch of {EPOCH:,}, from {len(images):,} images, medians of {options.rounds} rounds")
    for name, time in sorted(times.items(), key=lambda row: row[1]):
        print(f"  {name:<40} {time:6.2f} s {time / times['nn, threads: 2']:6.2f} x nn, threads: 2")


if __name__ == "__main__":
    main()
