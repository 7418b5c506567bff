"""Prediction with one classifier or an ensemble, with calibrated probabilities and without a data set.

A network's probabilities are calibrated by the temperature in its weights (``network/calibration.py``), which training
fits on the validation images.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeGuard

import numpy as np
from threadpoolctl import threadpool_limits

from nndigits.models.arrays.types import Array, Bytes
from nndigits.models.network.calibration import temperature_scaled
from nndigits.models.network.ensemble import normalized
from nndigits.models.network.network import Network
from nndigits.stages.classifiers import classifier
from nndigits.stages.datasets.known_sets import title_of
from nndigits.stages.runs.network_artifacts import same_images
from nndigits.stages.store import artifacts as store
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.store.kinds import CLASSIFIER_KINDS

UNSURE = 0.9
"""A prediction of lower probability is reported as unsure. At least 10 % of such predictions are wrong."""

UNCALIBRATED = 1.0

LEARNED = tuple(kind for kind in CLASSIFIER_KINDS if kind != "random")
"""The kinds of classifiers that have learned anything."""


class EnsemblePredictor:
    """One classifier or an ensemble that averages probabilities; its str is its name.

    Attributes
    ----------
    artifacts
        The members as their files have them.
    image, names
        Height and width of the images, and the names of the classes.
    is_plain
        Whether pictures are only scaled for them, as they were for the training images.
    temperatures
        One for each member; 1 if it has none.
    calibrated
        Whether all members have a temperature.
    """

    def __init__(self, weights: Path | Sequence[Path | Artifact]) -> None:
        """Load the members that are not yet read.

        Raises InputError if one is unusable, or if they differ in image size or classes.
        """
        given = (weights,) if isinstance(weights, Path) else tuple(weights)
        if not given:
            raise UsageError("nothing to read with: name weights")
        artifacts = [store.load(one, *LEARNED) if isinstance(one, Path) else one for one in given]
        self.artifacts = artifacts
        self.paths = tuple(one.path for one in artifacts)
        self.members = [classifier.make_classifier(artifact) for artifact in artifacts]
        plain = {bool(one.meta["dataset"].get("plain")) for one in artifacts}
        if len(plain) > 1:
            raise InputError(
                f"{', '.join(map(str, self.paths))}: learned from pictures that were only scaled, and from others; "
                "they cannot vote"
            )
        (self.is_plain,) = plain
        self.image: tuple[int, int]
        self.names: tuple[str, ...]
        try:
            self.image, self.names = same_images(artifacts)
        except ValueError as error:
            raise InputError(f"{', '.join(map(str, self.paths))}: {error}; they cannot vote") from None
        calibrations = [one.about.get("calibration", {}) for one in artifacts]
        self.temperatures = tuple(float(one.get("temperature", UNCALIBRATED)) for one in calibrations)
        self.calibrated = all(one.get("images") for one in calibrations)
        self.dataset = title_of(artifacts[0].meta["dataset"])
        self.accuracy = _accuracy(artifacts)

    @property
    def classes(self) -> int:
        """The number of classes."""
        return len(self.names)

    @property
    def temperature(self) -> float:
        """The members' mean temperature."""
        return sum(self.temperatures) / len(self.temperatures)

    def __str__(self) -> str:
        names = list(dict.fromkeys(map(str, self.members)))
        return names[0] if len(self.members) == 1 else f"the vote of {len(self.members)} ({', '.join(names)})"

    @property
    def has_reject_class(self) -> bool:
        """Whether any member has a reject class."""
        return any(map(_has_reject_class, self.members))

    @property
    def is_consistent(self) -> bool:
        """Whether all members have a reject class, or none has."""
        return len(set(map(_has_reject_class, self.members))) == 1

    def probabilities(self, images: Bytes) -> Array:
        """Return the probability of each digit, ``(n, classes)``, for ``(n, height, width)`` bytes with ink 255."""
        return self.predict(images)[0]

    def predict(self, images: Bytes) -> tuple[Array, Array]:
        """Return the probability of each digit, ``(n, classes)``, and of any digit at all, ``(n,)``.

        The second is the mean over the members with a reject class (``nn train --rejects``), or 1 if there are none.
        """
        with threadpool_limits(1, "blas"), classifier.finite_outputs(*self.paths):
            outputs = [_member_probabilities(member, images) for member in self.members]
        calibrated = [
            temperature_scaled(digits, temperature)
            for (digits, _), temperature in zip(outputs, self.temperatures, strict=True)
        ]
        rejects = [reject for _, reject in outputs if reject is not None]
        mean: Array = np.mean(calibrated, axis=0)
        return mean, 1 - np.mean(rejects, axis=0) if rejects else np.ones(len(images))


def _has_reject_class(member: classifier.Classifier) -> TypeGuard[Network]:
    return isinstance(member, Network) and member.has_reject_class


def _member_probabilities(member: classifier.Classifier, images: Bytes) -> tuple[Array, Array | None]:
    """Return the probability of each digit, ``(n, classes)``, and of the reject class, ``(n,)``, if there is one."""
    if _has_reject_class(member):
        outputs = member.all_outputs(images)
        return classifier.class_probabilities(member, outputs[:, : member.classes]), normalized(outputs)[:, -1]
    return classifier.class_probabilities(member, member.outputs(images)), None


def _accuracy(artifacts: Sequence[Artifact]) -> float | None:
    """Return the best validation accuracy of the members, or None if it is unknown for all."""
    counts = [(one.about.get("validation_correct", 0), one.about.get("validation_total", 0)) for one in artifacts]
    return max((correct / total for correct, total in counts if total), default=None)
