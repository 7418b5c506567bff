"""Readers of local data sets: MNIST, IDX files, a Keras-style ``mnist.npz``, drawings, and scikit-learn's digits.

Every reader returns a complete, checked DigitSet or raises an error.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nndigits.models.arrays.types import Bytes
from nndigits.stages.datasets import (
    idx,
    numpy_archives,
    own_drawings,
    registry,
    zip_members,
)
from nndigits.stages.datasets.digit_set import TEST_SHARE, DigitSet, Mismatch, TooFew, make_digit_set, split
from nndigits.stages.datasets.known_files import (
    OnNote,
    SourceMissing,
    dimensions,
    existing,
    first_known,
    matching,
    silent,
)
from nndigits.stages.datasets.registry_entry import KnownSet
from nndigits.stages.store import files
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.store.npz import FormatError
from nndigits.stages.words.escaping import printable
from nndigits.stages.words.nouns import listed

MOST_LETTERS = 100
"""Of the name of a data set, which is that of its folder or file."""

KERAS = {
    "train_images": "x_train",
    "train_labels": "y_train",
    "test_images": "x_test",
    "test_labels": "y_test",
}

PICKLE_REFUSED = (
    "is a Python pickle, which can run any program when it is opened, so nn never opens one. "
    "You do not need it: MNIST comes with nn, `nn fetch`"
)

MNIST_FOLDER = Path(__file__).with_name("mnist")
"""The four files of MNIST, which come with nn."""


def mnist() -> DigitSet:
    """Read MNIST, 60,000 and 10,000 images of 28 x 28; raises InputError if nn's files are damaged or missing."""
    known = registry.KNOWN_SETS[0]
    try:
        digits = from_folder(MNIST_FOLDER, known)
    except SourceMissing as error:
        raise InputError(f"{error}. Install nn again") from None
    if digits.known != known:
        raise InputError(f"{MNIST_FOLDER}: is not {known.title}, its bytes differ. Install nn again")
    return digits


def from_path(path: Path, wanted: KnownSet | None = None, on_note: OnNote = silent) -> DigitSet:
    """Read a folder of IDX files, named as those of ``wanted`` or of any known set, or a Keras-style ``.npz``.

    ``on_note`` is told of the files of a folder that are passed over.
    """
    if re.search(r"\.(pkl|pickle|pkl\.gz|pickle\.gz)$", path.name):
        raise InputError(f"{path}: {PICKLE_REFUSED}")
    if os.path.isdir(path):  # False for a name that is too long, and for a folder that may not be looked at
        try:
            return from_folder(path, wanted, on_note)
        except SourceMissing as error:
            names = (wanted or registry.KNOWN_SETS[0]).file_names.values()
            raise InputError(f"{error}. Expected are {', '.join(names)}, gzipped or not") from None
    return from_archive(path, wanted) if path.suffix == ".zip" else from_numpy(path, on_note)


def input_files(path: Path | None) -> list[Path]:
    """Return the files that reading ``path`` may touch, so that no output replaces one of them."""
    if path is None:
        return []
    if not os.path.isdir(path):
        return [path]
    names = {name for known in registry.KNOWN_SETS for name in known.file_names.values()}
    found = [file for name in sorted(names) for file in existing(path, name)]
    return [path, *found, *own_drawings.find(path)]


def drawn_files(path: Path) -> list[Path]:
    """Return the drawings of a path, saved by `nn draw`: a file, or those of a folder without IDX files."""
    names = {name for known in registry.KNOWN_SETS for name in known.file_names.values()}
    has_idx = os.path.isdir(path) and any(existing(path, name) for name in names)
    return [] if has_idx else own_drawings.find(path)


def from_folder(folder: Path, wanted: KnownSet | None = None, on_note: OnNote = silent) -> DigitSet:
    """Read the four IDX files of a folder, gzipped or not, with dots or hyphens in their names.

    Of several files for one part, the one with the content of the known set is read, or else the first.
    """
    if not os.path.isdir(folder):
        raise SourceMissing(f"{folder}: no such folder")
    arrays = {}
    alike, found = _find(folder, registry.KNOWN_SETS if wanted is None else (wanted,))
    form = alike[0]
    for part, paths in found.items():
        for known in alike if len(paths) > 1 else ():
            array, problems = first_known(paths, known, part)
            if array is not None:
                for problem in problems:
                    on_note(f"Passed over: {problem}")
                arrays[part], alike = array, [known]
                break
        else:
            arrays[part], alike = _read_idx(paths[0], part, alike)
    is_known = next(iter(alike), None)
    return _make(folder, folder.resolve().name, arrays, is_known, form if form.is_transposed else None)


def _read_idx(path: Path, part: str, alike: Sequence[KnownSet]) -> tuple[Bytes, list[KnownSet]]:
    """Return the array of a file, and those of the known sets that have this content."""
    hint = "Give the four IDX files again"
    try:
        # A sparse file of 4 GB that begins with zeros is refused before it is read.
        start = files.read_start(path, 4 + 4 * dimensions(part), hint=hint)
        if not start.startswith(idx.GZIP):
            idx.header_shape(start, dimensions(part))
        return matching(files.read(path, hint=hint), part, alike)
    except idx.IdxError as error:
        raise InputError(f"{path}: {error}. Get the file again, or name another folder") from None


