"""Digits that a network has not learned because their output neurons are saturated."""

from nn.models.arrays.types import Array, Integers
from nn.models.network import metrics
from nn.models.network.network import Network
from nn.stages.classifiers.classifier import Classifier


def may_saturate(classifier: Classifier) -> bool:
    """Return whether the output neurons can be saturated: those of a network are sigmoid neurons."""
    return isinstance(classifier, Network) and classifier.last.activation.name == "sigmoid"


def saturated_digits(classifier: Classifier, outputs: Array, labels: Integers) -> tuple[int, ...]:
    """Return the digits whose output neurons are saturated; none for other classifiers than sigmoid networks.

    ``outputs``, ``(n, classes)``, are those of the classifier for images with these ``labels``, ``(n,)``.
    """
    if not may_saturate(classifier):
        return ()
    return tuple(metrics.saturated_classes(outputs, labels).tolist())
