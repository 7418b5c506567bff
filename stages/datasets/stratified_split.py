"""Split of labelled images that have no split of their own: each class is in all splits, in proportion to its images.

Within a class, images are ordered by the hash of their pixels. So the split depends neither on the names of files nor
on their order, and a few more images leave most others where they were.
"""

import hashlib

import numpy as np

from nndigits.models.arrays.types import Array, Bytes, Integers

TEST_SHARE = 7
"""Every seventh image of a class is a test image."""


class TooFew(ValueError):
    """A class with fewer images than a split needs; ``label`` and ``count`` say which and how many."""

    def __init__(self, label: int, count: int) -> None:
        super().__init__(f"label {label}: {count} images")
        self.label, self.count = label, count


def split(images: Bytes, labels: Bytes, classes: int) -> dict[str, Bytes]:
    """Split images, ``(n, height, width)``, and labels, ``(n,)``, into training and test images.

    The training images are ordered so that any number of the last ones, which become the validation images, has all
    classes in proportion. Raises TooFew for a class with fewer images than TEST_SHARE.
    """
    counts = np.bincount(labels, minlength=classes)
    if counts.min() < TEST_SHARE:
        raise TooFew(int(counts.argmin()), int(counts.min()))
    digests = np.array([hashlib.sha256(image.tobytes()).digest() for image in images])
    order = np.lexsort((digests, labels))
    is_test = _places(labels[order]) >= 1 - 1 / TEST_SHARE
    train, test = order[~is_test], order[is_test]
    train = train[np.lexsort((labels[train], _places(labels[train])))]
    return {
        f"{part}_{name}": array[chosen]
        for part, chosen in (("train", train), ("test", test))
        for name, array in (("images", images), ("labels", labels))
    }


def _places(labels: Integers) -> Array:
    """Return the place of each of some sorted labels among those of its class, from 0 to 1."""
    counts = np.unique(labels, return_counts=True)[1]
    places: Array = np.concatenate([(np.arange(count) + 0.5) / count for count in counts])
    return places
