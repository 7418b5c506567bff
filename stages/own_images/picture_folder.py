"""Reader of a folder of one's own pictures: each is prepared for a network, or refused with a reason."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nndigits.models.arrays.limits import check_image
from nndigits.models.arrays.types import Bytes
from nndigits.stages.datasets.digit_set import TEST_SHARE, DigitSet, TooFew, make_digit_set, split
from nndigits.stages.datasets.loaders import shown_name
from nndigits.stages.own_images import class_folders, pictures
from nndigits.stages.own_images.class_folders import ClassFolders
from nndigits.stages.own_images.preparation import prepare
from nndigits.stages.store import files
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.store.kinds import MOST_CLASS_NAME
from nndigits.stages.words.escaping import printable

SIZE = (28, 28)
"""The usual height and width, those of MNIST."""

SEVERAL = "more than one thing was found on it"
PROBLEMS = {"none": "nothing was found on it", "several": SEVERAL}

PLAIN_HINT = ". `nn fetch --plain` takes pictures as they are"

OnPicture = Callable[[str, int, int], None]
"""Called with the name of a picture, the number of pictures done, and that of all."""


@dataclass(frozen=True)
class Refused:
    """A file that is not in the data set, and why."""

    path: Path
    why: str


def read(
    folder: Path, size: tuple[int, int] | None, *, is_plain: bool, on_picture: OnPicture
) -> tuple[DigitSet, tuple[Refused, ...]]:
    """Read the pictures of a folder, and split them; also return what was refused.

    Raises
    ------
    InputError
        The folder is not one of classes, or a class has too few pictures that can be read.
    UsageError
        A size that no image can have.
    """
    height, width = size or SIZE
    try:
        check_image((height, width))
    except ValueError as error:
        raise UsageError(str(error), "size", f"{height}x{width}") from None
    found = class_folders.find(folder)
    count = sum(map(len, found.files))
    if count * height * width > files.LARGEST:
        raise UsageError(f"{count:,} images of {height} x {width} are more than a file can hold", "size")
    images, labels, refused = _prepared(found, (height, width), is_plain, on_picture)
    try:
        arrays = split(images, labels, len(found.names))
    except TooFew as error:
        name, few = found.names[error.label], error.count
        first = next((one for one in refused if printable(one.path.parent.name)[:MOST_CLASS_NAME] == name), None)
        example = f" ({first.path.name}: {first.why})" if first else ""
        hint = PLAIN_HINT if first and first.why == SEVERAL else ""
        raise InputError(
            f"{folder}: {few} of the pictures of {name} can be used, at least {TEST_SHARE} are needed{example}{hint}"
        ) from None
    name = shown_name(folder.resolve().name)
    return make_digit_set(name, arrays, names=found.names, is_plain=is_plain), tuple(refused)


def _prepared(
    found: ClassFolders, image: tuple[int, int], is_plain: bool, on_picture: OnPicture
) -> tuple[Bytes, Bytes, list[Refused]]:
    """Return the images of all pictures that can be used, their labels, and the refused files."""
    refused = [Refused(path, "is not in the folder of a class") for path in found.outside]
    total, done = sum(map(len, found.files)), 0
    images, labels = np.empty((total, *image), np.uint8), np.empty(total, np.uint8)
    used = 0
    for label, paths in enumerate(found.files):
        for path in paths:
            on_picture(path.name, done, total)
            done += 1
            why = _put(path, images[used], found.names, is_plain)
            if why:
                refused.append(Refused(path, why))
            else:
                labels[used] = label
                used += 1
    return images[:used], labels[:used], refused


def _put(path: Path, out: Bytes, names: Sequence[str], is_plain: bool) -> str:
    """Write a picture as an image into ``out``; return why it cannot be used, or an empty text."""
    if os.path.isdir(path):
        return "is a folder in the folder of a class"
    if path.suffix.lower() not in pictures.ENDINGS:
        return f"does not end like a picture ({', '.join(pictures.ENDINGS)})"
    height, width = out.shape
    try:
        prepared = prepare(path, (height, width), names, is_plain=is_plain)
    except InputError as error:
        return str(error).removeprefix(f"{path}: ")
    out[...] = prepared.image
    return PROBLEMS.get(prepared.problem or "", "")
