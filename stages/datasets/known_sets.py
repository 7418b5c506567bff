"""The registry of known data sets: sets of four IDX files, each recognised by the sha256 of its content.

A new set is one more row of KNOWN_SETS. ``nn fetch`` then downloads it by name and recognises it in any folder or
archive.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class KnownFile:
    """One IDX file of a known set.

    Attributes
    ----------
    name
        The usual file name, without ``.gz``.
    sha256
        The hash of the unpacked content.
    size
        The number of bytes that the mirrors serve, gzipped.
    """

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class KnownSet:
    """A data set whose content is known.

    Attributes
    ----------
    name
        The name in artifacts and for ``nn fetch --dataset``.
    title
        The name in messages.
    files
        The four files: ``train_images``, ``train_labels``, ``test_images`` and ``test_labels``.
    mirrors
        Addresses that serve the gzipped files, in the order in which they are tried.
    cache_folder
        The folder of downloads inside the cache; empty for the cache itself.
    class_names
        One name for each label, from 0.
    source
        Authors and licence.
    has_book_figures
        Whether the book's accuracies are measured on this set.
    """

    name: str
    title: str
    files: Mapping[str, KnownFile]
    mirrors: tuple[str, ...]
    cache_folder: str
    class_names: tuple[str, ...]
    source: str
    has_book_figures: bool = False

    @property
    def classes(self) -> int:
        """The number of classes."""
        return len(self.class_names)

    @property
    def file_names(self) -> dict[str, str]:
        """The usual name of each file."""
        return {part: file.name for part, file in self.files.items()}

    @property
    def sha256(self) -> dict[str, str]:
        """The hash of the content of each file."""
        return {part: file.sha256 for part, file in self.files.items()}

    @property
    def largest_download(self) -> int:
        """The most bytes to accept for one file: a fifth above the largest, rounded up to a million."""
        return -(-12 * max(file.size for file in self.files.values()) // 10**7) * 10**6


MNIST = KnownSet(
    name="mnist",
    title="MNIST",
    files={
        "train_images": KnownFile(
            "train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", 9_912_422
        ),
        "train_labels": KnownFile(
            "train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", 28_881
        ),
        "test_images": KnownFile(
            "t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", 1_648_877
        ),
        "test_labels": KnownFile(
            "t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", 4_542
        ),
    },
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    cache_folder="",
    class_names=tuple("0123456789"),
    source="Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits; CC BY-SA 3.0",
    has_book_figures=True,
)

KNOWN_SETS = (MNIST,)
"""All known sets. The first one is what ``nn fetch --dataset auto`` looks for."""


def choices() -> tuple[str, ...]:
    """Return the values of ``nn fetch --dataset``: auto, each known set, and scikit-learn's digits."""
    return ("auto", *(known.name for known in KNOWN_SETS), "digits")


def by_name(name: str) -> KnownSet | None:
    """Return the known set of this name, or None."""
    return next((known for known in KNOWN_SETS if known.name == name), None)


def by_sha256(hashes: Mapping[str, str]) -> KnownSet | None:
    """Return the known set whose four files have these hashes, or None."""
    return next((known for known in KNOWN_SETS if known.sha256 == hashes), None)


def known_set(dataset: Mapping[str, Any]) -> KnownSet | None:
    """Return the known set of an artifact, given ``meta["dataset"]``, or None.

    The hashes of the content decide. The stored flag ``verified`` is a claim that anyone can write.
    """
    return by_sha256(dataset["source"])


def title_of(dataset: Mapping[str, Any]) -> str:
    """Return the title of an artifact's known set, given ``meta["dataset"]``, or else the name that it has."""
    return _title(str(dataset["name"]), known_set(dataset))


def _title(name: str, known: KnownSet | None) -> str:
    """Return the title of a set, given the known set that it is; another one with such a name is called unverified."""
    if known:
        return known.title
    is_similar = any(_letters(one.name) in _letters(name) for one in KNOWN_SETS)
    return f"{name} (unverified)" if is_similar else name


def _letters(name: str) -> str:
    """Return a name's letters and digits, in one case and in their usual form."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name).casefold()))


def class_names(dataset: Mapping[str, Any], classes: int) -> tuple[str, ...]:
    """Return the names of the classes of an artifact's known set, given ``meta["dataset"]``, or else their numbers."""
    known = known_set(dataset)
    return known.class_names if known else tuple(map(str, range(classes)))


class DatasetReport:
    """The properties of a stage's report that has the fields ``dataset`` and ``verified``."""

    dataset: str
    verified: bool

    @property
    def dataset_title(self) -> str:
        """The name of the data set for messages."""
        return _title(self.dataset, self._known)

    @property
    def has_book_figures(self) -> bool:
        """Whether the book's accuracies apply to the data set."""
        return self._known is not None and self._known.has_book_figures

    @property
    def _known(self) -> KnownSet | None:
        return by_name(self.dataset) if self.verified else None
