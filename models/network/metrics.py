"""How well digits were read: the confusion matrix, precision and recall, and how sure the accuracy itself is."""

import math

import numpy as np

from nn.models.arrays.types import Array, Integers

Z_95 = 1.959963984540054
"""How many standard deviations of the normal distribution hold 95 % of it, on both sides."""


def count_correct(outputs: Array, labels: Integers) -> int:
    """How many images are read right when the largest output counts as the answer."""
    return int(np.count_nonzero(outputs.argmax(axis=1) == labels))


def confusion_matrix(labels: Integers, answers: Integers, classes: int) -> Integers:
    """Count how often each digit (row) got each answer (column): ``(classes, classes)``."""
    cells = labels.astype(np.int64) * classes + answers
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def precision(confusion: Integers) -> Array:
    """Of all answers k, the share that was right; 0 where k was never answered. Shape ``(classes,)``."""
    return _shares(confusion.diagonal(), confusion.sum(axis=0))


def recall(confusion: Integers) -> Array:
    """Of all digits k, the share that was found; 0 where there was none. Shape ``(classes,)``."""
    return _shares(confusion.diagonal(), confusion.sum(axis=1))


def wilson_interval(correct: float, total: int) -> tuple[float, float]:
    """The 95 % interval of an accuracy measured on ``total`` independent samples (Wilson 1927).

    >>> [round(limit, 4) for limit in wilson_interval(9500, 10000)]
    [0.9456, 0.9541]
    """
    share, spread = correct / total, Z_95**2 / total
    centre = share + spread / 2
    half = Z_95 * math.sqrt((share * (1 - share) + spread / 4) / total)
    return max(0.0, (centre - half) / (1 + spread)), min(1.0, (centre + half) / (1 + spread))


def most_confident_mistakes(outputs: Array, labels: Integers, most: int) -> Integers:
    """Indices of the samples that were read wrong with the largest outputs, the surest first."""
    answers = outputs.argmax(axis=1)
    wrong = np.flatnonzero(answers != labels)
    surest_first = np.argsort(-outputs[wrong, answers[wrong]], kind="stable")
    return wrong[surest_first[:most]]


def _shares(parts: Integers, wholes: Integers) -> Array:
    return np.divide(parts, wholes, out=np.zeros(len(parts)), where=wholes > 0)
