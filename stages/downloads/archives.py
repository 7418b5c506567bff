"""Archives that hold the files of several known sets, such as EMNIST's: written piece by piece, and read by member.

An archive may have hundreds of megabytes. It is never in memory as a whole.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from nndigits.models.arrays.types import Bytes
from nndigits.stages.datasets import known_files, zip_members
from nndigits.stages.datasets.entry import KnownArchive, KnownSet
from nndigits.stages.datasets.known_files import OnNote
from nndigits.stages.store import files
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.files import Buffer
from nndigits.stages.store.npz import FormatError


def is_intact(path: Path, known: KnownArchive, on_note: OnNote) -> bool:
    """Return whether there is a file with the content of an archive; ``on_note`` is told of another one."""
    if not os.path.lexists(path):
        return False
    try:
        found = files.sha256(path, hint="")
    except InputError as error:
        on_note(f"Not read from the cache: {str(error).strip()}")
        return False
    if found != known.sha256:
        on_note(f"Not read from the cache: {path}: not {known.name}: sha256 {found[:12]}...")
    return found == known.sha256


def write(path: Path, known: KnownArchive, pieces: Iterator[bytes]) -> None:
    """Write an archive as it arrives; if it has another hash, nothing is written.

    Raises ValueError for another archive, and WorldError for a failure of the disk. ``pieces`` must not raise OSError,
    which would be taken for such a failure.
    """

    def checked() -> Iterator[bytes]:
        digest = hashlib.sha256()
        for piece in pieces:
            digest.update(piece)
            yield piece
        if digest.hexdigest() != known.sha256:
            raise ValueError(f"not {known.name}: sha256 {digest.hexdigest()[:12]}..., expected {known.sha256[:12]}...")

    files.write(path, checked())


def file_and_array(path: Path, known: KnownSet, part: str) -> tuple[Buffer, Bytes]:
    """Return a gzipped file of an archive, and its array; raises InputError if it is not that of the known set."""
    name = known.files[part].name
    try:
        with zip_members.of_file(path, hint="") as archive:
            packed = archive.member(zip_members.find(archive, f"{name}.gz"))
        return packed, known_files.known_array(packed, known, part)
    except (FormatError, ValueError) as error:
        raise InputError(f"{path}: {name}: {error}. Delete it, and fetch again") from None
