"""The folder of the user's cache where the files of known sets are kept, so that each is downloaded once.

It is an ordinary folder of IDX files, gzipped or not, and of archives with those of several sets, such as EMNIST's. An
archive may have hundreds of megabytes, and is never in memory as a whole. At each use the content of every file is
checked, and a file of other content is passed over.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from nndigits.models.arrays.types import Bytes
from nndigits.stages.datasets import known_files, zip_members
from nndigits.stages.datasets.digit_set import DigitSet, make_digit_set
from nndigits.stages.datasets.known_files import OnNote, SourceMissing
from nndigits.stages.datasets.registry_entry import KnownArchive, KnownSet
from nndigits.stages.store import files
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.files import Buffer
from nndigits.stages.store.npz import FormatError


def user_cache() -> Path:
    """Return the folder for downloads in the user's cache, where the operating system keeps caches."""
    return platformdirs.user_cache_path("nn-digits", appauthor=False)


def folder_of(cache: Path, known: KnownSet) -> Path:
    """Return the folder of a known set in the cache."""
    return cache / known.cache_folder


def load(cache: Path, known: KnownSet, on_note: OnNote) -> DigitSet:
    """Read the files of an earlier download; raises SourceMissing unless all are there and unchanged."""
    folder = folder_of(cache, known)
    if not any(known_files.existing(folder, file.name) for file in known.files.values()):
        raise SourceMissing("the cache")
    arrays, notes = {}, list[str]()
    for part, file in known.files.items():
        array = load_part(folder, known, part, notes.append)
        if array is None:
            raise SourceMissing(f"the cache {folder} (no whole {file.name})")  # the download tells of the rest
        arrays[part] = array
    for note in notes:
        on_note(note)
    return make_digit_set(known.name, arrays, known=known)


def load_part(folder: Path, known: KnownSet, part: str, on_note: OnNote) -> Bytes | None:
    """Return one array of a known set, from the first file that holds it; None if there is none.

    ``on_note`` is told of the files that have its name and other content.
    """
    paths = known_files.existing(folder, known.files[part].name)
    array, problems = known_files.first_known(paths, known, part)
    for problem in problems:
        on_note(f"Not read from the cache: {problem}")
    return array


def has_archive(path: Path, known: KnownArchive, on_note: OnNote) -> bool:
    """Return whether there is a file with the content of an archive; ``on_note`` is told of another one."""
    if not os.path.lexists(path):
        return False
    try:
        if (found := files.sha256(path, hint="")) == known.sha256:
            return True
        problem = f"{path}: not {known.name}: sha256 {found[:12]}..."
    except InputError as error:
        problem = str(error).strip()
    on_note(f"Not read from the cache: {problem}")
    return False


def write_archive(path: Path, known: KnownArchive, pieces: Iterator[bytes]) -> None:
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


def from_archive(path: Path, known: KnownSet, part: str) -> tuple[Buffer, Bytes]:
    """Return a gzipped file of an archive, and its array; raises InputError if it is not that of the known set."""
    name = known.files[part].name
    try:
        with zip_members.of_file(path, hint="") as archive:
            packed = archive.member(zip_members.find(archive, f"{name}.gz"))
        return packed, known_files.known_array(packed, known, part)
    except (FormatError, ValueError) as error:
        raise InputError(f"{path}: {name}: {error}. Delete it, and fetch again") from None
