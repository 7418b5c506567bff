"""The folder of the user's cache where the files of known sets are kept, so that each is downloaded once.

It is an ordinary folder of IDX files, gzipped or not. At each use the content of every file is checked, and a file of
other content is passed over.
"""

import gzip
from contextlib import suppress
from pathlib import Path

import platformdirs

from nndigits.models.arrays.types import Bytes
from nndigits.stages.datasets import idx, known_files
from nndigits.stages.datasets.digit_set import DigitSet, as_in_file, make_digit_set
from nndigits.stages.datasets.entry import KnownSet
from nndigits.stages.datasets.known_files import OnNote, SourceMissing, silent
from nndigits.stages.store import files
from nndigits.stages.store.errors import UsageError, WorldError
from nndigits.stages.store.files import Buffer


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
            raise SourceMissing(f"the cache {folder} (no whole {file.name})")  # from_mirrors tells of the rest
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


def write_part(folder: Path, known: KnownSet, part: str, packed: Buffer) -> None:
    """Write one gzipped file; raises WorldError or UsageError."""
    files.write(folder / f"{known.files[part].name}.gz", [packed])


def keep(cache: Path, digits: DigitSet) -> None:
    """Write the files of a known set into the cache, where they are missing, as a download would.

    A cache that cannot be written is left as it is: the data set itself was found.
    """
    known = digits.known
    if (
        known is None or known.comes_with or not known.has_content_hashes
    ):  # gzipped again, the files of other sets have another hash
        return
    folder = folder_of(cache, known)
    with suppress(WorldError, UsageError):
        for part in known.files:
            if load_part(folder, known, part, silent) is None:
                array = as_in_file(known, part, getattr(digits, part))
                packed = gzip.compress(idx.header(array.shape) + array.tobytes(), compresslevel=6, mtime=0)
                write_part(folder, known, part, packed)
