"""Which way is uphill: the gradient of the cost by every weight and bias, found by going backwards once.

Training never keeps a gradient: it is added to the weights at once. Here it is kept, to be looked at; what
finds it is the same ``Network.backpropagate``, which moves the averages of a network that has a ``norm``.
"""

from collections.abc import Iterator

import numpy as np

from nn.models.arrays.types import Array
from nn.models.network.network import Network


def gradients(network: Network, x: Array, y: Array) -> tuple[float, list[Array]]:
    """The cost summed over the samples, and its gradient for each layer, ``(out, in + 1)``, the biases' column last."""
    cost = network.backpropagate(x, y)
    nablas = [np.empty_like(layer.parameters) for layer in network.trainable_layers]
    for layer, nabla in zip(network.trainable_layers, nablas, strict=True):
        layer.accumulate_gradient(1.0, 0.0, nabla)
    return cost, [layer.unpadded(nabla) for layer, nabla in zip(network.trainable_layers, nablas, strict=True)]


def flat_gradient(network: Network, x: Array, y: Array) -> Array:
    """The same gradient as one long vector."""
    return np.concatenate([nabla.ravel() for nabla in gradients(network, x, y)[1]])


def squared_lengths(network: Network) -> Array:
    """The squared length of each single sample's gradient, ``(m,)``, after the network's ``backpropagate``.

    A sample's gradient is, in every layer, the outer product of ``delta`` and ``a_in``, whose squared length is
    |delta|² |a_in|²: so the gradients themselves need not be written down.
    """
    lengths: Array = sum(
        np.square(layer.delta).sum(axis=1) * np.square(layer.a_in).sum(axis=1) for layer in network.dense
    )
    return lengths


def multiplications(network: Network) -> int:
    """How many multiplications of a weight, or for one, a sample's gradient takes: forward, BP2 and BP4."""
    first, *later = network.trainable_layers
    return 2 * first.size + sum(2 * layer.size + layer.w.size for layer in later)


def central_differences(network: Network, x: Array, y: Array, step: float) -> list[Array]:
    """The same gradient without any formula: move each parameter up and down by ``step`` and look at the cost."""
    learned = [layer.unpadded(layer.parameters) for layer in network.trainable_layers]
    return [np.array(list(_differences(network, x, y, parameters, step))) for parameters in learned]


def _differences(network: Network, x: Array, y: Array, parameters: Array, step: float) -> Iterator[Array]:
    """One row of differences for each neuron of a layer."""
    for row in parameters:
        slopes = np.empty_like(row)
        for place, kept in enumerate(row.copy()):
            costs = []
            for moved in (kept + step, kept - step):
                row[place] = moved
                a = network.forward(x)
                costs.append(network.cost.evaluate(a, y, np.empty_like(a)))
            row[place] = kept
            slopes[place] = (costs[0] - costs[1]) / (2 * step)
        yield slopes
