"""Reading of whole files, and atomic writing.

Only regular files are read, because reading a pipe or a device could block. Writing fills a temporary file beside the
target, syncs it to the disk, and renames it over the target. A reader sees either the old file or the new one, even
after a crash or a power cut.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from pathlib import Path
from typing import BinaryIO

from nn.stages.store.errors import InputError, UsageError, WorldError
from nn.stages.words.values import first_bytes

LARGEST = 2**32 - 2**16
"""The largest size of any file, in bytes: the limit of the zip format without its 64-bit extension."""

Buffer = bytes | bytearray | memoryview


def read(path: Path, *, hint: str, limit: int = LARGEST, starts_with: bytes = b"") -> bytes:
    """Read a regular file of at most ``limit`` bytes; ``hint`` ends the error message with what to do."""
    with _opened(path, hint) as (file, size):
        if size > limit:
            raise InputError(f"{path}: has {size:,} bytes, at most {limit:,} are read. {hint}")
        start = file.read(len(starts_with))
        if start != starts_with:
            found = f"is not an .npz file: it begins with {first_bytes(start)}" if size else "is empty"
            raise InputError(f"{path}: {found}. {hint}")
        file.seek(0)
        return file.read(size)


def read_start(path: Path, count: int, *, hint: str) -> bytes:
    """Read the first ``count`` bytes of a regular file, or all of a shorter one."""
    with _opened(path, hint) as (file, _):
        return file.read(count)


def sha256(path: Path, *, hint: str) -> str:
    """Return the sha256 of a regular file, in hexadecimal, reading it piece by piece."""
    with _opened(path, hint) as (file, _):
        return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


@contextmanager
def _opened(path: Path, hint: str) -> Iterator[tuple[BinaryIO, int]]:
    """Open a regular file; yield it and its size. Errors of the system become an InputError."""
    try:
        # Non-blocking: otherwise opening a pipe without a writer would wait forever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise InputError(" ".join(filter(None, [f"{path}: no such file.", _similar(path), hint]))) from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be opened ({reason(error)}). {hint}") from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        what = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
        raise InputError(f"{path}: is {what}, where a file is expected. {hint}")
    with open(descriptor, "rb") as file:
        try:
            yield file, status.st_size
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({reason(error)}). {hint}") from None


def _similar(path: Path) -> str:
    """Ask for a file of a similar name in the same folder, or of the same name one folder below."""
    try:
        below = sorted(path.parent.glob(f"*/{_literal(path.name)}"))
        beside = [one for one in path.parent.iterdir() if one.is_file() and not one.name.startswith(".")]
    except (OSError, ValueError):
        return ""
    if below:
        return f"Did you mean {below[0]}?"
    same_kind = {one.stem: one for one in beside if one.suffix == path.suffix}
    near = get_close_matches(path.stem, list(same_kind), n=1)
    found = [one for one in beside if one.stem == path.stem] or [same_kind[stem] for stem in near]
    return f"Did you mean {min(found)}?" if found else ""


def write(path: Path, chunks: Iterable[Buffer]) -> None:
    """Write the chunks as the new content of ``path``, atomically."""
    _refuse_special(path)
    temporary = path.parent / f".{path.name}.{os.getpid()}.tmp"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(path)
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise WorldError(f"{path}: cannot be written ({reason(error)}); what was there is untouched") from None
    finally:
        with suppress(OSError):
            temporary.unlink()


def check_writable(path: Path, example: str = "") -> None:
    """Create the folder of ``path``, and check before the work begins that a file can be created there.

    ``example`` is the usual name of the file, which the error suggests if ``path`` is a folder.
    """
    _refuse_special(path, example)
    probe = path.parent / f".{path.name}.{os.getpid()}.probe.tmp"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(path)
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
    except (OSError, ValueError) as error:
        raise WorldError(f"{path}: cannot be written ({reason(error)})") from None
    finally:  # also after a signal
        with suppress(OSError, ValueError):
            probe.unlink()


def check_output(path: Path, source: Path, example: str = "") -> None:
    """Check that a file can be created at ``path``, and that ``path`` is not the ``source`` that is read.

    ``example`` is as in ``check_writable``.
    """
    if same_file(path, source):
        raise UsageError(f"{path}: is the data that is read; name another file to write")
    check_writable(path, example)


def same_file(path: Path, other: Path) -> bool:
    """Return whether two paths lead to the same file. Broken links are allowed."""
    return os.path.realpath(path) == os.path.realpath(other)


def _refuse_special(path: Path, example: str = "") -> None:
    """Raise UsageError if ``path`` is a folder, a device or a pipe."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return  # nothing is there, or writing will raise the error
    if stat.S_ISDIR(mode):
        suggestion = f", for example {path / example}" if example else ""
        raise UsageError(f"{path}: is a folder; name a file in it{suggestion}")
    if not stat.S_ISREG(mode):
        raise UsageError(f"{path}: is a device or a pipe; name a file")


def reason(error: Exception) -> str:
    """Return the operating system's message for an error, without its number and its path."""
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()


def _remove_leftovers(path: Path) -> None:
    """Remove the temporary files that killed runs left beside the target.

    A file with this process's own number is a leftover, too: in a container every first process is 1, and this process
    has written none yet.
    """
    for leftover in path.parent.glob(f".{_literal(path.name)}.*.tmp"):
        owner = leftover.name.removeprefix(f".{path.name}.").split(".")[0]
        if owner.isdigit() and (int(owner) == os.getpid() or not _is_alive(int(owner))):
            with suppress(OSError):
                leftover.unlink()


def _literal(name: str) -> str:
    """Return a glob pattern that matches only this file name."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True  # another user's process
    return True


def _sync_folder(folder: Path) -> None:
    """Sync a folder, if the system can, so that a rename survives a power cut."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
