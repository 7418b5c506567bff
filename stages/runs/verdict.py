"""What the outputs of a network show: what it has learned, why not more, and its temperature (Guo et al. 2017).

`nn train`, `nn eval`, `nn compare` and `nn report` show the same verdict. A run is also judged by its first epochs, so
that nobody has to wait for all of them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nndigits.models.arrays.types import Array, Integers
from nndigits.models.layers.activations import ACTIVATIONS
from nndigits.models.network import metrics
from nndigits.models.network.calibration import InPieces, best_temperature, calibration_error, class_probabilities
from nndigits.models.network.network import Network
from nndigits.stages.store.result_files import EpochRow

if TYPE_CHECKING:
    from nndigits.stages.runs.epochs import EpochReport
    from nndigits.stages.runs.parameters import Parameters

State = Literal["fine", "partly", "nothing"]
Cause = Literal["", "diverged", "dead", "saturated", "slow"]

ABOVE_CHANCE = 0.05
"""How far above guessing an accuracy is where something was learned, at most; less for many classes and for few."""

LEAST_IMAGES = 100
"""With fewer, an accuracy cannot be told from guessing."""

SAME = 1e-3
"""Outputs that differ by less from image to image are the same for all, relative to the largest."""

GAP = 0.02
"""How much better a network that overfits knows its training images, as a difference of accuracies, at least."""

GROWN = 1e4
"""A weight of this size comes from training that diverged: trained weights are below 100."""


@dataclass(frozen=True)
class Verdict:
    """What a network has learned.

    Attributes
    ----------
    state
        ``nothing``: its accuracy is close to that of guessing. ``partly``: it has not learned ``classes``.
    cause
        ``diverged``: weights have grown beyond use. ``dead``: rectified neurons are 0 for every image. ``saturated``:
        neurons at the ends of their range, where they hardly learn. ``slow``: it has not learned yet.
    classes
        The classes that are not learned because their output neurons are saturated.
    eta
        The learning rate of the run; 0 for an imported network.
    """

    state: State = "fine"
    cause: Cause = ""
    classes: tuple[int, ...] = ()
    eta: float = 0.0


FINE = Verdict()


def judge_network(network: Network, outputs: Array, labels: Integers, parameters: Mapping[str, Any]) -> Verdict:
    """Judge a network by its ``outputs``, ``(n, classes)``, for images with these ``labels``, ``(n,)``."""
    eta = float(parameters.get("eta", 0.0))
    if len(labels) >= LEAST_IMAGES and (cause := _why_nothing(network, outputs, labels)):
        return Verdict("nothing", cause, eta=eta)
    if network.last.activation.name != "sigmoid":
        return FINE
    classes = tuple(metrics.saturated_classes(outputs, labels).tolist())
    return Verdict("partly", "saturated", classes, eta) if classes else FINE


def _why_nothing(network: Network, outputs: Array, labels: Integers) -> Cause:
    """Return why a network has learned nothing; empty if it has learned something."""
    accuracy = float(np.mean(outputs.argmax(axis=1) == labels))
    chance = float(np.bincount(labels).max()) / len(labels)  # of always naming the most frequent class
    if any(float(np.abs(layer.parameters).max()) > GROWN for layer in network.trainable_layers):
        return "diverged" if accuracy < (1 + chance) / 2 else ""
    if accuracy >= chance + min(ABOVE_CHANCE, chance / 2, (1 - chance) / 4):
        return ""
    if float(np.ptp(outputs, axis=0).max()) > SAME * max(float(np.abs(outputs).max()), SAME):
        return "slow"
    activations = {word for layer in network.layers for word in repr(layer).split() if word in ACTIVATIONS}
    return "dead" if "relu" in activations else "saturated"


StartProblem = Literal["", "one update", "few updates", "slow", "saturated", "too small"]

FIRST_EPOCHS = 3
NEAR_GUESSING = 0.25
FEW_UPDATES = 10  # in an epoch
FALLS = 0.98
"""A cost below this fraction of the first one falls, if slowly."""

CHAPTER_ETA = 3.0


def judge_start(epochs: "Sequence[EpochReport]", parameters: "Parameters", images: int) -> StartProblem:
    """Return why a run on ``images`` training images is close to guessing after its third epoch; empty at any other.

    ``one update``, ``few updates``: of the weights in an epoch. ``slow``: the cost falls slowly. ``saturated``: it does
    not fall, and eta is larger than the chapter's. ``too small``: it does not fall, and eta is not.
    """
    first, last = epochs[0], epochs[-1]
    total = first.validation_total
    if len(epochs) != FIRST_EPOCHS or not total:
        return ""
    if max(epoch.validation_correct for epoch in epochs) >= NEAR_GUESSING * total:
        return ""
    updates = -(-images // parameters.batch)
    if updates < FEW_UPDATES:
        return "one update" if updates == 1 else "few updates"
    if last.cost < FALLS * first.cost:
        return "slow"
    return "saturated" if parameters.eta > CHAPTER_ETA else "too small"


def overfits(row: EpochRow) -> bool:
    """Return whether a network has learned its training images much better than others, from a row of its history.

    The gap of the accuracies is more than ``GAP`` and beyond the chance of the two samples.
    """
    if not (row.training_total and row.validation_total):
        return False
    training, validation = row.training_correct / row.training_total, row.validation_correct / row.validation_total
    shares = ((training, row.training_total), (validation, row.validation_total))
    chance = math.sqrt(sum(share * (1 - share) / total for share, total in shares))
    return training - validation > max(GAP, 2 * chance)


@dataclass(frozen=True)
class DigitReport:
    """The precision and the recall of one digit."""

    digit: int
    total: int
    correct: int
    precision: float
    recall: float


@dataclass(frozen=True)
class Calibration:
    """A temperature, the number of images it was fitted on, and their expected calibration error before and after."""

    temperature: float
    images: int
    error_before: float
    error_after: float


def calibrate(network: Network, outputs: Array, labels: Integers) -> Calibration | None:
    """Fit the temperature on validation images, given the network's ``outputs``, ``(n, classes)``, and ``labels``.

    Returns None if there are no images.
    """
    if not len(labels):
        return None
    pieces = InPieces(partial(class_probabilities, network), outputs, labels)
    temperature = best_temperature(pieces)
    return Calibration(temperature, len(labels), calibration_error(pieces), calibration_error(pieces, temperature))
