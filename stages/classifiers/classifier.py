"""Whatever can read digits: a file says what kind it is, and this makes of it something that answers."""

from typing import Protocol

import numpy as np

from nn.models.arrays.types import Array, Bytes
from nn.models.baselines.average_darkness import AverageDarkness
from nn.models.baselines.random_guess import RandomGuess
from nn.models.baselines.svm import SVM
from nn.models.network import calibration
from nn.models.network.ensemble import normalized
from nn.models.network.network import Network
from nn.stages.runs import network_artifacts
from nn.stages.store.artifacts import Artifact
from nn.stages.store.environment import processors

READABLE = ("weights", "random", "darkness", "svm")
"""The kinds of artifact that can read digits."""


class Classifier(Protocol):
    """Answers with a number for each digit, the largest for what it takes an image for; its str is its name."""

    @property
    def classes(self) -> int:
        """How many digits it tells apart."""

    def outputs(self, images: Bytes) -> Array:
        """Outputs, ``(n, classes)``, for images as they are stored, ``(n, height, width)`` bytes."""


def from_artifact(artifact: Artifact, data: Artifact) -> Classifier:
    """Make what an artifact holds ready to read the images of ``data``; raises InputError where they do not fit."""
    if artifact.kind == "random":
        return RandomGuess(data.meta["dataset"]["classes"], artifact.meta["parameters"]["seed"])
    classifier = standalone(artifact)
    network_artifacts.check_same_images(artifact, classifier.classes, data)
    return classifier


def standalone(artifact: Artifact) -> Classifier:
    """Make what an artifact holds ready to read images of the size that it learned from."""
    arrays, about = artifact.arrays, artifact.about
    match artifact.kind:
        case "random":
            return RandomGuess(artifact.meta["dataset"]["classes"], artifact.meta["parameters"]["seed"])
        case "darkness":
            return AverageDarkness(arrays["means"], arrays["counts"])
        case "svm":
            return SVM(
                support=arrays["support"],
                counts=arrays["counts"],
                coefficients=arrays["coefficients"],
                intercepts=arrays["intercepts"],
                c=about["c"],
                gamma=about["gamma"],
                threads=processors(),
            )
    return network_artifacts.from_artifact(artifact)


def class_probabilities(classifier: Classifier, outputs: Array) -> Array:
    """What outputs, ``(n, classes)``, say of each digit, as shares that are 1 together.

    Of distances in ink, the share falls to 1 / e with each.
    """
    if isinstance(classifier, Network):
        return calibration.class_probabilities(classifier, outputs)
    if isinstance(classifier, AverageDarkness):
        nearness: Array = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        return normalized(nearness)
    return normalized(outputs)


def size(artifact: Artifact) -> int:
    """How many numbers were learned: all that is in its arrays, but for lists of what came from where."""
    return sum(array.size for name, array in artifact.arrays.items() if name not in ("counts", "indices"))