def from_archive(path: Path, wanted: KnownSet | None) -> DigitSet:
    """Read the files of one set from a zip archive that holds several known ones, such as EMNIST's ``gzip.zip``."""
    hint = "Expected is EMNIST's gzip.zip"
    arrays = {}
    try:
        with zip_members.of_file(path, hint) as archive:
            found = {name.rpartition("/")[2] for name in archive.entries}
            sets = [one for one in registry.KNOWN_SETS if {f"{name}.gz" for name in one.file_names.values()} <= found]
            chosen = wanted or next(iter(sets), None)
            if chosen is None or chosen not in sets:
                raise FormatError(f"has not the files of {chosen.title if chosen else 'a known set'}")
            if wanted is None and len(sets) > 1:
                names = listed((one.name for one in sets), "or")
                raise UsageError(f"{path}: has several data sets; name one, {names}", "dataset")
            alike = [chosen]
            for part, name in chosen.file_names.items():
                data = archive.member(zip_members.find(archive, f"{name}.gz"))
                arrays[part], alike = matching(data, part, alike)
    except (FormatError, idx.IdxError) as error:
        raise InputError(f"{path}: {error}. {hint}") from None
    return _make(path, path.stem, arrays, next(iter(alike), None), chosen)


def from_numpy(path: Path, on_note: OnNote = silent) -> DigitSet:
    """Read ``x_train``, ``y_train``, ``x_test`` and ``y_test`` from an ``.npz``, or ``images`` and ``labels``.

    The archive may be compressed. Images and labels without a split are split by ``digit_set.py``.
    """
    hint = f"Expected is a folder of IDX files, or an .npz with {', '.join(KERAS.values())}, or with images and labels"
    blob = files.read(path, hint=hint, starts_with=b"PK")
    try:
        if numpy_archives.has_labelled(blob):
            return _unsplit(path, *numpy_archives.labelled(blob), on_note)
        arrays = numpy_archives.arrays(blob, KERAS)
    except (FormatError, idx.IdxError, Mismatch) as error:
        raise InputError(f"{path}: {error}. {hint}") from None
    return _make(path, path.stem, arrays)


def _unsplit(path: Path, images: Bytes, labels: Bytes, is_coloured: bool, on_note: OnNote) -> DigitSet:
    """Split images and labels; the classes are all numbers up to the largest label."""
    classes = int(labels.max()) + 1
    if is_coloured:
        on_note(f"{path}: the colours are turned to grey")
    try:
        arrays = split(images, labels, classes)
    except TooFew as error:
        raise InputError(
            f"{path}: has {error.count} images of label {error.label}, at least {TEST_SHARE} are "
            f"needed of each label from 0 to {classes - 1}"
        ) from None
    return make_digit_set(shown_name(path.stem), arrays, names=tuple(map(str, range(classes))))


def from_drawings(path: Path, arrays: dict[str, Bytes]) -> DigitSet:
    """Return drawings that were split as a set with the name of their file or folder ``path``."""
    return _make(path, path.resolve().stem, arrays)


def from_scikit_learn() -> DigitSet:
    """Read the 1,797 digits of 8 x 8 pixels that scikit-learn includes; the last seventh are the test images.

    They are the test split of the UCI set "Optical Recognition of Handwritten Digits" (Alpaydin, Kaynak 1998). Their 17
    shades of grey are scaled to 0..255.
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    images = np.rint(bunch.images * (255 / 16)).astype(np.uint8)
    labels = bunch.target.astype(np.uint8)
    first_test = len(images) - len(images) // 7
    return make_digit_set(
        "digits",
        {
            "train_images": images[:first_test],
            "train_labels": labels[:first_test],
            "test_images": images[first_test:],
            "test_labels": labels[first_test:],
        },
    )


def _make(
    path: Path, name: str, arrays: dict[str, Bytes], known: KnownSet | None = None, form: KnownSet | None = None
) -> DigitSet:
    try:
        return make_digit_set(shown_name(name), arrays, known=known, form=form)
    except Mismatch as error:
        raise InputError(f"{path}: {error}. Give files that belong together") from None


def shown_name(name: str) -> str:
    """Return the name of a data set, which is that of a folder or a file."""
    return printable(name)[:MOST_LETTERS] or "unnamed"


def _find(folder: Path, sets: Sequence[KnownSet]) -> tuple[list[KnownSet], dict[str, list[Path]]]:
    """Find the sets under whose names the folder has all four files; return them, and the files for each part.

    Of sets with different names, the first.
    """
    missing = []
    for known in sets:
        candidates = {part: existing(folder, name) for part, name in known.file_names.items()}
        missing += [known.file_names[part] for part, paths in candidates.items() if not paths]
        if all(candidates.values()):
            return [one for one in sets if one.file_names == known.file_names], candidates
    raise SourceMissing(f"{folder}: has no {missing[0]}")
