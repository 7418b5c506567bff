"""Classifiers of digits, made from artifacts of any kind that was trained."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np

from nndigits.models.arrays.types import Array, Bytes
from nndigits.models.baselines.average_darkness import AverageDarkness
from nndigits.models.baselines.random_guess import RandomGuess
from nndigits.models.baselines.svm import SVM
from nndigits.models.network import calibration
from nndigits.models.network.ensemble import normalized
from nndigits.models.network.network import Network
from nndigits.stages.runs import network_artifacts
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError
from nndigits.stages.system.machine import processors


class Classifier(Protocol):
    """A classifier of images. It predicts the class with the largest output, and its str is its name."""

    @property
    def classes(self) -> int:
        """The number of classes."""

    def outputs(self, images: Bytes) -> Array:
        """Return the outputs, ``(n, classes)``, for images, ``(n, height, width)`` bytes."""


def make_classifier_for(artifact: Artifact, data: Artifact) -> Classifier:
    """Make the classifier of an artifact for the images of ``data``; raises InputError if they do not fit."""
    if artifact.kind == "random":
        return RandomGuess(data.meta["dataset"]["classes"], artifact.meta["parameters"]["seed"])
    classifier = make_classifier(artifact)
    network_artifacts.check_same_images(artifact, classifier.classes, data)
    return classifier


def make_classifier(artifact: Artifact) -> Classifier:
    """Make the classifier of an artifact, for images of the size that it was trained on."""
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


@contextmanager
def finite_outputs(*paths: Path) -> Iterator[None]:
    """Turn the FloatingPointError of classifiers that cannot compute into an InputError, which names their files."""
    try:
        yield
    except FloatingPointError as error:
        raise InputError(
            f"{', '.join(map(str, paths))}: cannot classify these images: {error}. Train again with a smaller eta"
        ) from None


def class_probabilities(classifier: Classifier, outputs: Array) -> Array:
    """Convert outputs, ``(n, classes)``, to probabilities of the classes.

    The average-darkness baseline outputs negative distances; they become probabilities by a softmax.
    """
    if isinstance(classifier, Network):
        return calibration.class_probabilities(classifier, outputs)
    if isinstance(classifier, AverageDarkness):
        exponentials: Array = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        return normalized(exponentials)
    return normalized(outputs)
