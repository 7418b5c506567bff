"""The predictions of a network for a split: the confusion matrix, the mistakes, and the calibration."""

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from nndigits.models.arrays.types import Array, Bytes, Integers
from nndigits.models.network import metrics
from nndigits.models.network.calibration import reliability_bins, temperature_scaled
from nndigits.models.network.network import Network
from nndigits.stages.classifiers import classifier
from nndigits.stages.runs.verdict import FINE, Verdict, judge_network
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.kinds import Split

MOST_MISTAKES = 600
"""In the gallery: the most confident ones. Each takes about 500 bytes of the page."""

LEAST_SURE = 8
"""The correct images of each class in the gallery: those with the lowest confidence."""


@dataclass(frozen=True)
class Predictions:
    """The predictions for the images of a split, ``(n,)`` each; ``bins`` is what ``reliability_bins`` returns."""

    images: Bytes
    labels: Integers
    answers: Integers
    confidences: Array
    confusion: Integers
    bins: tuple[Integers, Array, Integers]
    verdict: Verdict

    @property
    def correct(self) -> int:
        """The number of correct predictions."""
        return int(self.confusion.trace())

    @property
    def total(self) -> int:
        """The number of images."""
        return len(self.labels)


@dataclass(frozen=True)
class Shown:
    """An image of the gallery, by its index in the split."""

    index: int
    label: int
    answer: int
    confidence: float


def predict_split(artifact: Artifact, data: Artifact, split: Split) -> Predictions:
    """Classify a split with a network; its confidence is calibrated if the weights hold a temperature."""
    images, labels = data.arrays[f"{split}_images"], data.arrays[f"{split}_labels"]
    network = classifier.make_classifier_for(artifact, data)
    with threadpool_limits(1, "blas"), classifier.finite_outputs(artifact.path):
        outputs = network.outputs(images)
    temperature = artifact.about.get("calibration", {}).get("temperature", 1.0)
    probabilities = temperature_scaled(classifier.class_probabilities(network, outputs), temperature)
    answers = outputs.argmax(axis=1)
    return Predictions(
        images=images,
        labels=labels.astype(np.int64),
        answers=answers,
        confidences=probabilities[np.arange(len(labels)), answers],
        confusion=metrics.confusion_matrix(labels, answers, outputs.shape[1]),
        bins=reliability_bins(probabilities, labels),
        verdict=judge_network(network, outputs, labels, artifact.meta["parameters"])
        if isinstance(network, Network)
        else FINE,
    )


def gallery(predictions: Predictions) -> list[Shown]:
    """Return the most confident mistakes, then the least confident correct images of each class."""
    wrong = np.flatnonzero(predictions.labels != predictions.answers)
    chosen = wrong[np.argsort(-predictions.confidences[wrong], kind="stable")][:MOST_MISTAKES].tolist()
    for label in range(len(predictions.confusion)):
        right = np.flatnonzero((predictions.labels == label) & (predictions.answers == label))
        chosen += right[np.argsort(predictions.confidences[right], kind="stable")][:LEAST_SURE].tolist()
    return [
        Shown(
            index,
            int(predictions.labels[index]),
            int(predictions.answers[index]),
            float(predictions.confidences[index]),
        )
        for index in chosen
    ]
