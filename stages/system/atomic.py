"""Atomic replacement: write a temporary file, sync it to the disk, and rename it over the target.

A reader sees either the old file or the new one, even after a crash or a power cut. Libraries for it (atomicwrites,
safer) do less: they neither lock the temporary file, so that what a killed process left can be told from what another
one writes, nor keep the permissions of the file that is replaced.

The names of temporary files are random, because process numbers repeat: two containers that share a folder often have
the same.
"""

import errno
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from nndigits.stages.system.locks import CAN_LOCK, try_lock
from nndigits.stages.system.machine import may_replace
from nndigits.stages.system.paths import AS_BYTES, NO_LINKS, NO_WAIT

Buffer = bytes | bytearray | memoryview

NAME = re.compile(r"\.nn-[0-9a-f]{16}\.tmp")

NEW, PRIVATE = 0o666, 0o600
"""Permissions of a new file, before the umask, and of a file that has yet to get those of the one it replaces."""

ATTEMPTS = 10
OLD = 24 * 3600
"""Seconds without a write after which a temporary file is a leftover where files cannot be locked."""

IN_USE = (5, 32)
"""The errors of Windows for a file that another process has open: access denied, sharing violation."""

PAUSE = 0.05
"""Seconds before the second attempt to rename; each further one waits twice as long, 1.5 seconds in all."""


def replace(path: Path, chunks: Iterable[Buffer]) -> None:
    """Make the chunks the content of ``path``; a link is replaced, not followed. Raises OSError.

    A file that is replaced keeps its permissions, and its owner and group where the system allows that.
    """
    old = _status(path)
    with temporary_file(path.parent, NEW if old is None else PRIVATE) as (temporary, file):
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        if old is not None:
            _give_access(file.fileno(), old)
        os.fsync(file.fileno())
        file.close()
        _rename(temporary, path)
        _sync_folder(path.parent)


def check_replaceable(path: Path) -> None:
    """Raise the OSError of ``replace`` where it can be known before: a name, or another user's file, as in /tmp."""
    try:
        owner = path.lstat().st_uid
    except FileNotFoundError:
        return
    folder = path.parent.stat()
    if folder.st_mode & stat.S_ISVTX and not may_replace(owner, folder.st_uid):
        raise PermissionError(errno.EPERM, "the file belongs to another user")


@contextmanager
def temporary_file(folder: Path, mode: int = NEW) -> Iterator[tuple[Path, BinaryIO]]:
    """Create a file in a folder, open to write; afterwards it is removed, unless it was renamed.

    It stays locked until then, even if it is closed before. ``mode`` has the permissions, of which the umask takes some
    away. Raises OSError.
    """
    path, descriptor, is_locked = _create(folder, mode)
    duplicate = None
    try:
        with open(descriptor, "wb") as file:
            duplicate = os.dup(descriptor) if is_locked else None
            yield path, file
    finally:
        with suppress(OSError):
            os.unlink(path)
        if duplicate is not None:
            with suppress(OSError):  # the bytes have been synced
                os.close(duplicate)


def _create(folder: Path, mode: int) -> tuple[Path, int, bool]:
    """Create a file under a new name, and lock it if that is possible; return path, descriptor and whether it is."""
    for _ in range(ATTEMPTS):
        path = folder / f".nn-{os.urandom(8).hex()}.tmp"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | AS_BYTES, mode)
        if not CAN_LOCK:  # as on Windows, which moreover renames no file that is open
            return path, descriptor, False
        try:
            if try_lock(descriptor) and os.fstat(descriptor).st_nlink:
                return path, descriptor, True
        except OSError:
            return path, descriptor, False
        os.close(descriptor)  # another process took it for a leftover in the moment before it was locked
    raise OSError(errno.EAGAIN, "other processes remove the temporary files")


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files of killed processes from a folder. A failure is ignored."""
    with suppress(OSError):
        for name in os.listdir(folder):
            if NAME.fullmatch(name):
                with suppress(OSError):
                    _remove_if_left(folder / name)


def _remove_if_left(path: Path) -> None:
    """Remove a temporary file that nobody writes. It is locked meanwhile, so that nobody begins to."""
    descriptor = os.open(path, os.O_RDONLY | NO_WAIT | NO_LINKS)
    try:
        status = os.fstat(descriptor)
        try:
            is_left = try_lock(descriptor)
        except OSError:
            is_left = time.time() - status.st_mtime > OLD
        if is_left and stat.S_ISREG(status.st_mode):
            os.unlink(path)
    finally:
        os.close(descriptor)


def _rename(temporary: Path, path: Path) -> None:
    """Rename a file over another one; Windows refuses that for a moment where another process has it open."""
    pause = PAUSE
    while True:
        try:
            os.replace(temporary, path)
            return
        except PermissionError as error:
            if getattr(error, "winerror", None) not in IN_USE:
                raise
            if pause > 1:
                raise PermissionError(errno.EACCES, "another program has the file open") from None
        time.sleep(pause)
        pause *= 2


def _status(path: Path) -> os.stat_result | None:
    """Return the status of a regular file; None if there is none, or a link."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def _give_access(descriptor: int, old: os.stat_result) -> None:
    """Give an open file the owner, the group and the permissions of another, as far as the system allows that.

    Without the group of the other, its group may do no more than everybody: it may have other members.
    """
    if not hasattr(os, "fchown"):  # as on Windows
        return
    mode = stat.S_IMODE(old.st_mode) & 0o777
    with suppress(OSError):
        os.fchown(descriptor, old.st_uid, -1)
    try:
        os.fchown(descriptor, -1, old.st_gid)
    except OSError:
        mode &= 0o707 | (mode & 0o007) << 3
    with suppress(OSError):
        os.fchmod(descriptor, mode)


def _sync_folder(folder: Path) -> None:
    """Sync a folder, if the system can, so that a rename survives a power cut."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
