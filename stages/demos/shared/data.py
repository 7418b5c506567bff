"""The digits that a demonstration runs on: ``data.npz`` where there is one, else those that scikit-learn carries."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nn.models.arrays.types import Bytes
from nn.stages.datasets import loaders
from nn.stages.store import artifacts
from nn.stages.store.errors import InputError

DATA = Path("artifacts/data.npz")
"""Where ``nn fetch`` leaves its digits. A file of another name must exist; this one may be missing."""

MOST_TRAIN, MOST_TEST = 50_000, 10_000
"""A demonstration takes no more images than the book has."""

CLASSES = 10


@dataclass(frozen=True)
class Digits:
    """Images as bytes, ``(n, height, width)``, and labels, ``(n,)``, to learn from and to be tested on."""

    name: str
    where: str
    train_images: Bytes = field(repr=False)
    train_labels: Bytes = field(repr=False)
    test_images: Bytes = field(repr=False)
    test_labels: Bytes = field(repr=False)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of an image."""
        height, width = self.train_images.shape[1:]
        return height, width

    @property
    def pixels(self) -> int:
        """How many inputs a network for them has."""
        return self.shape[0] * self.shape[1]

    def __str__(self) -> str:
        height, width = self.shape
        return (
            f"Data: {self.name}, {len(self.train_images):,} images to learn from and {len(self.test_images):,} to "
            f"test on, {height} x {width} pixels, {self.where}."
        )

    def as_json(self) -> dict[str, Any]:
        """Which data it was, for ``values``."""
        return {
            "name": self.name,
            "train": len(self.train_images),
            "test": len(self.test_images),
            "image": list(self.shape),
        }


def read_digits(path: Path) -> Digits:
    """Read a data artifact, or scikit-learn's digits if ``path`` is the usual one and is not there.

    These are split as ``nn fetch --dataset digits`` splits them. Raises InputError for a file that is unusable or
    has other classes than the ten digits.
    """
    if path == DATA and not path.exists():
        digits = loaders.from_scikit_learn()
        keep = len(digits.train_images) - len(digits.train_images) // 6
        return Digits(
            digits.name,
            f"carried by scikit-learn (there is no {DATA.as_posix()}; nn fetch brings MNIST)",
            digits.train_images[:keep],
            digits.train_labels[:keep],
            digits.test_images,
            digits.test_labels,
        )
    artifact = artifacts.load(path, "dataset")
    arrays, about = artifact.arrays, artifact.meta["dataset"]
    if about["classes"] != CLASSES:
        raise InputError(f"{path}: has {about['classes']} classes, the chapter's ideas are shown on the ten digits")
    if not len(arrays["test_images"]):
        raise InputError(f"{path}: has no test images. Make one with `nn fetch`")
    return Digits(
        about["name"],
        f"from {path}",
        arrays["train_images"][:MOST_TRAIN],
        arrays["train_labels"][:MOST_TRAIN],
        arrays["test_images"][:MOST_TEST],
        arrays["test_labels"][:MOST_TEST],
    )
