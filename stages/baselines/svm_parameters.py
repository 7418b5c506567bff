"""What a support vector machine is told, beside the data: all that decides what is learned."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from nn.models.arrays.types import Bytes
from nn.models.baselines.rbf_kernel import gamma_scale
from nn.stages.store.artifacts import Artifact
from nn.stages.store.baseline_kinds import MOST_GAMMA
from nn.stages.store.errors import UsageError

GAMMA_RULES: dict[str, Callable[[Bytes], float]] = {"auto": lambda images: 1 / images[0].size, "scale": gamma_scale}
"""The rules that gamma can be given by, each for training images ``(n, height, width)``."""


@dataclass(frozen=True)
class SvmParameters:
    """The kernel is exp(-gamma |x - z|²) on pixels from 0 to 1.

    Attributes
    ----------
    c
        How much a training image on the wrong side costs: the larger, the fewer are left there.
    gamma
        ``auto`` is 1 / pixels, the default of scikit-learn when the chapter was written; ``scale`` is
        1 / (pixels x their variance), today's; or a number.
    train_size
        Learn from this many training images, the first ones; from all if not given.
    join_validation
        Learn from the validation images as well: when c and gamma are chosen, they have done their part.
    chosen
        How c and gamma were chosen: the artifact says so.
    """

    c: float = 1.0
    gamma: str | float = "auto"
    train_size: int | None = None
    join_validation: bool = False
    chosen: str = "defaults"

    def __post_init__(self) -> None:
        if not 0 < self.c < math.inf:
            raise UsageError("expected a positive number; the library's default is 1", "c", self.c)
        known = self.gamma in GAMMA_RULES if isinstance(self.gamma, str) else 0 < self.gamma <= MOST_GAMMA
        if not known:
            raise UsageError(f"expected auto, scale, or a number above 0, to {MOST_GAMMA:g}", "gamma", self.gamma)
        if self.train_size is not None and self.train_size < 1:
            raise UsageError("expected 1 or more", "train_size", self.train_size)

    def training(self, data: Artifact) -> tuple[Bytes, Bytes]:
        """The images, ``(n, height, width)``, and labels, ``(n,)``, of a dataset to learn from."""
        size = self.images_of(len(data.arrays["train_labels"]))
        images, labels = data.arrays["train_images"][:size], data.arrays["train_labels"][:size]
        if self.join_validation:
            images = np.concatenate([images, data.arrays["validation_images"]])
            labels = np.concatenate([labels, data.arrays["validation_labels"]])
        return images, labels

    def images_of(self, available: int) -> int:
        """How many training images to take."""
        if self.train_size is not None and self.train_size > available:
            raise UsageError(f"there are {available:,} training images", "train_size", self.train_size)
        return self.train_size or available

    def gamma_for(self, images: Bytes) -> float:
        """The number that gamma stands for with these training images, ``(n, height, width)``."""
        return GAMMA_RULES[self.gamma](images) if isinstance(self.gamma, str) else self.gamma

    def as_json(self) -> dict[str, Any]:
        """The parameters as an artifact keeps them."""
        return asdict(self)


TUNED = SvmParameters(5.0, 0.027, join_validation=True, chosen="search")
"""What `nn baseline svm --search` finds on MNIST, best on the validation images."""
