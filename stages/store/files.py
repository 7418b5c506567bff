"""Files read whole and written whole.

Reading refuses what is not a regular file before it can hang on it. Writing fills a temporary file beside the
target, forces it to the disk, and renames it over the target: whoever reads sees the old file or the new one,
never half of one, even if the machine stops in between.
"""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from nn.stages.store.errors import InputError, UsageError, WorldError

LARGEST = 2**32 - 2**16
"""The most bytes that any file may have: what the zip format can count without its 64-bit extension."""

Buffer = bytes | bytearray | memoryview


def read(path: Path, *, hint: str, limit: int = LARGEST, starts_with: bytes = b"") -> bytes:
    """Read a regular file of at most ``limit`` bytes; ``hint`` says in the error how to get a good one."""
    try:
        # Non-blocking, or opening a pipe that nobody writes to would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise InputError(f"{path}: no such file. {hint}") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be opened ({reason(error)}). {hint}") from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        what = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
        raise InputError(f"{path}: is {what}, where a file is expected. {hint}")
    with open(descriptor, "rb") as file:
        if status.st_size > limit:
            raise InputError(f"{path}: has {status.st_size:,} bytes, at most {limit:,} are read. {hint}")
        try:
            start = file.read(len(starts_with))
            if start != starts_with:
                found = "is empty" if not status.st_size else f"begins with {start!r}"
                raise InputError(f"{path}: {found}, not with {starts_with!r} as it should. {hint}")
            file.seek(0)
            return file.read(status.st_size)
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({reason(error)}). {hint}") from None


def write(path: Path, chunks: Iterable[Buffer]) -> None:
    """Write the chunks one after the other as the new content of ``path``, all of it or nothing."""
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


def check_writable(path: Path) -> None:
    """Make the folder of ``path`` and see that a file can be made there, before any work is done for it."""
    _refuse_special(path)
    probe = path.parent / f".{path.name}.{os.getpid()}.probe.tmp"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(path)
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
    except (OSError, ValueError) as error:
        raise WorldError(f"{path}: cannot be written ({reason(error)})") from None
    finally:  # also where a signal comes in between
        with suppress(OSError, ValueError):
            probe.unlink()


def check_output(path: Path, source: Path) -> None:
    """See that a file can be made at ``path``, and that it is not the one that is read."""
    if same(path, source):
        raise UsageError(f"{path}: is the data that is read; name another file to write")
    check_writable(path)


def same(path: Path, other: Path) -> bool:
    """Whether two names lead to one place; links that lead nowhere are no error here."""
    return os.path.realpath(path) == os.path.realpath(other)


def _refuse_special(path: Path) -> None:
    """Refuse to put a file where a folder, a device or a pipe is."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return  # there is nothing, or writing will say what is wrong
    if stat.S_ISDIR(mode):
        raise UsageError(f"{path}: is a folder; name a file, for example {path / 'data.npz'}")
    if not stat.S_ISREG(mode):
        raise UsageError(f"{path}: is a device or a pipe; name a file")


def reason(error: Exception) -> str:
    """The system's own words for what failed, without its number and its path."""
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()


def _remove_leftovers(path: Path) -> None:
    """Remove temporary files that runs which were killed left beside the target.

    One of our own number is theirs, too, as in a container every first process is 1: we have none yet.
    """
    for leftover in path.parent.glob(f".{_literal(path.name)}.*.tmp"):
        owner = leftover.name.removeprefix(f".{path.name}.").split(".")[0]
        if owner.isdigit() and (int(owner) == os.getpid() or not _is_alive(int(owner))):
            with suppress(OSError):
                leftover.unlink()


def _literal(name: str) -> str:
    """A file name as a glob pattern that matches nothing else."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True  # it belongs to somebody else
    return True


def _sync_folder(folder: Path) -> None:
    """Make the renaming itself survive a power cut, where folders can be synced."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
