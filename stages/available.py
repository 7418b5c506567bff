"""The stage `datasets`: the known data sets, which of them are on this machine, and where others come from."""

import os
from dataclasses import dataclass
from pathlib import Path

from nndigits.stages.datasets import download_cache, known_files, registry
from nndigits.stages.datasets.registry import DIGITS
from nndigits.stages.datasets.registry_entry import KnownSet


@dataclass(frozen=True)
class DatasetRow:
    """A known data set.

    Attributes
    ----------
    train, test
        The numbers of training and test images.
    classes
        The names of the classes.
    here
        What has its files on this machine: nn, scikit-learn, a package or the cache; empty if nothing has. The content
        is checked when it is read.
    mirrors
        Where it would be downloaded from, in this order.
    package
        A Debian package that has it, if there is one.
    bytes
        The size of the download.
    authors, licence
        Its authors, and the name of its licence.
    """

    name: str
    title: str
    train: int
    test: int
    classes: tuple[str, ...]
    here: str
    mirrors: tuple[str, ...]
    package: str
    bytes: int
    authors: str
    licence: str


def available(*, cache: Path | None = None) -> tuple[DatasetRow, ...]:
    """List the known data sets; ``cache`` is the folder of download_cache."""
    first, *others = registry.KNOWN_SETS
    folder = cache or download_cache.user_cache()
    return tuple(_row(known, folder) for known in (first, DIGITS, *others))


def _row(known: KnownSet, cache: Path) -> DatasetRow:
    return DatasetRow(
        name=known.name,
        title=known.title,
        train=known.images[0],
        test=known.images[1],
        classes=known.class_names,
        here=_place(known, cache),
        mirrors=known.mirrors,
        package=known.package,
        bytes=known.download_size,
        authors=known.source,
        licence=known.licence,
    )


def _place(known: KnownSet, cache: Path) -> str:
    """Return the first place in which `nn fetch` would look and find files of the right names."""
    if known.comes_with:
        return known.comes_with
    if any(_has_files(Path(one), known) for one in known.folders):
        return known.package
    folder = download_cache.folder_of(cache, known)
    archive = known.archive is not None and os.path.isfile(folder / known.archive.name)
    return "the cache" if archive or _has_files(folder, known) else ""


def _has_files(folder: Path, known: KnownSet) -> bool:
    return all(known_files.existing(folder, name) for name in known.file_names.values())
