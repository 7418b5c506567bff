"""The digits of a demonstration: from ``data.npz`` if it exists, else the ones that scikit-learn includes."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nndigits.models.arrays.types import Bytes
from nndigits.stages.datasets import data_artifact, loaders
from nndigits.stages.store.environment import artifacts_folder
from nndigits.stages.store.errors import InputError

DATA = artifacts_folder() / "data.npz"
"""The output of ``nn fetch``. If it is missing, scikit-learn's digits are used; any other path must exist."""

MOST_TRAIN, MOST_TEST = 50_000, 10_000
"""A demonstration uses at most as many images as the book."""

CLASSES = 10


@dataclass(frozen=True)
class Digits:
    """Training and test images as bytes, ``(n, height, width)``, and their labels, ``(n,)``."""

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
        """Number of pixels of an image, and of inputs of a network for these images."""
        return self.shape[0] * self.shape[1]

    def __str__(self) -> str:
        height, width = self.shape
        return (
            f"Data: {self.name}, {len(self.train_images):,} training images and {len(self.test_images):,} test images, "
            f"{height} x {width} pixels, {self.where}."
        )

    def as_json(self) -> dict[str, Any]:
        """Return the name and the sizes of the data set, for ``Demo.values``."""
        return {
            "name": self.name,
            "train": len(self.train_images),
            "test": len(self.test_images),
            "image": list(self.shape),
        }


def read_digits(path: Path) -> Digits:
    """Read a data artifact, or scikit-learn's digits if ``path`` is the default and does not exist.

    scikit-learn's digits are split as ``nn fetch --dataset digits`` splits them. Raises InputError if the file is
    unusable or its classes are not the ten digits.
    """
    if path == DATA and not path.exists():
        digits = loaders.from_scikit_learn()
        keep = len(digits.train_images) - len(digits.train_images) // 6
        return Digits(
            digits.name,
            f"from scikit-learn (there is no {DATA.as_posix()}; nn fetch downloads MNIST)",
            digits.train_images[:keep],
            digits.train_labels[:keep],
            digits.test_images,
            digits.test_labels,
        )
    artifact = data_artifact.load(path)
    arrays, about = artifact.arrays, artifact.meta["dataset"]
    if about["classes"] != CLASSES:
        raise InputError(f"{path}: has {about['classes']} classes, the demonstrations need the ten digits")
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
