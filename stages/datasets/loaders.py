"""Sets of digits that lie here already: a folder of IDX files, a Keras-style ``mnist.npz``, scikit-learn's digits.

Every function gives a whole, checked DigitSet or raises.
"""

import os
import re
from pathlib import Path

import numpy as np

from nn.models.arrays.types import Bytes
from nn.stages.datasets import idx, keras
from nn.stages.datasets.digit_set import FILES, DigitSet, Mismatch, make_digit_set
from nn.stages.store import files
from nn.stages.store.errors import InputError
from nn.stages.store.npz import FormatError

KERAS = {
    "train_images": "x_train",
    "train_labels": "y_train",
    "test_images": "x_test",
    "test_labels": "y_test",
}

PICKLE_REFUSED = (
    "is a Python pickle, which can run any program when it is opened, so nn never opens one. "
    "Give the folder of the four IDX files or a mnist.npz instead, or download MNIST with `nn fetch`"
)


class SourceMissing(Exception):
    """A source that is not there; the message says what was looked for. The next source may do."""


def from_path(path: Path) -> DigitSet:
    """Read what ``--from`` names: a folder of IDX files or a Keras-style ``.npz``."""
    if re.search(r"\.(pkl|pickle|pkl\.gz|pickle\.gz)$", path.name):
        raise InputError(f"{path}: {PICKLE_REFUSED}")
    if os.path.isdir(path):  # which takes a name that is too long, or may not be looked at, for no folder
        try:
            return from_folder(path)
        except SourceMissing as error:
            raise InputError(f"{error}. Expected are {', '.join(FILES.values())}, gzipped or not") from None
    return from_keras(path)


def named(path: Path | None) -> list[Path]:
    """What ``--from`` may read, of what it names: nothing may be written over it."""
    if path is None:
        return []
    return [path, *path.glob("*ubyte*")] if os.path.isdir(path) else [path]


def from_folder(folder: Path) -> DigitSet:
    """Read the four IDX files of a folder, gzipped or not, dots or hyphens in their names."""
    if not os.path.isdir(folder):
        raise SourceMissing(f"{folder}: no such folder")
    arrays = {}
    for part, name in FILES.items():
        path = _find(folder, name)
        data = files.read(path, hint="Give the four IDX files again")
        dimensions = idx.IMAGES if part.endswith("images") else idx.LABELS
        try:
            arrays[part] = idx.parse(idx.unpack(data, dimensions), dimensions)
        except idx.IdxError as error:
            raise InputError(f"{path}: {error}. Get the file again, or name another folder") from None
    return _assemble(folder, folder.resolve().name, arrays)


def from_keras(path: Path) -> DigitSet:
    """Read ``x_train``, ``y_train``, ``x_test``, ``y_test`` of an ``.npz``, compressed or not."""
    hint = "Expected is a folder of IDX files, or an .npz with " + ", ".join(KERAS.values())
    blob = files.read(path, hint=hint, starts_with=b"PK")
    try:
        arrays = keras.arrays(blob, KERAS)
    except (FormatError, idx.IdxError) as error:
        raise InputError(f"{path}: {error}. {hint}") from None
    return _assemble(path, path.stem, arrays)


def from_scikit_learn() -> DigitSet:
    """Read the 1,797 digits of 8 x 8 pixels that scikit-learn carries; the last seventh is for testing.

    They are the test part of the UCI set "Optical Recognition of Handwritten Digits" (Alpaydin, Kaynak 1998),
    with 17 shades of grey, which are spread over a byte here.
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


def _assemble(path: Path, name: str, arrays: dict[str, Bytes]) -> DigitSet:
    try:
        return make_digit_set(name or "unnamed", arrays)
    except Mismatch as error:
        raise InputError(f"{path}: {error}. Give files that belong together") from None


def _find(folder: Path, name: str) -> Path:
    """Find a file under the spellings that are about: hyphens or dots, gzipped or not."""
    for spelling in (name, re.sub(r"-(idx\d)", r".\1", name)):
        for ending in ("", ".gz"):
            if os.path.exists(folder / (spelling + ending)):
                return folder / (spelling + ending)
    raise SourceMissing(f"{folder}: has no {name}")
