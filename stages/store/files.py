"""Reading and writing of whole files, with errors for people.

Only regular files are read, because reading a pipe or a device could block. Only regular files are replaced, and
atomically: a reader sees either the old file or the new one.
"""

import errno
import hashlib
import mmap
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import BinaryIO

from nndigits.stages.store.environment import EXAMPLES, PRETRAINED, file_of
from nndigits.stages.store.errors import InputError, NNError, UsageError, WorldError
from nndigits.stages.system import atomic, locks
from nndigits.stages.system.locks import OnWait
from nndigits.stages.system.paths import AS_BYTES, NO_WAIT, forbidden_name, obstacle
from nndigits.stages.words.values import first_bytes

Buffer = atomic.Buffer

OF_THE_PATH = (errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL, errno.ENXIO, errno.ENODEV)
"""Errors that say something about a path, besides that nothing is there or that it is forbidden. All others, such as a
failing disk or too many open files, say nothing about what is there."""

LARGEST = 2**32 - 2**16
"""The largest size of any file, in bytes: the limit of the zip format without its 64-bit extension."""

ALWAYS_ALLOWED = 2**24
MAX_RATIO = 100
"""The most that content of more than ALWAYS_ALLOWED bytes may be larger than what is stored of it, packed or sparse.

Sets of digits have a ratio of five or less.
"""


def read(path: Path, *, hint: str, limit: int = LARGEST, starts_with: bytes = b"") -> bytes:
    """Read a regular file of at most ``limit`` bytes; ``hint`` ends the error message with what to do."""
    with opened(path, hint) as (file, size):
        if size > limit:
            raise InputError(f"{path}: has {size:,} bytes, at most {limit:,} are read. {hint}")
        start = file.read(len(starts_with))
        if start != starts_with:
            found = f"is not an .npz file: it begins with {first_bytes(start)}" if size else "is empty"
            raise InputError(f"{path}: {found}. {hint}")
        file.seek(0)
        return file.read(size)


def mapped(path: Path, *, hint: str) -> mmap.mmap:
    """Map a regular file that is not empty into memory, read-only: several processes that do so share its pages.

    The content stays as it is when another file takes its name, as ``write`` does it.
    """
    with opened(path, hint) as (file, size):
        if not 0 < size <= LARGEST:
            raise InputError(f"{path}: has {size:,} bytes, 1 to {LARGEST:,} are read. {hint}")
        return mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)


def read_start(path: Path, count: int, *, hint: str) -> bytes:
    """Read the first ``count`` bytes of a regular file, or all of a shorter one."""
    with opened(path, hint) as (file, _):
        return file.read(count)


def sha256(path: Path, *, hint: str) -> str:
    """Return the sha256 of a regular file, in hexadecimal, reading it piece by piece."""
    with opened(path, hint) as (file, _):
        return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


@contextmanager
def opened(path: Path, hint: str) -> Iterator[tuple[BinaryIO, int]]:
    """Open a regular file; yield it and its size.

    Raises InputError, ``hint`` its end, for a file that is missing or no regular file, and WorldError where the disk
    fails or too many files are open: a file that is there and cannot be read is never taken for an absent one.
    """
    descriptor = _open(path, hint)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            os.close(descriptor)
            what = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise InputError(f"{path}: is {what}, where a file is expected. {hint}")
        with open(descriptor, "rb") as file:
            stored = getattr(status, "st_blocks", 0) * 512  # 0: the file system does not say
            if stored and is_bomb(status.st_size, stored):
                raise InputError(
                    f"{path}: is sparse: of its {status.st_size:,} bytes, {stored:,} are on the disk. {hint}"
                )
            yield file, status.st_size
    except OSError as error:
        raise WorldError(f"{path}: cannot be read ({reason(error)})") from None


def _open(path: Path, hint: str) -> int:
    """Return the descriptor of a file, whose kind is not known yet."""
    try:
        # Without waiting: otherwise opening a pipe without a writer would wait forever.
        return os.open(path, os.O_RDONLY | NO_WAIT | AS_BYTES)
    except FileNotFoundError:
        raise InputError(" ".join(filter(None, [f"{path}: no such file.", _similar(path), hint]))) from None
    except PermissionError as error:
        raise InputError(f"{path}: cannot be opened ({reason(error)}). Change its permissions") from None
    except (OSError, ValueError) as error:
        raise kind_of(error)(f"{path}: cannot be opened ({reason(error)}). {hint}".strip()) from None


def kind_of(error: Exception) -> type[NNError]:
    """Return InputError for an error that is about a path, and WorldError for one of the machine."""
    of_path = isinstance(error, (PermissionError, ValueError)) or getattr(error, "errno", None) in OF_THE_PATH
    return InputError if of_path else WorldError


def names(folder: Path, ending: str = "") -> list[str]:
    """Return the names in a folder with an ending, in alphabetical order; none if there is no such folder."""
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith(ending))
    except FileNotFoundError:
        return []
    except OSError as error:
        if isinstance(error, NotADirectoryError):
            raise InputError(f"{folder}: is a file, where a folder is expected") from None
        raise kind_of(error)(f"{folder}: cannot be read ({reason(error)})") from None


def is_bomb(length: int, stored: int) -> bool:
    """Return whether content of this length is implausible for the bytes that are stored of it, as in a zip bomb."""
    return length > max(ALWAYS_ALLOWED, MAX_RATIO * stored)


