"""A set of handwritten digits before it is split: its name and its four arrays.

A set is a known one (``known_sets.py``) if its content has the hashes of that set, whatever the files look like. Any
other set is accepted under its own name and marked as unverified.
"""

import hashlib
from dataclasses import dataclass, field

from nn.models.arrays.types import Bytes
from nn.stages.datasets import idx, known_sets
from nn.stages.datasets.known_sets import KnownSet


class Mismatch(ValueError):
    """Images and labels that do not belong together. The message says which and why."""


@dataclass(frozen=True)
class DigitSet:
    """Images as bytes, ``(n, height, width)``, 0 for background and 255 for ink; labels as bytes, ``(n,)``.

    ``known`` is the known set that these are, if any.
    """

    name: str
    train_images: Bytes = field(repr=False)
    train_labels: Bytes = field(repr=False)
    test_images: Bytes = field(repr=False)
    test_labels: Bytes = field(repr=False)
    known: KnownSet | None
    sha256: dict[str, str]

    @property
    def classes(self) -> int:
        """The number of classes; of an unknown set ten, or more if the labels need it."""
        if self.known is not None:
            return self.known.classes
        return max(10, int(self.train_labels.max()) + 1, int(self.test_labels.max()) + 1)


def make_digit_set(name: str, arrays: dict[str, Bytes]) -> DigitSet:
    """Make a set of its four arrays; a known set gets its own name instead of ``name``."""
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
    known = known_sets.by_sha256(hashes)
    return DigitSet(known.name if known else name, **arrays, known=known, sha256=hashes)


def content_sha256(array: Bytes) -> str:
    """Return the sha256 of the IDX file that holds this array."""
    digest = hashlib.sha256(idx.header(array.shape))
    digest.update(array.reshape(-1).data)
    return digest.hexdigest()
