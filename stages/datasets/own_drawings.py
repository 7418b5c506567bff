"""Reader of the labelled drawings that the page of `nn draw` saves, ``drawings.json``.

Such a file may come from anyone. Its size and the number of its values are checked before it is parsed, and then every
value. The image of a drawing is what the networks saw. Its strokes, in tenths of a unit of the paper, are checked and
not used. A folder of a class has a file for each person; of these, some may not be readable, or have the same drawings.
"""

import base64
import binascii
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from nndigits.models.arrays.types import Bytes, Integers
from nndigits.stages.datasets.digit_set import TEST_SHARE, DigitSet, Mismatch, make_digit_set
from nndigits.stages.store import files
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.patterns import Items, SchemaError, Text, check_pattern, shown, whole
from nndigits.stages.store.texts import parse_json

MOST_BYTES = 2**23
"""The largest file. A drawing takes some 1.6 kB, so these are 5,000."""

MOST_VALUES = 2**19
"""The most values in a file, of some 4,000 drawings. Each takes up to 72 bytes of memory, all together 40 MB."""

KIND = "drawings"
MOST_SIDE, MOST_CLASSES, PAPER = 256, 256, 2800
MOST_PICTURE = (MOST_SIDE**2 + 2) // 3 * 4

MOST_NAME = 80
"""The letters of a writer's name, and of the name of a set that stay when drawings are added."""

STROKE = {"width": whole(1, PAPER), "points": Items(whole(-PAPER, 2 * PAPER), 2)}
DRAWING = {"label": whole(0, MOST_CLASSES - 1), "picture": Text(MOST_PICTURE), "strokes": Items(STROKE)}
DOCUMENT = {
    "kind": str,
    "format": whole(1, 1),
    "image": Items(whole(1, MOST_SIDE), 2, 2),
    "classes": whole(1, MOST_CLASSES),
    "writer?": Text(MOST_NAME),
    "drawings": Items(DRAWING, 1),
}
"""The pattern of a file."""

USUAL = re.compile(r"[ _-]*drawings[ _-]*(\(?\d+\)?)?$")
"""The end of a file's name that says nothing of the writer: a browser saves drawings.json, then drawings (1).json."""

FEWEST_WRITERS = 3

HINT = "Save it again on the page that `nn draw` writes"


class Drawings(NamedTuple):
    """Images, ``(n, height, width)`` with ink 255, and their labels, ``(n,)``."""

    images: Bytes
    labels: Bytes


def load(paths: Sequence[Path]) -> Drawings:
    """Read one or more files of drawings; raises InputError."""
    parts = [read(path)[0] for path in paths]
    for path, part in zip(paths, parts, strict=True):
        if part.images.shape[1:] != parts[0].images.shape[1:]:
            sizes = ["{} x {}".format(*one.images.shape[1:]) for one in (parts[0], part)]
            raise InputError(
                f"{path}: has drawings of {sizes[1]}, {paths[0]} of {sizes[0]}. Read one of them at a time"
            )
    images, labels = zip(*parts, strict=True)
    return Drawings(np.concatenate(images), np.concatenate(labels))


def split(path: Path, drawings: Drawings) -> dict[str, Bytes]:
    """Split drawings into training and test images; raises InputError if there are too few.

    The labels take turns, so that each split has all of them, however the drawings are ordered.
    """
    if len(drawings.labels) < TEST_SHARE:
        raise InputError(
            f"{path}: has {len(drawings.labels)} drawings, at least {TEST_SHARE} are needed: every seventh is a test "
            "image. Collect more on the page that `nn draw` writes"
        )
    labels = drawings.labels
    turns = np.zeros(len(labels), np.intp)
    for label in np.unique(labels):
        turns[labels == label] = np.arange(np.count_nonzero(labels == label))
    order = np.lexsort((labels, turns))
    is_test = np.arange(len(order)) % TEST_SHARE == TEST_SHARE - 1
    return _parts(drawings, order[~is_test], order[is_test])


def added_to(digits: DigitSet, added: Drawings, path: Path) -> DigitSet:
    """Return a set with drawings in front of its training images, so that the last of those stay the last.

    Raises InputError, which names ``path``, if they are of another size, or of a class that the set does not have.
    """
    if added.images.shape[1:] != digits.train_images.shape[1:]:
        sizes = ["{} x {}".format(*images.shape[1:]) for images in (added.images, digits.train_images)]
        raise InputError(f"{path}: has drawings of {sizes[0]}, and {digits.name} has images of {sizes[1]}")
    arrays = {
        "train_images": np.concatenate([added.images, digits.train_images]),
        "train_labels": np.concatenate([added.labels, digits.train_labels]),
        "test_images": digits.test_images,
        "test_labels": digits.test_labels,
    }
    name = f"{digits.name[:MOST_NAME]} and {len(added.labels):,} drawings"
    try:
        return make_digit_set(name, arrays, names=digits.class_names, is_plain=digits.is_plain)
    except Mismatch as error:
        raise InputError(f"{path}: does not fit {digits.name}: {error}") from None


def read(path: Path) -> tuple[Drawings, str]:
    """Read a file of drawings, and the name of who drew them, which may be empty; raises InputError."""
    text = files.read(path, hint=HINT, limit=MOST_BYTES)
    try:
        return _parse(text)
    except SchemaError as error:
        raise InputError(f"{path}: {error}. {HINT}") from None


