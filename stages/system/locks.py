"""Lock files: a process holds one for the length of a run, and another process learns who holds it.

The file names the process, its user and its machine, and the time. It is removed at the end of the run. After a kill it
stays, but its lock is free, and the next run takes it. The library filelock does not say who holds a lock, and locks no
file that is already open, as temporary files are (``atomic.py``).
"""

import errno
import os
import platform
import stat
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from nndigits.stages.system import machine
from nndigits.stages.system.paths import NO_LINKS, NO_WAIT


def _module(name: str) -> Any:
    """Return a module that only some systems have; None on the others."""
    try:
        return import_module(name)
    except ImportError:
        return None


fcntl, msvcrt = _module("fcntl"), _module("msvcrt")
"""The locks of POSIX and of Windows."""

CAN_LOCK = fcntl is not None
"""Whether a lock covers a whole file, and leaves it to be read, renamed and removed by others."""

FAR = 2**30
"""The byte that is locked on Windows: beyond the text, because no other process can read a locked byte."""

MARK = "Lock of nn: "
"""How a lock file begins. A file of another program at its place is left alone."""

MOST = 1000  # bytes of a lock file that are read
PAUSE = 0.1  # seconds between two attempts
ATTEMPTS = 10
"""Attempts at a file that its holder removes at the same moment, before the run goes on without a lock."""

OnWait = Callable[[str], None]
"""Called once before waiting, with a text that says who holds the lock, and since when."""


class CannotLock(UserWarning):
    """A run goes on without a lock, because the file system has none. Python shows it once for each folder."""


class Held(Exception):
    """Another process holds the lock. The message says who, and since when."""


def try_lock(descriptor: int) -> bool:
    """Lock an open file for this process alone; return False if another one holds its lock.

    The system releases the lock when the last process that holds it ends or is killed. Raises OSError where files
    cannot be locked, as on some network file systems.
    """
    held_elsewhere: type[OSError]
    if fcntl is not None:
        lock, held_elsewhere = partial(fcntl.flock, descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB), BlockingIOError
    elif msvcrt is not None:
        os.lseek(descriptor, FAR, os.SEEK_SET)
        lock, held_elsewhere = partial(msvcrt.locking, descriptor, msvcrt.LK_NBLCK, 1), PermissionError
    else:
        raise OSError(errno.ENOTSUP, "the system has no locks")
    try:
        lock()
    except held_elsewhere:
        return False
    return True


@contextmanager
def held(path: Path, on_wait: OnWait | None = None) -> Iterator[None]:
    """Hold the lock file ``path``; if another process holds it, wait with ``on_wait``, or raise Held without.

    Where no lock file can be made or locked, nothing is held and nobody is kept waiting; the second is warned of.
    """
    descriptor = _acquire(path, on_wait)
    try:
        yield
    finally:
        if descriptor is not None:
            _remove(path, descriptor)


def _acquire(path: Path, on_wait: OnWait | None) -> int | None:
    """Return the descriptor of the locked file, or None where locks are not available."""
    is_told, vanished = False, 0
    while vanished < ATTEMPTS and (descriptor := _open(path)) is not None:
        try:
            is_free = try_lock(descriptor)
        except OSError as error:
            _remove(path, descriptor)
            why = (error.strerror or str(error)).lower()
            warnings.warn(
                f"{path.parent}: files cannot be locked here ({why}); nothing stops a second run that writes the same",
                CannotLock,
                stacklevel=1,
            )
            return None
        if is_free and _is_at(path, descriptor):
            _write_holder(descriptor)
            return descriptor
        holder = _start(descriptor).partition("\n")[0].removeprefix(MARK) or "its process is not known"
        _close(descriptor)
        if is_free:  # but its holder has just removed it, so that another process could lock a new file at the path
            vanished += 1
            continue
        if on_wait is None:
            raise Held(holder)
        if not is_told:
            on_wait(holder)
            is_told = True
        time.sleep(PAUSE)
    return None


def _open(path: Path) -> int | None:
    """Open the lock file, or create it; None if that is impossible, or the file is not a lock file."""
    flags = NO_LINKS | NO_WAIT
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | flags, 0o666)
    except OSError:
        try:
            descriptor = os.open(path, os.O_RDONLY | flags)  # another user's: it can be locked, not written
        except OSError:
            return None
    with suppress(OSError):
        if stat.S_ISREG(os.fstat(descriptor).st_mode) and _start(descriptor)[: len(MARK)] in ("", MARK):
            return descriptor
    _close(descriptor)
    return None


def _is_at(path: Path, descriptor: int) -> bool:
    """Return whether an open file is the one at the path."""
    try:
        return os.path.samestat(os.stat(path, follow_symlinks=False), os.fstat(descriptor))
    except OSError:
        return False


def _write_holder(descriptor: int) -> None:
    """Write who holds the lock. A failure is ignored: the lock itself is held."""
    since = time.strftime("%Y-%m-%d %H:%M:%S %Z")
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        holder = f"process {os.getpid()} of {machine.user()} on {platform.node()}, since {since}"
        os.write(descriptor, f"{MARK}{holder}\n".encode())


def _start(descriptor: int) -> str:
    """Return the text of a lock file; empty where it cannot be read."""
    with suppress(OSError):
        os.lseek(descriptor, 0, os.SEEK_SET)
        return os.read(descriptor, MOST).decode(errors="replace")
    return ""


def _remove(path: Path, descriptor: int) -> None:
    """Remove the lock file and release its lock, in this order: nobody else can have locked it in between.

    Windows removes no file that is open, and none that another process has opened meanwhile.
    """
    if fcntl is None:
        _close(descriptor)
    with suppress(OSError):
        os.unlink(path)
    if fcntl is not None:
        _close(descriptor)


def _close(descriptor: int) -> None:
    """Close a lock file. An error of the disk is ignored: nothing in the file is needed."""
    with suppress(OSError):
        os.close(descriptor)
