"""How sure is sure? Answers made into probabilities that mean what they say.

Of a hundred digits that a network calls 90 % certain, ninety should be right. Networks that learned for long claim too
much; one number, the temperature T, mends most of it: each share is taken to the power of 1 / T, and the powers are
shared out again (Guo et al. 2017, "On Calibration of Modern Neural Networks"). No answer changes by it, as the largest
stays the largest.
"""

import numpy as np

from nn.models.arrays.types import Array, Integers
from nn.models.layers.activations import SIGMOID
from nn.models.network.ensemble import normalized
from nn.models.network.network import Network

LEAST_SHARE = 1e-30
"""What a share counts as that was rounded to nothing."""

NEAREST = 2**-24
"""How near to 1 an output comes in single precision."""

COLDEST, HOTTEST = 0.02, 50.0
"""Between these the temperature is sought."""

HALVINGS = 24

BINS = 15
"""As Guo et al. have them."""


def temperature_scaled(claimed: Array, temperature: float) -> Array:
    """Shares, ``(n, classes)``, at a temperature: above 1 less sure, below it surer. At 1, themselves."""
    logs = np.log(np.maximum(claimed, LEAST_SHARE)) / temperature
    powers = np.exp(logs - logs.max(axis=1, keepdims=True))
    probabilities: Array = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def odds(outputs: Array) -> Array:
    """a / (1 - a) of each output of sigmoid neurons: how much more it says yes than no.

    Shared out, these are what a softmax would have made of the same weighted inputs.
    """
    a = np.minimum(outputs.astype(np.float64), 1 - NEAREST)
    found: Array = a / (1 - a)
    return found


def class_probabilities(network: Network, outputs: Array) -> Array:
    """What a network's outputs, ``(n, classes)``, say of each digit, as shares that are 1 together.

    Those of a softmax are such already; of sigmoid neurons, the odds are shared out.
    """
    return normalized(odds(outputs) if network.last.activation is SIGMOID else outputs)


def log_loss(probabilities: Array, labels: Integers) -> float:
    """The mean of -ln of the probability for the right digit."""
    right = probabilities[np.arange(len(labels)), labels]
    return -float(np.log(np.maximum(right, LEAST_SHARE)).mean())


def best_temperature(claimed: Array, labels: Integers) -> float:
    """The temperature at which shares, ``(n, classes)``, have the smallest log loss, found by halving.

    By 1 / T the loss has one valley, and its slope is the mean log share that is claimed less that of the right digit.
    The right digit counts for one of n + 2 short of all: a network that was never wrong on n images may yet be (Platt
    1999, "Probabilistic outputs for support vector machines").
    """
    logs = np.log(np.maximum(claimed, LEAST_SHARE))
    short = 1 / (len(labels) + 2)
    right = (1 - short) * logs[np.arange(len(labels)), labels].mean() + short * logs.mean()
    low, high = np.log(COLDEST), np.log(HOTTEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        mean = float((temperature_scaled(claimed, np.exp(middle)) * logs).sum(axis=1).mean())
        if mean > right:
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2))


def calibration_error(probabilities: Array, labels: Integers) -> float:
    """The expected calibration error: how far claimed and true shares of right answers are apart, in the mean.

    Answers are put in bins by how sure they are; each bin's gap counts by how many are in it.
    """
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, sure, BINS) - np.bincount(bins, right, BINS)
    return float(np.abs(gaps).sum() / max(len(labels), 1))
