"""What the files of a training run hold: the layers of a network, its first weights as pictures, and the epochs."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.stages.results.evaluations import results_of
from nndigits.stages.results.folder import Folder
from nndigits.stages.results.freshness import judge
from nndigits.stages.results.wording import training_in_words
from nndigits.stages.runs import network_artifacts
from nndigits.stages.store.artifacts import Artifact, Meta
from nndigits.stages.store.npz import AnyArray
from nndigits.stages.store.result_files import read_history
from nndigits.stages.store.texts import Picture, picture
from nndigits.stages.words.numbers import percent, share

MOST_PICTURES = 12
LARGEST = 16
"""Pictures of more rows or columns are halved."""


@dataclass(frozen=True)
class LayerReport:
    """A layer of a network: its name, and the number, mean and standard deviation of its parameters."""

    layer: str
    numbers: int
    mean: float
    spread: float


@dataclass(frozen=True)
class Epoch:
    """The result of an epoch: the mean cost of the training images, and the correct validation images.

    ``total`` is 0 if it is unknown, or if there are no validation images.
    """

    epoch: int
    cost: float
    correct: int
    total: int


@dataclass(frozen=True)
class EpochsReport:
    """The epochs of a run; ``kept_epoch`` is the one whose weights are kept, ``planned`` the number it was to have."""

    epochs: tuple[Epoch, ...]
    kept_epoch: int
    planned: int


def layers(artifact: Artifact) -> tuple[LayerReport, ...]:
    """Describe each trainable layer of the network in an artifact."""
    network = network_artifacts.from_artifact(artifact)
    named = [(repr(layer), layer.parameters) for layer in network.trainable_layers]
    return tuple(LayerReport(name, own.size, *_mean_and_spread(own)) for name, own in named)


def _mean_and_spread(numbers: Array) -> tuple[float, float]:
    """Return the mean and the standard deviation, of numbers so large that their squares or sums overflow, too."""
    greatest = float(np.abs(numbers).max()) or 1.0
    scaled = numbers.astype(np.float64) / greatest
    return float(scaled.mean()) * greatest, float(scaled.std()) * greatest


def weights_in_words(artifact: Artifact, folder: Folder) -> tuple[str, ...]:
    """Return the accuracies of trained weights, and how they were trained."""
    about = artifact.about
    correct, total = about["validation_correct"], about["validation_total"]
    kept = "the last" if artifact.meta["parameters"].get("keep") == "last" or not total else "the best on validation"
    words = [f"Kept: the weights of epoch {about['epoch']}, {kept}."]
    if total:
        words.append(f"Validation: {share(correct, total)} images correct, {percent(correct / total)}.")
    for result in results_of(folder, artifact.sha256):
        state, why = judge(folder, result.path.name)
        words.append(
            f"{result.split.capitalize()}: {share(result.correct, result.total)} images correct, "
            f"{percent(result.accuracy)} ({result.path.name}{'' if state == 'fresh' else f', stale: {why}'})."
        )
    return (*words, training_in_words(artifact.meta))


def pictures(artifact: Artifact) -> tuple[Picture, ...]:
    """Draw the first neurons' weights as images, positive ones as ink; none if the first layer takes no image.

    In a large image a pixel is the mean of 2 x 2 weights, because single weights are noisy.
    """
    height, width = artifact.about["image"]
    w = artifact.arrays["weights_1"][:MOST_PICTURES]
    if artifact.about["layers"][0].startswith("conv"):
        side = round(w.shape[1] ** 0.5)
        height, width = side, side
    if w.shape[1] != height * width:
        return ()
    return tuple(picture(_ink(one.reshape(height, width))) for one in w)


def _ink(weights: AnyArray) -> AnyArray:
    """Return grey values ``(height, width)``, of which the largest weight has 255 and no negative one any."""
    height, width = weights.shape
    weights = weights.astype(np.float64) / (float(np.abs(weights).max()) or 1.0)  # so that no sum overflows
    if max(height, width) > LARGEST and min(height, width) > 1:
        even = weights[: height - height % 2, : width - width % 2]
        weights = even.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
    greatest = float(np.abs(weights).max()) or 1.0
    grey: AnyArray = np.rint(255 * np.clip(weights / greatest, 0, 1)).astype(np.uint8)
    return grey


def epochs_of_checkpoint(artifact: Artifact, total: int) -> EpochsReport:
    """Return the epochs in a checkpoint; ``total`` is the number of validation images, which the checkpoint does not
    store; 0 if it is unknown.

    The total is ignored if more images than that are correct: it is then of other data.
    """
    costs, correct = artifact.arrays["cost"].tolist(), artifact.arrays["validation_correct"].tolist()
    total = total if max(correct) <= total else 0
    found = tuple(
        Epoch(number, cost, right, total) for number, (cost, right) in enumerate(zip(costs, correct, strict=True))
    )
    return EpochsReport(found, artifact.about["best_epoch"], _planned(artifact.meta, len(found)))


def epochs_of_history(path: Path) -> EpochsReport:
    """Return the epochs in a history; raises InputError."""
    history = read_history(path)
    found = tuple(Epoch(*row[:4]) for row in history.rows)
    return EpochsReport(found, history.kept, _planned(history.meta, len(found)))


def _planned(meta: Meta, done: int) -> int:
    planned = meta["parameters"].get("epochs")
    return planned if type(planned) is int else done
