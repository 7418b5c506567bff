"""One mini-batch of the chapter's network, written out call by call: nothing is looked up, made or asked on the way.

Ten images through 784-30-10 take 24 microseconds from layer to layer, and 19 like this. So for two layers of sigmoids,
the quadratic cost and plain descent, `Trainer` learns by this function. All else learns by the plain version, which
ends in the same bytes::

    cost = network.backpropagate(x, y)
    for layer in network.learners:
        layer.add_gradient(-eta / len(x), 1.0, layer.parameters)

Meanwhile the weights are half as large: sigma(z) = (tanh(z/2) + 1) / 2 asks for z/2, which then need not be made of z
for every neuron and image. The half of a binary number is exact, so nothing is rounded that would not have been.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from nn.models.arrays.blas import routine
from nn.models.arrays.types import Array
from nn.models.layers.activations import SIGMOID
from nn.models.layers.dense import Dense
from nn.models.network.costs import QUADRATIC
from nn.models.network.network import Network

Step = Callable[[Array, Array, float], float]
"""Learns from inputs ``(m, in + 1)`` and wanted outputs ``(m, out)`` at a learning rate; gives their summed cost."""


def is_the_chapters(network: Network) -> bool:
    """Whether a network is of the kind that is written out here."""
    return (
        [type(layer) for layer in network.layers] == [Dense, Dense]
        and all(layer.activation is SIGMOID for layer in network.dense)
        and network.cost is QUADRATIC
    )


@contextmanager
def halved(network: Network) -> Iterator[None]:
    """For a while, all weights and biases half as large."""
    for layer in network.learners:
        layer.parameters *= 0.5
    try:
        yield
    finally:
        for layer in network.learners:
            layer.parameters *= 2.0


def step_of(network: Network, samples: int) -> Step:
    """The function that learns from mini-batches of so many samples, while the network is halved.

    A sample is a column here, as in the book. The activations of both layers are one stretch of memory, so that their
    slopes take two calls and not four. ``axpy`` is BLAS's ``y += a x``: half of tanh(z/2), added to the halves that are
    there already, is sigma(z).
    """
    w, v = (layer.parameters for layer in network.dense)  # halves: of the hidden neurons, and of the outputs
    hidden, outputs = len(w), len(v)
    halves = np.full((hidden + 1 + outputs, samples), 0.5, w.dtype)  # of the activations, and between them
    halves[hidden] = 1.0  # the row of ones
    every, slopes, back = np.empty_like(halves), np.empty_like(halves), np.empty((hidden + 1, samples), w.dtype)
    a_and_ones, a, answer = every[: hidden + 1], every[:hidden], every[hidden + 1 :]
    a_slope, answer_slope, a_error = slopes[:hidden], slopes[hidden + 1 :], back[:hidden]
    z, delta = (np.empty_like(a) for _ in range(2))
    answer_z, answer_delta, error = (np.empty_like(answer) for _ in range(3))
    z_flat, a_flat, answer_z_flat, answer_flat, errors = (b.reshape(-1) for b in (z, a, answer_z, answer, error))
    w_columns, v_columns, delta_rows, answer_delta_rows = w.T, v.T, delta.T, answer_delta.T
    a_size, answer_size, share = a.size, answer.size, 1 / samples
    axpy, dot, gemm = (routine(name, w.dtype) for name in ("axpy", "dot", "gemm"))
    multiply, subtract, square, tanh = np.multiply, np.subtract, np.square, np.tanh

    def step(x: Array, y: Array, eta: float) -> float:
        columns = x.T
        every[...] = halves
        w.dot(columns, z)  # z/2 = w/2 a + b/2
        tanh(z, z)
        axpy(z_flat, a_flat, a_size, 0.5)  # a = sigma(z)
        v.dot(a_and_ones, answer_z)
        tanh(answer_z, answer_z)
        axpy(answer_z_flat, answer_flat, answer_size, 0.5)
        subtract(answer, y.T, error)
        square(every, slopes)  # sigma'(z) = a - a²
        subtract(every, slopes, slopes)
        multiply(error, answer_slope, answer_delta)  # BP1
        v_columns.dot(answer_delta, back)  # BP2: half of the error, by half of the weights
        multiply(a_error, a_slope, delta)
        rate = -eta * share
        gemm(rate, columns, delta_rows, 1.0, w_columns, False, False, True)  # BP3 and BP4: half of the change
        gemm(0.5 * rate, a_and_ones, answer_delta_rows, 1.0, v_columns, False, False, True)
        cost: float = 0.5 * dot(errors, errors)
        return cost

    return step
