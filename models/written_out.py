"""One mini-batch of the chapter's network, written out call by call: nothing is looked up, made or asked on the way.

Of the 25 microseconds that ten images take through 784-30-10, a third is Python going from layer to layer. So for two
layers of sigmoids, the quadratic cost and plain descent, `Trainer` learns by this function. All else learns by the
plain version, which ends in the same bytes::

    cost = network.backpropagate(x, y)
    for layer in network.learners:
        layer.add_gradient(-eta / len(x), 1.0, layer.parameters)
"""

from collections.abc import Callable

import numpy as np

from nn.models.activations import SIGMOID
from nn.models.arrays import Array
from nn.models.blas import routine
from nn.models.costs import QUADRATIC
from nn.models.dense import Dense
from nn.models.network import Network

Step = Callable[[Array, Array, float], float]
"""Learns from inputs ``(m, in + 1)`` and wanted outputs ``(m, out)`` at a learning rate; gives their summed cost."""


def is_the_chapters(network: Network) -> bool:
    """Whether a network is of the kind that is written out here."""
    return (
        [type(layer) for layer in network.layers] == [Dense, Dense]
        and all(layer.activation is SIGMOID for layer in network.dense)
        and network.cost is QUADRATIC
    )


def step_of(network: Network, samples: int) -> Step:
    """The function that learns from mini-batches of so many samples.

    A sample is a column here, as in the book. The activations of both layers are one stretch of memory, so that their
    slopes take two calls and not four.
    """
    w, v = (layer.parameters for layer in network.dense)  # of the hidden neurons, and of the outputs
    hidden, outputs = len(w), len(v)
    every = np.ones((hidden + 1 + outputs, samples), w.dtype)  # the activations, and between them the row of ones
    slopes, back = np.empty_like(every), np.empty((hidden + 1, samples), w.dtype)
    a_and_ones, a, answer = every[: hidden + 1], every[:hidden], every[hidden + 1 :]
    a_slope, answer_slope, a_error = slopes[:hidden], slopes[hidden + 1 :], back[:hidden]
    delta, error, answer_delta = np.empty_like(a), np.empty_like(answer), np.empty_like(answer)
    errors, delta_rows, answer_delta_rows = error.reshape(-1), delta.T, answer_delta.T
    w_columns, v_columns, half, share = w.T, v.T, np.asarray(0.5, w.dtype), 1 / samples
    dot, gemm = routine("dot", w.dtype), routine("gemm", w.dtype)
    multiply, add, subtract, square, tanh = np.multiply, np.add, np.subtract, np.square, np.tanh

    def step(x: Array, y: Array, eta: float) -> float:
        columns = x.T
        w.dot(columns, a)  # z = w a + b
        multiply(a, half, a)  # a = sigma(z)
        tanh(a, a)
        multiply(a, half, a)
        add(a, half, a)
        v.dot(a_and_ones, answer)
        multiply(answer, half, answer)
        tanh(answer, answer)
        multiply(answer, half, answer)
        add(answer, half, answer)
        subtract(answer, y.T, error)
        square(every, slopes)  # sigma'(z) = a - a²
        subtract(every, slopes, slopes)
        multiply(error, answer_slope, answer_delta)  # BP1
        v_columns.dot(answer_delta, back)  # BP2
        multiply(a_error, a_slope, delta)
        rate = -eta * share
        gemm(rate, columns, delta_rows, 1.0, w_columns, False, False, True)  # BP3 and BP4
        gemm(rate, a_and_ones, answer_delta_rows, 1.0, v_columns, False, False, True)
        cost: float = 0.5 * dot(errors, errors)
        return cost

    return step