def _parse(text: bytes) -> tuple[Drawings, str]:
    values = max(sum(map(text.count, (b",", b"[", b"{"))), 2 * text.count(b'"'))  # a text takes more than a number
    if values > MOST_VALUES:
        raise SchemaError(f"has about {values:,} values, at most {MOST_VALUES:,} are read")
    try:
        document = parse_json(text)
        check_pattern(document, DOCUMENT)
        if document["kind"] != KIND:
            raise SchemaError(f"kind is {shown(document['kind'])}, expected {KIND}")
    except SchemaError as error:
        raise SchemaError(f"is not a file of drawings ({error})") from None
    pictures = [_picture(number, one, document) for number, one in enumerate(document["drawings"], 1)]
    images = np.frombuffer(b"".join(pictures), np.uint8).reshape(len(pictures), *document["image"])
    labels = np.array([one["label"] for one in document["drawings"]], np.uint8)
    return Drawings(images, labels), document.get("writer", "").strip()


def _picture(number: int, drawing: dict[str, Any], document: dict[str, Any]) -> bytes:
    """Check what the pattern does not, and return the bytes of the picture."""
    classes, (height, width) = document["classes"], document["image"]
    if drawing["label"] >= classes:
        raise SchemaError(f"has drawing {number} with the label {drawing['label']}, expected 0 to {classes - 1}")
    if any(len(stroke["points"]) % 2 for stroke in drawing["strokes"]):
        raise SchemaError(f"has drawing {number} with half a point: expected x, y, x, y, ...")
    try:
        picture = base64.b64decode(drawing["picture"], validate=True)
    except (binascii.Error, ValueError):
        picture = b""
    if len(picture) != height * width or not any(picture):
        raise SchemaError(
            f"has drawing {number} without a picture of {height} x {width} bytes in base64, with ink on it"
        )
    return picture


@dataclass(frozen=True)
class DrawingsFile:
    """A file that was read: who drew it, the drawings of it that are used, and those that were in the set before."""

    path: Path
    writer: str
    drawings: int
    doubles: int


def find(path: Path) -> list[Path]:
    """Return a file of drawings, or the JSON files of a folder and of the folders in it, sorted."""
    if not os.path.isdir(path):
        return [path] if path.suffix == ".json" else []
    found = sorted([*path.glob("*.json"), *path.glob("*/*.json")])
    return [one for one in found if not any(part.startswith(".") for part in one.relative_to(path).parts)]


def read_class(
    path: Path, paths: Sequence[Path]
) -> tuple[Drawings, list[str], tuple[DrawingsFile, ...], tuple[tuple[Path, str], ...]]:
    """Read the files of a class: the drawings, the writer of each, the files that were read, and the others, with why.

    A drawing that several files hold is taken once. A file that cannot be read, or has images of another size than the
    first one, does not stop the others. Raises InputError if no file can be read.
    """
    found_files, others = [], []
    images: list[Bytes] = []
    labels: list[int] = []
    writers: list[str] = []
    seen: set[tuple[bytes, int]] = set()
    for one in paths:
        try:
            found, name = read(one)
        except InputError as error:
            if len(paths) == 1:
                raise
            others.append((one, str(error).removeprefix(f"{one}: ")))
            continue
        if images and found.images.shape[1:] != images[0].shape:
            sizes = "{} x {}, the others of {} x {}".format(*found.images.shape[1:], *images[0].shape)
            others.append((one, f"has drawings of {sizes}"))
            continue
        writer, before = name or _writer(one, path), len(labels)
        for image, label in zip(found.images, found.labels.tolist(), strict=True):
            if (key := (image.tobytes(), label)) not in seen:
                seen.add(key)
                images.append(image)
                labels.append(label)
                writers.append(writer)
        used = len(labels) - before
        found_files.append(DrawingsFile(one, writer, used, len(found.labels) - used))
    if not images:
        raise InputError(f"{path}: no file could be read; {others[0][0].name}: {others[0][1]}")
    return Drawings(np.array(images), np.array(labels, np.uint8)), writers, tuple(found_files), tuple(others)


def split_by_writer(path: Path, drawn: Drawings, writers: Sequence[str]) -> tuple[dict[str, Bytes], int]:
    """Split drawings so that nobody's are in two splits; return the arrays, and how many are for validation.

    Of the writers in the order of the alphabet, the last seventh is for the test, and the seventh before it is for
    validation: the last training images. Raises InputError if there are too few writers.
    """
    names = sorted(Counter(writers))
    if len(names) < FEWEST_WRITERS:
        raise InputError(
            f"{path}: has drawings of {len(names)} writers, at least {FEWEST_WRITERS} are needed: one for each split. "
            "A writer is named in the file, or by its name or folder"
        )
    share = max(1, round(len(names) / TEST_SHARE))
    place = {name: (at >= len(names) - 2 * share) + (at >= len(names) - share) for at, name in enumerate(names)}
    splits = np.array([place[writer] for writer in writers])
    order = np.argsort(splits, kind="stable")
    trained = np.count_nonzero(splits < 2)
    return _parts(drawn, order[:trained], order[trained:]), int(np.count_nonzero(splits == 1))


def _parts(drawings: Drawings, train: Integers, test: Integers) -> dict[str, Bytes]:
    """Return the arrays of a data set, of which each part has the drawings with these indices."""
    return {
        f"{part}_{name}": array[chosen]
        for part, chosen in (("train", train), ("test", test))
        for name, array in drawings._asdict().items()
    }


def _writer(file: Path, folder: Path) -> str:
    """Return who drew a file: its name without ``drawings``, or else the name of its folder, or else its whole name."""
    return USUAL.sub("", file.stem) or (file.parent.name if file.parent != folder else file.stem)
