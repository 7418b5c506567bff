"""Measure where a mini-batch of a convolutional network spends its time, layer by layer, on one thread.

Each pass of each layer is timed within whole mini-batches of half a hundred samples, as each of two threads has them.
The peak is the speed of one large product in the same run. A share of the peak counts only the multiplications of the
layer's products, but all of its time: copies of windows, biases and sums of gradients too. Medians.

    python benchmarks/layers.py artifacts/data.npz
"""

import argparse
import statistics
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
from machine import machine, print_table, seconds
from threadpoolctl import threadpool_limits

from nndigits.models.arrays.blas import load
from nndigits.models.arrays.types import Array
from nndigits.models.layers.base import TrainableLayer
from nndigits.models.layers.convolution import Convolution
from nndigits.models.layers.initializers import INITIALIZERS, random_initializer
from nndigits.models.network.architecture import build
from nndigits.models.network.costs import COSTS
from nndigits.models.network.inputs import as_inputs
from nndigits.models.network.network import Network
from nndigits.stages.store import artifacts

PASSES = ("forward", "backward", "gradient", "input gradient")
LINE = "conv 16 5x5 relu, max 2, conv 32 5x5 relu, max 2, dense 128 relu, dropout 0.5, dense 10 softmax"
SAMPLES = 50
"""Of a mini-batch of 100, what each of two threads has."""
SIDE = 512
"""Rows and columns of the large product, which is as fast here as any."""

Times = dict[tuple[int, str], list[float]]
"""(the layer's number, pass) -> the seconds of each mini-batch."""


def mini_batch(network: Network, x: Array, y: Array, times: Times) -> None:
    """Train on a mini-batch, without the update, and add the seconds of each pass."""

    def timed(number: int, name: str, work: Callable[[], object]) -> None:
        times[number, name].append(seconds(work))

    outputs = [x]
    for number, layer in enumerate(network.layers):
        timed(number, "forward", lambda layer=layer: outputs.append(layer.forward(outputs[-1], True)))
    network.cost.evaluate(network.last.a, y, network.last.delta)
    for number in range(len(network.layers) - 1, 0, -1):
        later, layer, gradients = network.layers[number], network.layers[number - 1], []
        timed(number, "input gradient", lambda later=later, found=gradients: found.append(later.input_gradient()))
        timed(number - 1, "backward", lambda layer=layer, found=gradients: layer.backward(found[0]))
    for number, layer in enumerate(network.layers):
        if isinstance(layer, TrainableLayer):
            out = np.empty_like(layer.parameters)
            timed(number, "gradient", lambda layer=layer, out=out: layer.gradient(out))


def rows(network: Network, times: Times, peak: float) -> list[list[str]]:
    """Return a row for each layer: the milliseconds of its passes and their share of the peak; and the sums."""
    table, sums = [], {name: [0.0, 0.0] for name in ("the convolutions", "all")}  # products, seconds
    for number, layer in enumerate(network.layers):
        medians = {name: statistics.median(times[number, name]) for name in PASSES if times[number, name]}
        cells = [f"{1e3 * medians[name]:.2f}" if name in medians else "" for name in PASSES]
        spent = sum(medians.values())
        done = 0.0
        if isinstance(layer, TrainableLayer):
            done = 2 * SAMPLES * layer.multiplications * (3 if number else 2)  # images need no gradient
            cells.append(f"{done / spent / peak:.0%}")
        table.append([f"{layer!r}", *cells, *[""] * (5 - len(cells)), f"{1e3 * spent:.2f}"])
        for name in sums if isinstance(layer, Convolution) else ("all",):
            sums[name] = [sums[name][0] + done, sums[name][1] + spent]
    for name, (done, spent) in sums.items():
        table.append([f"**{name}**", *[""] * 4, f"{done / spent / peak:.0%}", f"{1e3 * spent:.2f}"])
    return table


def peak_of(rounds: int) -> float:
    """Return the operations a second of one large product: the fastest of some."""
    a, b, out = (np.ones((SIDE, SIDE), np.float32) for _ in range(3))
    return 2 * SIDE**3 / min(seconds(lambda: np.matmul(a, b, out=out)) for _ in range(rounds))


def main(arguments: list[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--layers", default=LINE)
    parser.add_argument("--rounds", type=int, default=300)
    options = parser.parse_args(arguments)
    arrays = artifacts.load(options.data, "dataset").arrays
    images, labels = arrays["train_images"][:SAMPLES], arrays["train_labels"][:SAMPLES]
    rng = np.random.default_rng(0)
    layers = build(options.layers, images.shape[1:], random_initializer(INITIALIZERS["he"], rng, "float32"))
    network = Network(layers, COSTS["log-likelihood"])
    network.begin_epoch(rng)
    times: Times = defaultdict(list)
    load()  # SciPy's BLAS, so that it is limited, too
    with threadpool_limits(1, "blas"):
        x, y = as_inputs(images, "float32"), np.eye(10, dtype="float32")[labels]
        for _ in range(options.rounds):
            mini_batch(network, x, y, times)
        peak = peak_of(options.rounds)
    print(machine())
    print(f"{SAMPLES} samples on one thread, milliseconds; a large product does {peak / 1e9:.0f} GFLOP/s")
    print_table(["", *PASSES, "share of peak", "all"], rows(network, times, peak))


if __name__ == "__main__":
    main()
