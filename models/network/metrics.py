"""Classification metrics: confusion matrix, precision, recall, and the confidence interval of an accuracy."""

import math

import numpy as np

from nn.models.arrays.types import Array, Integers

Z_95 = 1.959963984540054
"""The half width, in standard deviations, of the central 95 % of a normal distribution."""


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
