"""Atomic replacement: write a temporary file, sync it to the disk, and rename it over the target.

A reader sees either the old file or the new one, even after a crash or a power cut.
"""

import errno
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from nndigits.stages.disk.temporary import temporary_file

Buffer = bytes | bytearray | memoryview

NEW, PRIVATE = 0o666, 0o600
"""Permissions of a new file, before the umask, and of a file that has yet to get those of the one it replaces."""


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
        os.replace(temporary, path)
        _sync_folder(path.parent)


def check_replaceable(path: Path) -> None:
    """Raise the OSError of ``replace`` where it can be known before: a name, or another user's file, as in /tmp."""
    try:
        owner = path.lstat().st_uid
    except FileNotFoundError:
        return
    folder = path.parent.stat()
    if folder.st_mode & stat.S_ISVTX and os.geteuid() not in (0, owner, folder.st_uid):
        raise PermissionError(errno.EPERM, "the file belongs to another user")


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
