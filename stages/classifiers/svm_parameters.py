"""The parameters of a support vector machine."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from nndigits.models.arrays.types import Bytes
from nndigits.models.baselines.rbf_kernel import gamma_scale
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.baseline_kinds import MOST_C, MOST_GAMMA
from nndigits.stages.store.errors import UsageError

GAMMA_RULES: dict[str, Callable[[Bytes], float]] = {"auto": lambda images: 1 / images[0].size, "scale": gamma_scale}
"""Gamma by name: functions of the training images ``(n, height, width)``."""


@dataclass(frozen=True)
class SvmParameters:
    """The kernel is exp(-gamma |x - z|²) on pixels from 0 to 1.

    Attributes
    ----------
    c
        The cost of a misclassified training image. A larger value leaves fewer of them.
    gamma
        ``auto`` is 1 / pixels, the default of scikit-learn when the chapter was written; ``scale`` is
        1 / (pixels x their variance), today's; or a number.
    train_size
        Train on the first of the training images only. Default: all.
    join_validation
        Train on the validation images as well, once c and gamma are chosen.
    chosen
        How c and gamma were chosen, for the artifact.
    """

    c: float = 1.0
    gamma: str | float = "auto"
    train_size: int | None = None
    join_validation: bool = False
    chosen: str = "defaults"

    def __post_init__(self) -> None:
        if not 0 < self.c <= MOST_C:
            raise UsageError(f"expected a number above 0, to {MOST_C:g}; the library's default is 1", "c", self.c)
        valid = self.gamma in GAMMA_RULES if isinstance(self.gamma, str) else 0 < self.gamma <= MOST_GAMMA
        if not valid:
            raise UsageError(f"expected auto, scale, or a number above 0, to {MOST_GAMMA:g}", "gamma", self.gamma)
        if self.train_size is not None and self.train_size < 1:
            raise UsageError("expected 1 or more", "train_size", self.train_size)

    def training(self, data: Artifact) -> tuple[Bytes, Bytes]:
        """Return the images, ``(n, height, width)``, and labels, ``(n,)``, to train on."""
        size = self.training_size(len(data.arrays["train_labels"]))
        images, labels = data.arrays["train_images"][:size], data.arrays["train_labels"][:size]
        if self.join_validation:
            images = np.concatenate([images, data.arrays["validation_images"]])
            labels = np.concatenate([labels, data.arrays["validation_labels"]])
        return images, labels

    def images_of(self, digit: int, data: Artifact) -> Bytes:
        """Return the images of one digit to train on, ``(m, height, width)``, in their order in ``training``."""
        size = self.training_size(len(data.arrays["train_labels"]))
        found: Bytes = data.arrays["train_images"][:size][data.arrays["train_labels"][:size] == digit]
        if self.join_validation:
            others = data.arrays["validation_images"][data.arrays["validation_labels"] == digit]
            found = np.concatenate([found, others])
        return found

    def training_size(self, available: int) -> int:
        """Return the number of training images to use."""
        if self.train_size is not None and self.train_size > available:
            raise UsageError(f"there are {available:,} training images", "train_size", self.train_size)
        return self.train_size or available

    def gamma_for(self, images: Bytes) -> float:
        """Return gamma as a number, for training images ``(n, height, width)``."""
        return GAMMA_RULES[self.gamma](images) if isinstance(self.gamma, str) else self.gamma

    def as_json(self) -> dict[str, Any]:
        """Return the parameters for the metadata of an artifact."""
        return asdict(self)


TUNED = SvmParameters(5.0, 0.027, join_validation=True, chosen="search")
"""The result of `nn baseline svm --search` on MNIST: the best validation accuracy."""
