"""The files of known sets: where they lie in a folder, their arrays, and whether these are what the registry has."""

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from nndigits.models.arrays.types import Bytes
from nndigits.stages.datasets import idx
from nndigits.stages.datasets.digit_set import content_sha256
from nndigits.stages.datasets.registry_entry import KnownFile, KnownSet
from nndigits.stages.store import files
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.files import Buffer

OnNote = Callable[[str], None]
"""Called with one line about something that is wrong, after which the work goes on."""


def silent(_: str) -> None:
    """Say nothing: the OnNote of a caller who does not ask."""


class SourceMissing(Exception):
    """A source does not exist, so the next one can be tried. The message says what was looked for."""


def existing(folder: Path, name: str) -> list[Path]:
    """Return the files of a folder that have this name in one of its spellings: hyphens or a dot, gzipped or not."""
    spellings = (name, re.sub(r"-(idx\d)", r".\1", name))
    paths = [folder / (spelling + ending) for spelling in spellings for ending in ("", ".gz")]
    return [path for path in paths if os.path.exists(path)]


def first_known(paths: Sequence[Path], known: KnownSet, part: str) -> tuple[Bytes | None, list[str]]:
    """Return the array of the first file that holds this part of a known set, or None.

    Also returns, for each file before it, what is wrong with it.
    """
    problems: list[str] = []
    for path in paths:
        try:
            return known_array(files.read(path, hint=""), known, part), problems
        except InputError as error:
            problems.append(str(error).strip())
        except ValueError as error:
            problems.append(f"{path}: {error}")
    return None, problems


def known_array(data: Buffer, known: KnownSet, part: str) -> Bytes:
    """Return the array of a file, gzipped or not, that holds this part of a known set; otherwise raise ValueError."""
    array = _array(data, part)
    file = known.files[part]
    found, expected = _hash(data, array, file), file.hash
    if found != expected:
        kind, where = ("sha256", "inside") if file.sha256 else (found.partition(":")[0], "gzipped")
        shown = [text.removeprefix(f"{kind}:")[:12] for text in (found, expected)]
        raise ValueError(f"not {known.title}: {kind} {shown[0]}... {where}, expected {shown[1]}...")
    return array


def _hash(data: Buffer, array: Bytes, file: KnownFile) -> str:
    """Return the hash of a file that the registry has: of its content, or else of its gzipped form."""
    if file.sha256:
        return content_sha256(array)
    kind = file.packed.partition(":")[0]
    return f"{kind}:{hashlib.new(kind, data, usedforsecurity=False).hexdigest()}"


def matching(data: Buffer, part: str, alike: Sequence[KnownSet]) -> tuple[Bytes, list[KnownSet]]:
    """Return the array of a file, gzipped or not, and those of some known sets that have this file as this part."""
    array = _array(data, part)
    return array, [known for known in alike if _hash(data, array, known.files[part]) == known.files[part].hash]


def _array(data: Buffer, part: str) -> Bytes:
    return idx.parse(idx.unpack(data, dimensions(part)), dimensions(part))


def dimensions(part: str) -> int:
    """Return the number of dimensions of a file."""
    return idx.IMAGES if part.endswith("images") else idx.LABELS
