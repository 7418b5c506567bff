"""Look-ups in the registry of known data sets: by name, by the hashes of the content, and for an artifact.

A new set is one more row of KNOWN_SETS. ``nn fetch`` then downloads it by name and recognises it in any folder or
archive.
"""

import unicodedata
from collections.abc import Mapping
from typing import Any

from nndigits.stages.datasets import registry
from nndigits.stages.datasets.registry_entry import KnownSet


def choices() -> tuple[str, ...]:
    """Return the values of ``nn fetch --dataset``: each known set, and scikit-learn's digits."""
    return (*(known.name for known in registry.KNOWN_SETS), "digits")


def by_name(name: str) -> KnownSet | None:
    """Return the known set of this name, or None."""
    return next((known for known in registry.KNOWN_SETS if known.name == name), None)


def by_sha256(hashes: Mapping[str, str]) -> KnownSet | None:
    """Return the known set whose four files have this content, or None."""
    return next((known for known in registry.KNOWN_SETS if known.has_content_hashes and known.sha256 == hashes), None)


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
    is_similar = any(_letters(one.name) in _letters(name) for one in registry.KNOWN_SETS)
    return f"{name} (unverified)" if is_similar else name


def _letters(name: str) -> str:
    """Return a name's letters and digits, in one case and in their usual form."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name).casefold()))


def class_names(*datasets: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the classes of artifacts, given ``meta["dataset"]`` of each, or else their numbers.

    Those of a known set are in the registry, and those of any other set in the artifact. Where these have none, as in
    an imported network, those of the other artifacts apply. Raises DifferentClasses if the artifacts differ.
    """
    given = {names for dataset in datasets if (names := _given_names(dataset)) is not None}
    if len(given) > 1 or len({dataset["classes"] for dataset in datasets}) > 1:
        raise DifferentClasses
    return given.pop() if given else tuple(map(str, range(datasets[0]["classes"])))


class DifferentClasses(ValueError):
    """Artifacts with other classes."""


def _given_names(dataset: Mapping[str, Any]) -> tuple[str, ...] | None:
    known = known_set(dataset)
    if known is not None:
        return known.class_names
    return tuple(dataset["names"]) if "names" in dataset else None


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
