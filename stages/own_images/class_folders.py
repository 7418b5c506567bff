"""The files of a folder in which each folder is a class, such as ``apple/1.png`` and ``pear/2.jpg``."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nndigits.models.arrays.limits import MOST_CLASSES
from nndigits.stages.store import files
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.kinds import MOST_CLASS_NAME, MOST_NAMES
from nndigits.stages.words.escaping import printable
from nndigits.stages.words.nouns import counted

MOST_FILES = 100_000
"""The files of a folder that are looked at."""

IGNORED = (".", "__MACOSX")
"""How the names of hidden files begin, and of those that an archive made on a Mac adds."""

HINT = "Expected is a folder for each class, such as apple/1.png and pear/2.png"


@dataclass(frozen=True)
class ClassFolders:
    """The files of each class, sorted by name, and the files that are in no class; ``names`` are those of the classes.

    Classes whose names are numbers are in the order of these, and others in that of the alphabet.
    """

    folder: Path
    names: tuple[str, ...]
    files: tuple[tuple[Path, ...], ...]
    outside: tuple[Path, ...]


def find(folder: Path) -> ClassFolders:
    """Find the files of each class; raises InputError for a folder that cannot be a data set."""
    if not os.path.isdir(folder):
        raise InputError(f"{folder}: is not a folder. {HINT}")
    inside = list(_entries(folder))
    classes = sorted((path for path in inside if os.path.isdir(path)), key=_order)
    names = tuple(printable(path.name)[:MOST_CLASS_NAME] for path in classes)
    if len(classes) < 2:
        only = f" ({names[0]})" if names else ""
        raise InputError(
            f"{folder}: has {counted(len(classes), 'folder')}{only}, at least two classes are needed. {HINT}"
        )
    if len(classes) > MOST_CLASSES:
        raise InputError(f"{folder}: has {len(classes):,} folders, at most {MOST_CLASSES} classes are read")
    if len(set(names)) < len(names) or not all(map(str.strip, names)) or sum(map(len, names)) > MOST_NAMES:
        raise InputError(
            f"{folder}: has folders whose first {MOST_CLASS_NAME} characters are the same or blank, or names of more "
            f"than {MOST_NAMES:,} characters together. Rename them"
        )
    outside = tuple(path for path in inside if not os.path.isdir(path))
    found, left = [], MOST_FILES - len(outside)
    for path in classes:
        found.append(tuple(sorted(_entries(path, left))))
        left -= len(found[-1])
    return ClassFolders(folder, names, tuple(found), outside)


def _entries(folder: Path, most: int = MOST_FILES) -> Iterator[Path]:
    """Yield the paths in a folder; raises InputError if it cannot be read, or has more than ``most``."""
    try:
        with os.scandir(folder) as entries:
            for number, entry in enumerate(one for one in entries if not one.name.startswith(IGNORED)):
                if number >= most:
                    raise InputError(f"{folder.parent}: has more than {MOST_FILES:,} files, at most these are read")
                yield Path(entry.path)
    except OSError as error:
        raise InputError(f"{folder}: cannot be read ({files.reason(error)}). {HINT}") from None


def _order(path: Path) -> tuple[int, str]:
    """Return the place of a class: by its number, or else behind the numbers."""
    is_number = path.name.isascii() and path.name.isdigit() and len(path.name) < 10
    return (int(path.name), "") if is_number else (10**9, path.name)
