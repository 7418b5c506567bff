"""How long is one epoch of the chapter's network, beside the book's own way of learning?

Runs in one process, each in turn, and prints medians: the book's loop over single samples, nn, and the two large matrix
products of each mini-batch alone, which no way of training can do without.

    python benchmarks/epoch.py DATA
"""

import statistics
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from nn.models.network import random_network
from nn.models.sgd import train_epoch
from nn.stages import store

ROUNDS = 3
ETA, BATCH = 3.0, 10


def the_books_loop(images: np.ndarray, labels: np.ndarray, hidden: int, order: np.ndarray) -> None:
    """Chapter 1's ``update_mini_batch`` and ``backprop`` in Python 3: one sample at a time, float64 columns."""
    rng = np.random.default_rng(0)
    sizes = [images.shape[1], hidden, 10]
    biases = [rng.standard_normal((n, 1)) for n in sizes[1:]]
    weights = [rng.standard_normal((n, m)) for m, n in pairwise(sizes)]
    for start in range(0, len(order), BATCH):
        nabla_b = [np.zeros(b.shape) for b in biases]
        nabla_w = [np.zeros(w.shape) for w in weights]
        for k in order[start : start + BATCH]:
            x, y = images[k].reshape(-1, 1), np.eye(10)[:, labels[k], None]
            activations, zs = [x], []
            for b, w in zip(biases, weights, strict=True):
                zs.append(w @ activations[-1] + b)
                activations.append(1 / (1 + np.exp(-zs[-1])))
            slope = activations[-1] * (1 - activations[-1])
            delta = (activations[-1] - y) * slope
            nabla_b[-1] += delta
            nabla_w[-1] += delta @ activations[-2].T
            delta = (weights[-1].T @ delta) * activations[-2] * (1 - activations[-2])
            nabla_b[-2] += delta
            nabla_w[-2] += delta @ activations[-3].T
        weights = [w - ETA / BATCH * n for w, n in zip(weights, nabla_w, strict=True)]
        biases = [b - ETA / BATCH * n for b, n in zip(biases, nabla_b, strict=True)]


def the_floor(count: int, hidden: int) -> None:
    """The products of a mini-batch with the first layer, forwards and for the gradient, and nothing else."""
    x, w, delta = (np.ones(shape, "float32") for shape in ((1000, 784), (hidden, 784), (BATCH, hidden)))
    z, gradient = np.empty((BATCH, hidden), "float32"), np.empty_like(w)
    for start in range(0, count, BATCH):
        batch = x[start % 1000 : start % 1000 + BATCH]
        np.matmul(batch, w.T, out=z)
        np.matmul(delta.T, batch, out=gradient)


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure(images: np.ndarray, labels: np.ndarray, hidden: int) -> None:
    """Measure one size of network, and print a line for each way."""
    reals = images.reshape(len(images), -1) / 255
    order = np.random.default_rng(0).permutation(len(images))
    network = random_network([reals.shape[1], hidden, 10], np.random.default_rng(0))
    ways: dict[str, Callable[[], object]] = {
        "the book's loop": lambda: the_books_loop(reals, labels, hidden, order),
        "nn": lambda: train_epoch(
            network, images, labels, mini_batch_size=BATCH, eta=ETA, rng=np.random.default_rng(0)
        ),
        "the floor": lambda: the_floor(len(images), hidden),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    with threadpool_limits(1, "blas"):
        for _ in range(ROUNDS):
            for name, work in ways.items():
                times[name].append(seconds(work))
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"one epoch of {len(images):,}, {network}, mini-batch {BATCH}, one thread, median of {ROUNDS}")
    for name, median in medians.items():
        print(f"  {name:<16} {median:7.3f} s   {median / medians['nn']:6.2f} x nn")


def main() -> None:
    """Measure the chapter's two networks."""
    arrays = store.load(Path(sys.argv[1]), "dataset").arrays
    for hidden in (30, 100):
        measure(arrays["train_images"], arrays["train_labels"], hidden)


if __name__ == "__main__":
    main()
