"""Measure an epoch of the chapter's network in nn and in other programs, on the processor.

Prints medians of interleaved rounds for the book's loop over single samples, scikit-learn, PyTorch (if the Python of
--torch has it), nn, and the floor: the two large matrix products of each mini-batch alone, on the same buffers.

    python benchmarks/epoch.py artifacts/data.npz --torch .venv-bench/bin/python
"""

import argparse
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import mean

import numpy as np
from book import BooksNetwork
from machine import EpochTimer, machine, medians, print_table, seconds
from scipy.linalg.blas import sgemm
from threadpoolctl import threadpool_limits

from nndigits.models.network.inputs import as_inputs
from nndigits.models.network.network import random_network
from nndigits.models.training.mini_batches import PIECE
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts

ETA, BATCH = 3.0, 10
SHORT = 7
"""Epochs in a round of nn and of the floor, which take a tenth of a second each; the others take a second or more."""
WANTED = {
    "the book's loop": ("18", "15"),
    "scikit-learn": ("7", "5"),
    "PyTorch": ("11", "7"),
    "the floor": ("1/2.5", "1/1.7"),
}
"""The targets: the least time relative to nn, for 30 and for 100 hidden neurons."""

Timer = Callable[[], float]
"""Trains for one epoch, or does its part of the work, and returns the seconds."""


def main(arguments: list[str] | None = None) -> None:
    """Measure the chapter's two networks and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--torch", type=Path, default=Path(".venv-bench/bin/python"))
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args(arguments)
    arrays = artifacts.load(options.data, "dataset").arrays
    images, labels = arrays["train_images"], arrays["train_labels"]
    with threadpool_limits(1, "blas"), pytorch(options.torch, options.data) as (version, ask):
        columns_of_times = []
        for hidden in (30, 100):
            timers = the_book(images, labels, hidden) | scikit_learn(images, labels, hidden)
            if ask is not None:
                timers |= {"PyTorch, 1 thread": partial(ask, hidden, 1), "PyTorch, 2 threads": partial(ask, hidden, 2)}
            timers |= nn(images, labels, hidden) | the_floor(images, hidden)
            columns_of_times.append(medians(timers, options.rounds))
    print(f"{machine()}; {version}")
    print(f"One epoch of {len(images):,} images, mini-batch {BATCH}, medians of {options.rounds} rounds")
    heads = [head for hidden in (30, 100) for head in (f"{images[0].size}-{hidden}-10, s", "times nn", "wanted")]
    print_table(["", *heads], [_row(name, columns_of_times) for name in columns_of_times[0]])


def _row(name: str, columns_of_times: list[dict[str, float]]) -> list[str]:
    cells = [name]
    for column, times in enumerate(columns_of_times):
        wanted = WANTED.get(name.split(",")[0], ("", ""))[column]
        cells += [f"{times[name]:.3f}", f"{times[name] / times['nn']:.2f}", wanted]
    return cells


def the_book(images: np.ndarray, labels: np.ndarray, hidden: int) -> dict[str, Timer]:
    """Time the book's loop; the columns in double precision are created before the clock starts."""
    network = BooksNetwork([images[0].size, hidden, 10], np.random.default_rng(0))
    columns = (images.reshape(len(images), -1, 1) / 255, np.eye(10)[labels][:, :, None])
    samples = list(zip(*columns, strict=True))
    return {"the book's loop": lambda: seconds(lambda: network.learn_epoch(samples, BATCH, ETA))}


def scikit_learn(images: np.ndarray, labels: np.ndarray, hidden: int) -> dict[str, Timer]:
    """Time MLPClassifier with the chapter's settings, in single precision, which is its fastest."""
    from sklearn.neural_network import MLPClassifier

    x = as_inputs(images, "float32")[:, : images[0].size].copy()
    classifier = MLPClassifier(
        (hidden,), activation="logistic", solver="sgd", alpha=0, batch_size=BATCH, learning_rate_init=ETA, momentum=0
    )
    return {"scikit-learn": lambda: seconds(lambda: classifier.partial_fit(x, labels, classes=np.arange(10)))}


def nn(images: np.ndarray, labels: np.ndarray, hidden: int) -> dict[str, Timer]:
    """Time an epoch as in `nn train`; the images are bytes when the clock starts."""
    timer = EpochTimer(images, labels, Parameters(hidden=(hidden,), batch=BATCH, eta=ETA))
    return {"nn": lambda: mean_of_short(timer.epoch)}


def the_floor(images: np.ndarray, hidden: int) -> dict[str, Timer]:
    """Time only the matrix products of the first layer in each mini-batch: forward pass and weight update.

    The calls and the buffers are those of ``models/layers/dense.py``; a few hundred images at a time are converted.
    """
    x = as_inputs(images[: PIECE // BATCH * BATCH], "float32")
    w = random_network([images[0].size, hidden, 10], np.random.default_rng(0)).layers[0].parameters
    z, delta = (np.full((BATCH, hidden), 0.1, "float32", order="F") for _ in range(2))
    batches = [x[start : start + BATCH].T for start in range(0, len(x), BATCH)]

    def multiplications() -> None:
        for step in range(len(images) // BATCH):
            columns = batches[step % len(batches)]
            w.dot(columns, z.T)
            sgemm(-1e-6, columns, delta, 1.0, w.T, False, False, True)

    return {"the floor": lambda: mean_of_short(lambda: seconds(multiplications))}


def mean_of_short(epoch: Timer) -> float:
    """Return the mean time of a few epochs."""
    return mean(epoch() for _ in range(SHORT))


@contextmanager
def pytorch(python: Path, data: Path) -> Iterator[tuple[str, Callable[[int, int], float] | None]]:
    """Yield PyTorch's version and a function that measures it; without PyTorch, the reason and None."""
    try:
        command = [python, Path(__file__).with_name("pytorch.py"), data]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    except OSError as error:
        yield f"PyTorch is left out ({python}: {error.strerror})", None
        return
    with process:
        version = process.stdout.readline().strip()

        def ask(hidden: int, threads: int) -> float:
            print(hidden, threads, BATCH, ETA, file=process.stdin, flush=True)
            return float(process.stdout.readline())

        yield (f"PyTorch {version}", ask) if version else ("PyTorch is left out (it does not start)", None)
        process.stdin.close()


if __name__ == "__main__":
    main()
