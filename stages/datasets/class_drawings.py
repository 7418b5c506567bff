"""The drawings of a class: each person's file, what was not read and why, doubles, and a split by writer."""

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nndigits.models.arrays.types import Bytes
from nndigits.stages.datasets import drawings
from nndigits.stages.datasets.drawings import TEST_SHARE, Drawings
from nndigits.stages.store.errors import InputError

USUAL = re.compile(r"[ _-]*drawings[ _-]*(\(?\d+\)?)?$")
"""The end of a file's name that says nothing of the writer: a browser saves drawings.json, then drawings (1).json."""

FEWEST_WRITERS = 3


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


def read(
    path: Path, paths: Sequence[Path]
) -> tuple[Drawings, list[str], tuple[DrawingsFile, ...], tuple[tuple[Path, str], ...]]:
    """Read the files of a class: the drawings, the writer of each, the files that were read, and the others, with why.

    A drawing that several files hold is taken once. A file that cannot be read, or has images of another size than the
    first one, does not stop the others. Raises InputError if no file can be read.
    """
    files, others = [], []
    images: list[Bytes] = []
    labels: list[int] = []
    writers: list[str] = []
    seen: set[tuple[bytes, int]] = set()
    for one in paths:
        try:
            found, name = drawings.read(one)
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
        files.append(DrawingsFile(one, writer, used, len(found.labels) - used))
    if not images:
        raise InputError(f"{path}: no file could be read; {others[0][0].name}: {others[0][1]}")
    return Drawings(np.array(images), np.array(labels, np.uint8)), writers, tuple(files), tuple(others)


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
    train = order[: np.count_nonzero(splits < 2)]
    arrays = {
        f"{part}_{name}": array[chosen]
        for part, chosen in (("train", train), ("test", order[len(train) :]))
        for name, array in drawn._asdict().items()
    }
    return arrays, int(np.count_nonzero(splits == 1))


def _writer(file: Path, folder: Path) -> str:
    """Return who drew a file: its name without ``drawings``, or else the name of its folder, or else its whole name."""
    return USUAL.sub("", file.stem) or (file.parent.name if file.parent != folder else file.stem)
