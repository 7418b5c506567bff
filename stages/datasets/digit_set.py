"""A set of handwritten digits as it came from somewhere, before it is split: who it is, and its four arrays.

A set is MNIST when the bytes of its four files, whatever they were wrapped in, are MNIST's. Any other set is
welcome under its own name, and is marked as unverified.
"""

import hashlib
from dataclasses import dataclass, field

from nn.models.arrays.types import Bytes
from nn.stages.datasets import idx

FILES = {
    "train_images": "train-images-idx3-ubyte",
    "train_labels": "train-labels-idx1-ubyte",
    "test_images": "t10k-images-idx3-ubyte",
    "test_labels": "t10k-labels-idx1-ubyte",
}

MNIST_SHA256 = {
    "train_images": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train_labels": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "test_images": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "test_labels": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
"""What is inside MNIST's four IDX files."""


class Mismatch(ValueError):
    """Arrays that do not belong together; the message says which and why."""


@dataclass(frozen=True)
class DigitSet:
    """Images as bytes, ``(n, height, width)``, 0 for paper and 255 for ink; labels as bytes, ``(n,)``."""

    name: str
    train_images: Bytes = field(repr=False)
    train_labels: Bytes = field(repr=False)
    test_images: Bytes = field(repr=False)
    test_labels: Bytes = field(repr=False)
    verified: bool
    sha256: dict[str, str]

    @property
    def classes(self) -> int:
        """How many digits there are to tell apart: ten, or more where the labels say so."""
        return max(10, int(self.train_labels.max()) + 1, int(self.test_labels.max()) + 1)


def make_digit_set(name: str, arrays: dict[str, Bytes]) -> DigitSet:
    """Make a set of the four arrays of FILES; it is verified, and named mnist, where they are MNIST's."""
    for part in ("train", "test"):
        images, labels = arrays[f"{part}_images"], arrays[f"{part}_labels"]
        if images.ndim != 3 or labels.ndim != 1:
            raise Mismatch(f"the {part} images have shape {images.shape} and the labels {labels.shape}")
        if len(images) != len(labels):
            raise Mismatch(f"there are {len(images):,} {part} images and {len(labels):,} {part} labels")
        if not images.size:
            raise Mismatch(f"there are no {part} images")
    if arrays["train_images"].shape[1:] != arrays["test_images"].shape[1:]:
        sizes = (" x ".join(map(str, arrays[f"{part}_images"].shape[1:])) for part in ("train", "test"))
        raise Mismatch("the train images are {}, the test images {}".format(*sizes))
    hashes = {file: content_sha256(array) for file, array in arrays.items()}
    verified = hashes == MNIST_SHA256
    return DigitSet("mnist" if verified else name, **arrays, verified=verified, sha256=hashes)


def content_sha256(array: Bytes) -> str:
    """The sha256 of the IDX file that holds this array, by which a set is known whatever it came in."""
    digest = hashlib.sha256(idx.header(array.shape))
    digest.update(array.reshape(-1).data)
    return digest.hexdigest()