def _similar(path: Path) -> str:
    """Ask for a file of a similar name in the same folder, or of the same name one folder below."""
    if path.parts[:1] in (("http:",), ("https:",)):
        return "It is an address; download the file first."
    try:
        below = sorted(path.parent.glob(f"*/{_literal(path.name)}"))
        beside = [one for one in path.parent.iterdir() if one.is_file() and not one.name.startswith(".")]
    except (OSError, ValueError):
        return ""
    if below:
        return f"Did you mean {below[0]}?"
    own = [PRETRAINED.name, *map(str, EXAMPLES)]
    if not path.suffix and (meant := get_close_matches(path.name, own, n=1, cutoff=0.7)):
        return f"Did you mean {meant[0]}?"
    same_kind = {one.stem: one for one in beside if one.suffix == path.suffix}
    near = get_close_matches(path.stem, list(same_kind), n=1)
    found = [one for one in beside if one.stem == path.stem] or [same_kind[stem] for stem in near]
    return f"Did you mean {min(found)}?" if found else ""


def write(path: Path, chunks: Iterable[Buffer]) -> None:
    """Write the chunks as the new content of ``path``, atomically."""
    _refuse_special(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.remove_leftovers(path.parent)
        atomic.replace(path, chunks)
    except OSError as error:
        raise WorldError(f"{path}: cannot be written ({reason(error)}); what was there is untouched") from None


@contextmanager
def locked(*paths: Path, on_wait: OnWait | None = None) -> Iterator[None]:
    """Hold these outputs for the length of a run, so that no other run writes them at the same time.

    Each has a lock file, ``.NAME.lock``, beside it. Where none can be made, nothing is held. If another run holds an
    output, wait with ``on_wait``, which is called with a line that says so; without it, raise WorldError.
    """
    with ExitStack() as stack:
        for path in paths:
            busy = f"{path}: another run of nn writes it"
            tell = None if on_wait is None else partial(_tell, on_wait, busy)
            try:
                stack.enter_context(locks.held(path.with_name(f".{path.name}.lock"), tell))
            except locks.Held as holder:
                raise WorldError(f"{busy} ({holder}). Wait until it has ended, or name another file") from None
        yield


def _tell(on_wait: OnWait, busy: str, holder: str) -> None:
    on_wait(f"{busy} ({holder}). Waiting for its end")


def check_writable(path: Path, example: str = "") -> None:
    """Create the folder of ``path``, and check before the work begins that a file can be created there.

    ``example`` is the usual name of the file, whose ending the path must have.
    """
    _refuse_special(path, example)
    if example and path.suffix != Path(example).suffix:
        raise UsageError(f"{path}: expected a file ending in {Path(example).suffix}, for example {example}")
    above = next((folder for folder in path.parents if os.path.lexists(folder)), None)
    if above is not None and above.is_file():
        raise UsageError(f"{above}: is a file, and a folder has to be there for {path.name}")
    try:
        if path.exists() and not path.stat().st_mode & 0o222:
            raise WorldError(f"{path}: is write-protected. Name another file, or change its permissions")
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.remove_leftovers(path.parent)
        atomic.check_replaceable(path)
        with atomic.temporary_file(path.parent):
            pass
    except (OSError, ValueError) as error:
        advice = ". Name another folder" if isinstance(error, PermissionError) else ""
        raise WorldError(f"{path}: cannot be written ({reason(error)}){advice}") from None


def check_no_link(folder: Path) -> None:
    """Raise UsageError if a folder that a command makes or finds inside its output is a link, to somewhere else."""
    if folder.is_symlink():
        raise UsageError(
            f"{folder}: is a link, which would lead out of the folder; remove it, or name the other folder"
        )


def has_content(path: Path) -> bool:
    """Return whether there is a file, or anything else, that is not empty."""
    try:
        return path.stat().st_size > 0
    except (OSError, ValueError):
        return False


def same_file(path: Path, other: Path) -> bool:
    """Return whether an output and an input are the same file. Broken links are allowed."""
    return os.path.realpath(path) == os.path.realpath(file_of(other))


def check_named_once(paths: Sequence[Path]) -> None:
    """Raise UsageError if two paths are of the same file."""
    for number, path in enumerate(paths):
        if any(same_file(path, other) for other in paths[:number]):
            raise UsageError(f"{path}: is named twice; name each file once")


def _refuse_special(path: Path, example: str = "") -> None:
    """Raise UsageError for a name that Windows forbids, and for a folder, a device, a pipe, or a file of the system."""
    if name := forbidden_name(path):
        raise UsageError(f"{path}: Windows allows no file of the name {name!r}; name another one")
    what = obstacle(path)
    if what:
        where = {"a folder": " in it", "a file of the system": " in another folder"}.get(what, "")
        suggestion = f", for example {path / example}" if example and what == "a folder" else ""
        raise UsageError(f"{path}: is {what}; name a file{where}{suggestion}")


def reason(error: Exception) -> str:
    """Return the operating system's message for an error, without its number and its path, or the error's own."""
    said = getattr(error, "strerror", None)
    return said.lower() if said else str(error) or type(error).__name__


def _literal(name: str) -> str:
    """Return a glob pattern that matches only this file name."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
