"""The first stage: read a set of handwritten digits, split it as the book does, and write it as one file.

MNIST has 60,000 training images and 10,000 test images. The last 10,000 training images become the validation set, on
which all choices are made. The test images are then used for the final accuracy only.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from nndigits.stages.datasets import download_cache, known_sets, loaders, own_drawings, registry
from nndigits.stages.datasets.connection import check_address
from nndigits.stages.datasets.digit_set import DigitSet
from nndigits.stages.datasets.download import OnBytes, command_with_folder, search
from nndigits.stages.datasets.known_files import OnNote, silent
from nndigits.stages.datasets.known_sets import DatasetReport
from nndigits.stages.datasets.registry_entry import KnownSet
from nndigits.stages.own_images import picture_folder
from nndigits.stages.own_images.picture_folder import Refused
from nndigits.stages.store import artifacts, files, metadata
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.words.classes import are_digits


@dataclass(frozen=True)
class FetchReport(DatasetReport):
    """The data set that was written.

    Attributes
    ----------
    source
        Where it was found.
    classes
        The names of the classes.
    refused
        The files of a folder of pictures or drawings that could not be used, and why.
    files
        The files of drawings that were read, with the writer of each.
    """

    out: Path
    dataset: str
    verified: bool
    train: int
    validation: int
    test: int
    image: tuple[int, int]
    classes: tuple[str, ...]
    source: str
    refused: tuple[Refused, ...] = ()
    files: tuple[own_drawings.DrawingsFile, ...] = ()


def fetch(
    out: Path,
    *,
    dataset: str | None = None,
    source: Path | None = None,
    cache: Path | None = None,
    mirrors: Sequence[str] | None = None,
    validation: int | None = None,
    more: Sequence[Path] = (),
    split_by: str | None = None,
    images: Path | None = None,
    size: tuple[int, int] | None = None,
    is_plain: bool = False,
    on_picture: picture_folder.OnPicture = lambda name, done, total: None,
    on_bytes: OnBytes | None = None,
    on_note: OnNote = silent,
) -> FetchReport:
    """Find a set of digits, split it, and write it to ``out``.

    Parameters
    ----------
    dataset
        The name of a known set, or ``digits`` for scikit-learn's 8 x 8 digits. Default: MNIST, which comes with nn, or
        whatever ``source`` or ``images`` holds.
    source
        A folder of IDX files, a Keras-style ``.npz``, an archive or drawings, read instead of looking for the set.
    cache
        The folder where downloads are kept. Default: the user's cache.
    mirrors
        Addresses that serve the set's four ``.gz`` files, in the order in which they are tried. Default: those of the
        known set.
    validation
        The number of training images, the last ones, that become the validation set. Default: a sixth, the book's
        10,000 of 60,000.
    more
        Files of drawings, saved on the page of `nn draw`, that are added to the training images.
    split_by
        ``writer`` to split a folder of drawings so that nobody's are in two splits.
    images
        A folder of pictures in folders named by class.
    size, is_plain
        The height and width of the images made of these pictures, 28 x 28 by default; and whether they are only scaled,
        not prepared as `nn predict` does it.
    on_picture
        Called with the name of each picture, the number of pictures done, and that of all.

    Raises
    ------
    InputError
        A named file is missing or unusable, or is not the set that was asked for.
    UsageError
        An unknown name of a data set, an address that cannot be one of a mirror, or more validation images than there
        are.
    WorldError
        No source has the set that was asked for, or ``out`` cannot be written.
    """
    if images is not None:
        _check_alone(images, dataset, source, out)
    elif size is not None or is_plain:
        raise UsageError("is for a folder of pictures; name it with `images`", "size" if size else "plain")
    if validation is not None and validation < 0:
        raise UsageError("expected 0 or more", "validation", validation)
    wanted = _wanted(dataset, source, mirrors or ())
    folder = cache or download_cache.user_cache()
    kept = [download_cache.folder_of(folder, known) for known in registry.KNOWN_SETS if known.mirrors]
    inputs = [file for place in (source, *kept) for file in loaders.input_files(place)]
    artifacts.check_output(out, "dataset", *inputs, *more, example="data.npz")
    added = own_drawings.load(more) if more else None  # before anything is downloaded
    drawn = loaders.drawn_files(source) if source is not None else []
    if split_by is not None and (not drawn or validation is not None):
        raise UsageError("is for drawings, and decides which are for validation; name no other", "split_by", split_by)
    if images is not None:
        digits, refused = picture_folder.read(images, size, is_plain=is_plain, on_picture=on_picture)
        found = _Found(digits, images.name, refused)
    elif source is not None:
        found = _from_source(source, drawn, wanted, split_by, on_note)
    elif dataset == "digits":
        found = _Found(loaders.from_scikit_learn(), "scikit-learn")
    elif wanted is None or not wanted.mirrors:
        found = _Found(loaders.mnist(), "nn")
    else:
        of_folder = command_with_folder(wanted.name, out, validation, more)
        found = _Found(*search(wanted, folder, mirrors, on_bytes, on_note, of_folder))
    digits = found.digits
    if wanted is not None and digits.known != wanted:
        raise InputError(
            f"{found.where}: is not {wanted.title}, its bytes differ; fetch it as a set of its own, without that name"
        )
    if added is not None:
        digits = own_drawings.added_to(digits, added, more[0])
    apart = validation if found.validation is None else found.validation
    with files.locked(out, on_wait=on_note):
        report = _split_and_save(digits, out, apart, found.where, on_note)
    return replace(report, refused=found.refused, files=found.files)


class _Found(NamedTuple):
    """A data set, where it was found, what was refused, and of drawings the files and the number for validation."""

    digits: DigitSet
    where: str
    refused: tuple[Refused, ...] = ()
    files: tuple[own_drawings.DrawingsFile, ...] = ()
    validation: int | None = None


def _from_source(
    source: Path, drawn: Sequence[Path], wanted: KnownSet | None, split_by: str | None, on_note: OnNote
) -> _Found:
    """Read files that are named: ``drawn`` are those of drawings."""
    if not drawn:
        return _Found(loaders.from_path(source, wanted, on_note), source.name)
    found, writers, read, others = own_drawings.read_class(source, drawn)
    validation = None
    if split_by is None:
        arrays = own_drawings.split(source, found)
    else:
        arrays, validation = own_drawings.split_by_writer(source, found, writers)
    refused = tuple(Refused(path, why) for path, why in others)
    return _Found(loaders.from_drawings(source, arrays), source.name, refused, read, validation)


def _wanted(dataset: str | None, source: Path | None, mirrors: Sequence[str]) -> KnownSet | None:
    """Return the known set of this name, if it has files of its own; raises UsageError if there is no such set."""
    if dataset is not None and dataset not in known_sets.choices():
        raise UsageError(f"expected one of {', '.join(known_sets.choices())}", "dataset", dataset)
    if dataset == "digits" and source is not None:
        raise UsageError("dataset digits comes with scikit-learn; leave out one of the two", "source", source)
    for address in mirrors:
        check_address(address)
    wanted = known_sets.by_name(dataset) if dataset else None
    if mirrors and (wanted is None or not wanted.mirrors):
        title = wanted.title if wanted else dataset or "MNIST"
        raise UsageError(f"{title} is not downloaded; name a set that is, `nn datasets`", "mirror", mirrors[0])
    return wanted


def _check_alone(images: Path, dataset: str | None, source: Path | None, out: Path) -> None:
    """Raise UsageError if another source is given with a folder of pictures, or if the output lies in that folder."""
    if dataset is not None or source is not None:
        raise UsageError("is a data set of its own; leave out `dataset` and `source`", "images", images)
    if Path(os.path.realpath(out)).is_relative_to(os.path.realpath(images)):
        raise UsageError(f"{out}: is in the folder of pictures; name another folder", "out")


def _split_and_save(digits: DigitSet, out: Path, validation: int | None, where: str, on_note: OnNote) -> FetchReport:
    total = len(digits.train_images)
    apart = total // 6 if validation is None else validation
    if not 0 <= apart < total:
        raise UsageError(f"expected 0 to {total - 1}, there are {total:,} training images", "validation", apart)
    meta = artifacts.describe(
        "dataset",
        parameters={"validation": apart},
        dataset={
            "name": digits.name,
            "verified": digits.known is not None,
            "classes": digits.classes,
            "source": digits.sha256,
            **({} if are_digits(digits.class_names) else {"names": list(digits.class_names)}),
            **({"plain": True} if digits.is_plain else {}),
        },
    )
    keep = total - apart
    arrays = {
        "train_images": digits.train_images[:keep],
        "train_labels": digits.train_labels[:keep],
        "validation_images": digits.train_images[keep:],
        "validation_labels": digits.train_labels[keep:],
        "test_images": digits.test_images,
        "test_labels": digits.test_labels,
    }
    earlier = metadata.existing(out)
    artifacts.save(out, meta, arrays)
    if earlier and any(earlier[name] != meta[name] for name in ("dataset", "parameters")):
        title, kept_apart = known_sets.title_of(earlier["dataset"]), earlier["parameters"]["validation"]
        on_note(f"{out}: held {title} with {kept_apart:,} images for validation, which this replaces")
    height, width = digits.train_images.shape[1:]
    return FetchReport(
        out=out,
        dataset=digits.name,
        verified=digits.known is not None,
        train=keep,
        validation=apart,
        test=len(digits.test_images),
        image=(height, width),
        classes=digits.class_names,
        source=where,
    )
