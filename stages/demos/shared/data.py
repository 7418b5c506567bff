"""The digits of a demonstration: from ``data.npz`` if it exists, else MNIST, which comes with nn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nndigits.models.arrays.types import Array, Bytes
from nndigits.models.network.inputs import as_inputs, one_hot
from nndigits.stages.datasets import data_artifact, loaders
from nndigits.stages.demos.shared.texts import Say, Text
from nndigits.stages.store.environment import artifacts_folder
from nndigits.stages.store.errors import InputError

say = Say("shared")

MNIST = "MNIST"
DATA = artifacts_folder() / "data.npz"
"""The output of ``nn fetch``. If it is missing, MNIST is used; any other path must exist."""

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

    @property
    def about(self) -> Text:
        """Which digits these are, in a sentence."""
        height, width = self.shape
        name = MNIST if self.name == MNIST.lower() else self.name
        sizes = {"train": len(self.train_images), "test": len(self.test_images)}
        return say("data", name=name, **sizes, height=height, width=width, where=self.where)

    def as_json(self) -> dict[str, Any]:
        """Return the name and the sizes of the data set, for ``Demo.values``."""
        train, test = len(self.train_images), len(self.test_images)
        return {"name": self.name, "train": train, "test": test, "image": list(self.shape)}


def samples(images: Bytes, labels: Bytes) -> tuple[Array, Array]:
    """Return images and labels as inputs ``(n, pixels + 1)`` and one-hot targets ``(n, 10)`` in double precision."""
    return as_inputs(images, "float64"), one_hot(labels, CLASSES, "float64")


def read_digits(path: Path) -> Digits:
    """Read a data artifact, or MNIST if ``path`` is the default and does not exist.

    Raises InputError if the file is unusable or its classes are not the ten digits.
    """
    if path == DATA and not path.exists():
        mnist = loaders.mnist()
        name, where = mnist.name, say("with-nn")
        arrays: Mapping[str, Any] = vars(mnist)
    else:
        artifact = data_artifact.load(path)
        arrays, about = artifact.arrays, artifact.meta["dataset"]
        name, where = about["name"], say("from-file", file=path)
        if about["classes"] != CLASSES:
            raise InputError(say("other-classes", file=path, classes=about["classes"]))
        if not len(arrays["test_images"]):
            raise InputError(say("no-test-images", file=path))
    train, test = ([arrays[f"{split}_{what}"] for what in ("images", "labels")] for split in ("train", "test"))
    return Digits(name, where, *(part[:MOST_TRAIN] for part in train), *(part[:MOST_TEST] for part in test))
