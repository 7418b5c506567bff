"""Temporary files, which are written beside their target and then renamed over it.

Their names are random, because process numbers repeat: two containers that share a folder often have the same. While a
process writes a temporary file, it holds its lock. A temporary file whose lock is free was left by a killed process.
"""

import errno
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from nndigits.stages.disk.flock import try_lock

NAME = re.compile(r"\.nn-[0-9a-f]{16}\.tmp")

ATTEMPTS = 10
OLD = 24 * 3600
"""Seconds without a write after which a temporary file is a leftover where files cannot be locked."""


@contextmanager
def temporary_file(folder: Path, mode: int = 0o666) -> Iterator[tuple[Path, BinaryIO]]:
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
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
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
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
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
