"""What reads a person's own digits: anything that was trained, alone or several in a vote, and how sure it is.

No data set is needed. Confidence is calibrated where the weights hold a temperature (``network/calibration.py``):
networks find theirs on the validation images when they are trained.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeGuard

import numpy as np
from threadpoolctl import threadpool_limits

from nn.models.arrays.types import Array, Bytes
from nn.models.network.calibration import temperature_scaled
from nn.models.network.ensemble import normalized
from nn.models.network.network import Network
from nn.stages.classifiers import classifier
from nn.stages.datasets.known_sets import known_set
from nn.stages.store import artifacts as store
from nn.stages.store.errors import InputError, UsageError

UNCALIBRATED = 1.0


class EnsemblePredictor:
    """Reads images of ``image``, (height, width), as one of ``classes`` digits; its str is its name.

    ``temperatures`` has one for each member, 1 where it has none; ``calibrated`` says whether all have one.
    """

    def __init__(self, paths: Path | Sequence[Path]) -> None:
        """Read what was trained; raises InputError where it is unusable, or does not go together."""
        self.paths = (paths,) if isinstance(paths, Path) else tuple(paths)
        if not self.paths:
            raise UsageError("nothing to read with: name weights")
        artifacts = [
            store.load(path, *(kind for kind in classifier.READABLE if kind != "random")) for path in self.paths
        ]
        self.members = [classifier.standalone(artifact) for artifact in artifacts]
        sizes = {
            (tuple(one.about["image"]), member.classes) for one, member in zip(artifacts, self.members, strict=True)
        }
        if len(sizes) > 1:
            found = " and ".join(f"{image[0]} x {image[1]} with {classes} digits" for image, classes in sorted(sizes))
            raise InputError(
                f"{', '.join(map(str, self.paths))}: learned from different images, {found}; they cannot vote"
            )
        ((image, self.classes),) = sizes
        self.image: tuple[int, int] = (image[0], image[1])
        calibrations = [one.about.get("calibration", {}) for one in artifacts]
        self.temperatures = tuple(float(one.get("temperature", UNCALIBRATED)) for one in calibrations)
        self.calibrated = all(one.get("images") for one in calibrations)
        dataset = artifacts[0].meta["dataset"]
        known = known_set(dataset)
        self.dataset: str = known.title if known else dataset["name"]
        self.accuracy = _accuracy(artifacts)

    @property
    def temperature(self) -> float:
        """The members' mean temperature."""
        return sum(self.temperatures) / len(self.temperatures)

    def __str__(self) -> str:
        names = list(dict.fromkeys(map(str, self.members)))
        return names[0] if len(self.members) == 1 else f"the vote of {len(self.members)} ({', '.join(names)})"

    @property
    def has_reject_class(self) -> bool:
        """Whether any member has learned what is no digit."""
        return any(map(_has_reject_class, self.members))

    @property
    def is_consistent(self) -> bool:
        """Whether all members have learned what is no digit, or none: these want to be shown pieces of strips alone."""
        return len(set(map(_has_reject_class, self.members))) == 1

    def probabilities(self, images: Bytes) -> Array:
        """How probable each digit is, ``(n, classes)``, for ``(n, height, width)`` bytes, 255 where there is ink."""
        return self.read(images)[0]

    def read(self, images: Bytes) -> tuple[Array, Array]:
        """The same, and beside it how probable it is that there is one digit at all, ``(n,)``.

        That is asked of the members that have learned it (``nn train --rejects``); where none has, it is 1.
        """
        with threadpool_limits(1, "blas"):
            answers = [_answers(member, images) for member in self.members]
        certain = [
            temperature_scaled(digits, temperature)
            for (digits, _), temperature in zip(answers, self.temperatures, strict=True)
        ]
        asked = [nothing for _, nothing in answers if nothing is not None]
        mean: Array = np.mean(certain, axis=0)
        return mean, 1 - np.mean(asked, axis=0) if asked else np.ones(len(images))


def _has_reject_class(member: classifier.Classifier) -> TypeGuard[Network]:
    return isinstance(member, Network) and member.has_reject_class


def _answers(member: classifier.Classifier, images: Bytes) -> tuple[Array, Array | None]:
    """What a member answers as shares of the digits, ``(n, classes)``, and of "no digit", ``(n,)``, if it can."""
    if _has_reject_class(member):
        answers = member.all_outputs(images)
        return classifier.class_probabilities(member, answers[:, : member.classes]), normalized(answers)[:, -1]
    return classifier.class_probabilities(member, member.outputs(images)), None


def _accuracy(artifacts: Sequence[store.Artifact]) -> float | None:
    """The best share of validation images that any of the members read right, where that is known."""
    counted = [(one.about.get("validation_correct", 0), one.about.get("validation_total", 0)) for one in artifacts]
    return max((correct / total for correct, total in counted if total), default=None)
