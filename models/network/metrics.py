"""Classification metrics: confusion matrix, precision, recall, the confidence interval of an accuracy, saturation."""

import math

import numpy as np

from nndigits.models.arrays.types import Array, Integers

Z_95 = 1.959963984540054
"""The half width, in standard deviations, of the central 95 % of a normal distribution."""

LOW_RECALL, HIGH_RECALL = 0.5, 0.8
"""A class below the first is not learned. The median of the learned classes has to be above the second."""

SATURATED = 0.02
"""A sigmoid neuron of this output has 8 % of the slope that it has at 0.5."""


def count_correct(outputs: Array, labels: Integers) -> int:
    """Return the number of correct predictions; the prediction is the digit with the largest output."""
    return int(np.count_nonzero(outputs.argmax(axis=1) == labels))


def confusion_matrix(labels: Integers, predictions: Integers, classes: int) -> Integers:
    """Count the predictions (columns) for each true digit (rows): ``(classes, classes)``."""
    cells = labels.astype(np.int64) * classes + predictions
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def precision(confusion: Integers) -> Array:
    """Return the fraction of predictions of each digit that are correct, ``(classes,)``; 0 without predictions."""
    return _ratios(confusion.diagonal(), confusion.sum(axis=0))


def recall(confusion: Integers) -> Array:
    """Return the fraction of samples of each digit that are predicted, ``(classes,)``; 0 without samples."""
    return _ratios(confusion.diagonal(), confusion.sum(axis=1))


def saturated_classes(outputs: Array, labels: Integers) -> Integers:
    """Return the classes that are not learned because their output neurons are saturated at 0.

    Such a class has a low recall, its neuron answers almost 0 to most of its images, and most of the learned classes
    have a high recall. A network that was trained too briefly also has a low recall in some classes, but outputs near
    0.1, the share of a class. Chapter 3, "Weight initialization", explains the saturation: the weights of N(0, 1) make
    ``z`` of a neuron with ``n`` inputs as large as the square root of ``n``.

    Parameters
    ----------
    outputs
        The activations of the sigmoid neurons of the last layer, ``(n, classes)``.
    labels
        The classes of the images, ``(n,)``.
    """
    correct = outputs.argmax(axis=1) == labels
    present = np.unique(labels).tolist()
    recalls = {label: float(np.mean(correct[labels == label])) for label in present}
    learned = [share for share in recalls.values() if share >= LOW_RECALL]
    if 2 * len(learned) < len(present) or not learned or np.median(learned) <= HIGH_RECALL:
        return np.array([], np.int64)
    low = [label for label in present if recalls[label] < LOW_RECALL]
    return np.array([label for label in low if np.median(outputs[labels == label, label]) < SATURATED], np.int64)


def wilson_interval(correct: float, total: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of an accuracy measured on ``total`` samples (Wilson 1927).

    >>> [round(limit, 4) for limit in wilson_interval(9500, 10000)]
    [0.9456, 0.9541]
    """
    accuracy, spread = correct / total, Z_95**2 / total
    centre = accuracy + spread / 2
    half = Z_95 * math.sqrt((accuracy * (1 - accuracy) + spread / 4) / total)
    return max(0.0, (centre - half) / (1 + spread)), min(1.0, (centre + half) / (1 + spread))


def most_confident_mistakes(outputs: Array, labels: Integers, most: int) -> Integers:
    """Return the indices of up to ``most`` wrong predictions, those with the largest outputs first."""
    predictions = outputs.argmax(axis=1)
    wrong = np.flatnonzero(predictions != labels)
    order = np.argsort(-outputs[wrong, predictions[wrong]], kind="stable")
    return wrong[order[:most]]


def _ratios(parts: Integers, wholes: Integers) -> Array:
    return np.divide(parts, wholes, out=np.zeros(len(parts)), where=wholes > 0)
