"""A set of labelled images: its name, its classes and its four arrays, and the split of images that have none.

A set is a known one (``known_sets.py``) if its content has the hashes of that set, whatever the files look like. Any
other set is accepted under its own name and marked as unverified.
"""

import hashlib
from dataclasses import dataclass, field

import numpy as np

from nndigits.models.arrays.types import Array, Bytes, Integers
from nndigits.stages.datasets import idx, known_sets
from nndigits.stages.datasets.registry_entry import KnownSet


class Mismatch(ValueError):
    """Images and labels that do not belong together. The message says which and why."""


@dataclass(frozen=True)
class DigitSet:
    """Images as bytes, ``(n, height, width)``, 0 for background and 255 for ink; labels as bytes, ``(n,)``.

    ``known`` is the known set that these are, if any. ``names`` are those of the classes of another set, if they have
    any. ``sha256`` has the hashes of the published files. ``is_plain`` says that pictures were only scaled.
    """

    name: str
    train_images: Bytes = field(repr=False)
    train_labels: Bytes = field(repr=False)
    test_images: Bytes = field(repr=False)
    test_labels: Bytes = field(repr=False)
    known: KnownSet | None
    sha256: dict[str, str]
    names: tuple[str, ...] = ()
    is_plain: bool = False

    @property
    def classes(self) -> int:
        """The number of classes; of an unknown set without names ten, or more if the labels need it."""
        if self.known is not None or self.names:
            return len(self.class_names)
        return max(10, int(self.train_labels.max()) + 1, int(self.test_labels.max()) + 1)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The names of the classes, or else their numbers."""
        if self.known is not None:
            return self.known.class_names
        return self.names or tuple(map(str, range(self.classes)))


def make_digit_set(
    name: str,
    arrays: dict[str, Bytes],
    *,
    known: KnownSet | None = None,
    form: KnownSet | None = None,
    names: tuple[str, ...] = (),
    is_plain: bool = False,
) -> DigitSet:
    """Make a set of four arrays as files have them; a known set gets its own name instead of ``name``.

    Parameters
    ----------
    known
        The known set that the files were found to be, if their content alone does not say it.
    form
        The known set that the files look like: their images and labels are read as its are.
    """
    _check(arrays)
    hashes = {file: content_sha256(array) for file, array in arrays.items()}
    known = known or known_sets.by_sha256(hashes)
    form = known or form
    if form is not None:
        arrays = {part: from_file(form, part, array) for part, array in arrays.items()}
        names = form.class_names
    made = DigitSet(known.name if known else name, **arrays, known=known, sha256=hashes, names=names, is_plain=is_plain)
    for part in ("train", "test"):
        most = int(getattr(made, f"{part}_labels").max())
        if most >= made.classes:
            raise Mismatch(f"there is a {part} label {most}, and there are {made.classes} classes, counted from 0")
    return made


def _check(arrays: dict[str, Bytes]) -> None:
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


def content_sha256(*arrays: Bytes) -> str:
    """Return the sha256 of the IDX file that holds these arrays one after the other."""
    digest = hashlib.sha256(idx.header((sum(map(len, arrays)), *arrays[0].shape[1:])))
    for array in arrays:
        digest.update(array.reshape(-1).data)
    return digest.hexdigest()


def from_file(known: KnownSet, part: str, array: Bytes) -> Bytes:
    """Return images upright, or labels counted from 0, of an array as the files of a known set have it."""
    if part.endswith("images"):
        return np.ascontiguousarray(array.swapaxes(1, 2)) if known.is_transposed else array
    if array.size and array.min() < known.first_label:
        raise Mismatch(f"there is a label {array.min()}, and those of {known.title} begin at {known.first_label}")
    return array - np.uint8(known.first_label) if known.first_label else array


def as_in_file(known: KnownSet, part: str, array: Bytes) -> Bytes:
    """Return a copy of an array as the files of a known set have it: the inverse of ``from_file``."""
    if part.endswith("images"):
        return np.ascontiguousarray(array.swapaxes(1, 2)) if known.is_transposed else array
    return array + np.uint8(known.first_label) if known.first_label else array


TEST_SHARE = 7
"""Every seventh image of a class is a test image."""


class TooFew(ValueError):
    """A class with fewer images than a split needs; ``label`` and ``count`` say which and how many."""

    def __init__(self, label: int, count: int) -> None:
        super().__init__(f"label {label}: {count} images")
        self.label, self.count = label, count


def split(images: Bytes, labels: Bytes, classes: int) -> dict[str, Bytes]:
    """Split images, ``(n, height, width)``, and labels, ``(n,)``, into training and test images.

    Within a class, images are ordered by the hash of their pixels. So the split depends neither on the names of files
    nor on their order, and a few more images leave most others where they were. The training images are ordered so that
    any number of the last ones, which become the validation images, has all classes in proportion. Raises TooFew for a
    class with fewer images than TEST_SHARE.
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
