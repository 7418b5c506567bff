"""The gradient of the cost with respect to every weight and bias, as arrays to look at.

Training adds a gradient to the weights without storing it. The functions here store it. They use the same
``Network.backpropagate``, which updates the moving averages of a ``norm`` layer.
"""

from collections.abc import Iterator

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.network.network import Network


def gradients(network: Network, x: Array, y: Array) -> tuple[float, list[Array]]:
    """Return the cost summed over the samples and its gradient for each layer, ``(out, in + 1)``, the biases last."""
    cost = network.backpropagate(x, y)
    nablas = [np.empty_like(layer.parameters) for layer in network.trainable_layers]
    for layer, nabla in zip(network.trainable_layers, nablas, strict=True):
        layer.accumulate_gradient(1.0, 0.0, nabla)
    return cost, nablas


def flat_gradient(network: Network, x: Array, y: Array) -> Array:
    """Return the gradient as one vector."""
    return np.concatenate([nabla.ravel() for nabla in gradients(network, x, y)[1]])


def squared_lengths(network: Network) -> Array:
    """Return the squared length of each sample's gradient, ``(m,)``, after the network's ``backpropagate``.

    In every dense layer, a sample's gradient is the outer product of ``delta`` and ``a_in``. Its squared length is
    |delta|² |a_in|², so the gradients of single samples need not be computed.
    """
    lengths: Array = sum(
        np.square(layer.delta).sum(axis=1) * np.square(layer.a_in).sum(axis=1) for layer in network.dense
    )
    return lengths


def multiplications(network: Network) -> int:
    """Return the number of multiplications for a sample's gradient: the forward pass, BP2 and BP4."""
    first, *later = network.trainable_layers
    return 2 * first.size + sum(2 * layer.size + layer.w.size for layer in later)


def central_differences(network: Network, x: Array, y: Array, step: float) -> list[Array]:
    """Estimate the gradient by changing each parameter by ``step`` up and down and computing the cost."""
    return [np.array(list(_differences(network, x, y, layer.parameters, step))) for layer in network.trainable_layers]


def _differences(network: Network, x: Array, y: Array, parameters: Array, step: float) -> Iterator[Array]:
    """Yield a row of differences for each neuron of a layer."""
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
