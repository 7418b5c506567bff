"""Digits that a network has not learned because their output neurons are saturated."""

from nndigits.models.arrays.types import Array, Integers
from nndigits.models.network import metrics
from nndigits.models.network.network import Network


def saturated_digits(network: Network, outputs: Array, labels: Integers) -> tuple[int, ...]:
    """Return the digits whose output neurons are saturated; none for a network without sigmoid outputs.

    ``outputs``, ``(n, classes)``, are those of the network for images with these ``labels``, ``(n,)``.
    """
    if network.last.activation.name != "sigmoid":
        return ()
    return tuple(metrics.saturated_classes(outputs, labels).tolist())
