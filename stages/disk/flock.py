"""The lock of an open file (flock), which the system releases when the last process that holds it ends or is killed."""

import errno

try:
    import fcntl
except ImportError:  # as on Windows
    fcntl = None  # type: ignore[assignment]


def try_lock(descriptor: int) -> bool:
    """Lock an open file for this process alone; return False if another one holds its lock.

    The lock lasts until the descriptor and its duplicates are closed. Raises OSError where files cannot be locked, as
    on some network file systems.
    """
    if fcntl is None:
        raise OSError(errno.ENOTSUP, "files cannot be locked")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
