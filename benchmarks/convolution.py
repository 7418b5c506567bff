"""How long is one epoch of a convolutional network, beside PyTorch's for the same network, batch and precision?

In rounds, each way in turn, medians: PyTorch in both of its layouts and nn, on one thread and on two. Measured on a
part of the images, and given for an epoch of 50,000.

    python benchmarks/convolution.py artifacts/data.npz --torch .venv-bench/bin/python
"""

import argparse
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import scipy.linalg.blas  # noqa: F401 - its BLAS too is to be held to one thread
from machine import medians, seconds
from threadpoolctl import threadpool_limits

from nn.models.layers.initializers import INITIALIZERS, random_initializer
from nn.models.network.architecture import build
from nn.models.network.costs import COSTS
from nn.models.network.network import Network
from nn.models.training.data_parallel import DataParallel
from nn.models.training.loop import train_epoch
from nn.models.training.mini_batches import mini_batches
from nn.models.training.optimizers import OPTIMIZERS
from nn.models.training.trainer import Trainer, TrainingConfig
from nn.stages.store import artifacts

LINE = "conv 16 5x5 relu, max 2, conv 32 5x5 relu, max 2, dense 128 relu, dropout 0.5, dense 10 softmax"
BATCH, EPOCH = 100, 50_000


def nn(images: np.ndarray, labels: np.ndarray, threads: int) -> Callable[[], float]:
    """What learns from the images once, from bytes, shuffled anew each time, and says how long it took."""
    rng = np.random.default_rng(0)
    layers = build(LINE, images.shape[1:], random_initializer(INITIALIZERS["he"], rng, "float32"))
    together = DataParallel(Network(layers, COSTS["log-likelihood"]), threads)
    trainer = Trainer(together, TrainingConfig(0.05, OPTIMIZERS["momentum"]), n=len(images), steps=len(images) // BATCH)
    code = np.eye(10, dtype="float32")

    def learn() -> None:
        together.begin_epoch(rng)
        batches = mini_batches(images, labels, code, BATCH, rng.permutation(len(images)))
        train_epoch(trainer, batches, len(images))

    return lambda: seconds(learn)


@contextmanager
def pytorch(python: Path, data: Path, images: int) -> Iterator[dict[str, Callable[[], float]]]:
    """PyTorch's ways, on one thread and on two, in both layouts; none where there is no PyTorch."""
    command = [python, Path(__file__).with_name("pytorch_convolution.py"), data, str(images)]
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    except OSError as error:
        print(f"PyTorch is left out ({python}: {error.strerror})")
        yield {}
        return
    with process:
        version = process.stdout.readline().strip()

        def ask(threads: int, last: int) -> float:
            print(threads, last, file=process.stdin, flush=True)
            return float(process.stdout.readline())

        layouts = {f"PyTorch {version}": 0, f"PyTorch {version}, channels last": 1}
        yield {
            f"{name}, threads: {threads}": partial(ask, threads, last)
            for name, last in layouts.items()
            for threads in (1, 2)
            if version
        }
        process.stdin.close()


def main(arguments: list[str] | None = None) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--torch", type=Path, default=Path(".venv-bench/bin/python"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--images", type=int, default=10_000)
    asked = parser.parse_args(arguments)
    arrays = artifacts.load(asked.data, "dataset").arrays
    images, labels = arrays["train_images"][: asked.images], arrays["train_labels"][: asked.images]
    if images.shape[1:] != (28, 28):
        print(f"The convolutions are left out: they are for images of 28 x 28, and these have {images[0].size} pixels")
        return
    with pytorch(asked.torch, asked.data, asked.images) as ways, threadpool_limits(1, "blas"):
        ways |= {f"nn, threads: {threads}": nn(images, labels, threads) for threads in (1, 2)}
        found = medians(ways, asked.rounds)
    times = {name: median * EPOCH / len(images) for name, median in found.items()}
    print(f"{LINE}: momentum, mini-batch {BATCH}, float32")
    print(f"an epoch of {EPOCH:,}, from {len(images):,} images, medians of {asked.rounds} rounds")
    for name, time in sorted(times.items(), key=lambda row: row[1]):
        print(f"  {name:<40} {time:6.2f} s {time / times['nn, threads: 2']:6.2f} x nn, threads: 2")


if __name__ == "__main__":
    main()
