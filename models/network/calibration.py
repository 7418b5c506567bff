"""Calibrated class probabilities, by temperature scaling.

Of a hundred predictions with a probability of 90 %, ninety should be right. Networks that were trained for long are
overconfident. A single number, the temperature T, corrects most of it: each probability is raised to the power 1 / T,
and the powers are normalised (Guo et al. 2017, "On Calibration of Modern Neural Networks"). Predictions do not change,
since the largest probability stays the largest.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from nndigits.models.arrays.types import Array, Integers
from nndigits.models.layers.activations import SIGMOID
from nndigits.models.network.ensemble import normalized
from nndigits.models.network.network import Network

MIN_PROBABILITY = 1e-30
"""The lower bound of a probability before its logarithm is taken."""

MIN_DISTANCE = 2**-24
"""The smallest distance of an output from 1 in single precision."""

MIN_TEMPERATURE, MAX_TEMPERATURE = 0.02, 50.0
"""The range in which the temperature is searched."""

BISECTIONS = 24

PIECE = 2**19
"""Probabilities that are computed at once: 4 MB. Those of 10,000 images of ten classes are one piece."""

BINS = 15
"""The number of confidence bins in Guo et al."""


Pieces = Iterable[tuple[Array, Integers]]
"""Probabilities, ``(n, classes)``, and labels, ``(n,)``, of some images after others; can be iterated several times."""


class InPieces:
    """The probabilities of many images, computed a piece at a time whenever they are needed.

    Parameters
    ----------
    make
        Makes probabilities of outputs.
    outputs, labels
        Of all images, ``(n, classes)`` and ``(n,)``.
    """

    def __init__(self, make: Callable[[Array], Array], outputs: Array, labels: Integers) -> None:
        self._make, self._outputs, self._labels = make, outputs, labels
        self._rows = max(1, PIECE // outputs.shape[1])
        self._only = [(make(outputs), labels)] if len(outputs) <= self._rows else []

    def __iter__(self) -> Iterator[tuple[Array, Integers]]:
        """Yield the pieces; a single one is kept."""
        if self._only:
            yield from self._only
            return
        for start in range(0, len(self._outputs), self._rows):
            piece = slice(start, start + self._rows)
            yield self._make(self._outputs[piece]), self._labels[piece]


def temperature_scaled(probabilities: Array, temperature: float) -> Array:
    """Scale probabilities, ``(n, classes)``, by a temperature: above 1 less confident, below 1 more confident."""
    logs = np.log(np.maximum(probabilities, MIN_PROBABILITY)) / temperature
    powers = np.exp(logs - logs.max(axis=1, keepdims=True))
    scaled: Array = powers / powers.sum(axis=1, keepdims=True)
    return scaled


def odds(outputs: Array) -> Array:
    """Return the odds a / (1 - a) = exp(z) of the outputs of sigmoid neurons.

    Normalised, they are the softmax of the same weighted inputs.
    """
    a = np.minimum(outputs.astype(np.float64), 1 - MIN_DISTANCE)
    result: Array = a / (1 - a)
    return result


def class_probabilities(network: Network, outputs: Array) -> Array:
    """Return class probabilities for a network's outputs, ``(n, classes)``.

    The outputs of a softmax are probabilities already. Of sigmoid neurons, the odds are normalised.
    """
    return normalized(odds(outputs) if network.last.activation is SIGMOID else outputs)


def best_temperature(pieces: Pieces) -> float:
    """Return the temperature that minimises the log loss of probabilities, by bisection.

    The loss is convex in 1 / T. Its derivative is the expected log probability under the scaled probabilities, minus
    that under the targets. The target of the true digit is 1 - 1 / (n + 2), with the rest spread over all digits: a
    network without mistakes on n images may still make one (Platt 1999, "Probabilistic outputs for support vector
    machines").
    """
    total, numbers, of_true, of_all = 0, 0, 0.0, 0.0
    for probabilities, labels in pieces:
        logs = np.log(np.maximum(probabilities, MIN_PROBABILITY))
        of_true += logs[np.arange(len(labels)), labels].sum()
        of_all += logs.sum()
        total, numbers = total + len(labels), numbers + logs.size
    rest = 1 / (total + 2)
    wanted = (1 - rest) * (of_true / total) + rest * (of_all / numbers)
    low, high = np.log(MIN_TEMPERATURE), np.log(MAX_TEMPERATURE)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if sum(_expected_log(probabilities, np.exp(middle)) for probabilities, _ in pieces) / total > wanted:
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2))


def _expected_log(probabilities: Array, temperature: float) -> float:
    """Return the sum of the expected log probabilities under the scaled probabilities."""
    logs = np.log(np.maximum(probabilities, MIN_PROBABILITY))
    return float((temperature_scaled(probabilities, temperature) * logs).sum(axis=1).sum())


def calibration_error(pieces: Pieces, temperature: float = 1.0) -> float:
    """Return the expected calibration error: the mean difference between confidence and accuracy.

    Predictions are binned by confidence, and each bin is weighted by the number of predictions in it.
    """
    binned = [
        reliability_bins(probabilities if temperature == 1 else temperature_scaled(probabilities, temperature), labels)
        for probabilities, labels in pieces
    ]
    counts, confidence, correct = (sum(parts[1:], parts[0]) for parts in zip(*binned, strict=True))
    return float(np.abs(confidence - correct).sum() / max(counts.sum(), 1))


def reliability_bins(probabilities: Array, labels: Integers) -> tuple[Integers, Array, Integers]:
    """Bin predictions by confidence, in equal steps from 0 to 1, ``(BINS,)`` each.

    Returns the number of predictions of each bin, the sum of their confidences, and the number of correct ones.
    """
    confidence, correct = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    counts: Integers = np.bincount(bins, minlength=BINS)
    confidences: Array = np.bincount(bins, confidence, BINS).astype(np.float64)
    return counts, confidences, np.bincount(bins[correct], minlength=BINS)
