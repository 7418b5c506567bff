"""The machine, its user and its signals, on POSIX and on systems such as Windows that lack these calls."""

import _thread
import getpass
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path

try:
    import resource
except ImportError:  # as on Windows
    resource = None  # type: ignore[assignment]

MEMORY_IN_USE = Path("/proc/self/statm")
"""Its first number is the address space of this process, in pages. Only Linux has it."""


def memory() -> float:
    """Return the bytes of memory of this machine, or as many as this program may use; infinity if it cannot tell."""
    if resource is None or not hasattr(os, "sysconf"):
        return inf
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return physical if limit == resource.RLIM_INFINITY else min(limit, physical)


@contextmanager
def memory_limited(more: int) -> Iterator[bool]:
    """Let this process map at most ``more`` bytes than now; yield whether a limit was set.

    None is set where the system cannot, or where a stricter one holds already.
    """
    try:
        if resource is None:
            raise OSError
        now = int(MEMORY_IN_USE.read_text().split()[0]) * resource.getpagesize()
    except OSError:
        yield False
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if any(limit != resource.RLIM_INFINITY and limit < now + more for limit in (soft, hard)):
        yield False
        return
    resource.setrlimit(resource.RLIMIT_AS, (now + more, hard))
    try:
        yield True
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def processors() -> int:
    """Return the number of processors that this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def user() -> str:
    """Return the name of the user, or the number; a container need not know the name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError, AttributeError):
        return str(os.getuid()) if hasattr(os, "getuid") else "an unknown user"


def may_replace(owner: int, owner_of_folder: int) -> bool:
    """Return whether this user may replace a file of ``owner`` in a sticky folder, such as /tmp."""
    return not hasattr(os, "geteuid") or os.geteuid() in (0, owner, owner_of_folder)


def send_later(seconds: float, number: int) -> None:
    """Send a signal to the main thread after a delay; on POSIX, it interrupts a system call that this waits for."""

    def send() -> None:
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(main, number)
        else:
            _thread.interrupt_main(signal.Signals(number))

    main = threading.main_thread().ident or 0
    timer = threading.Timer(seconds, send)
    timer.daemon = True
    timer.start()


@contextmanager
def blocked(number: int) -> Iterator[None]:
    """Block a signal, which processes that are started meanwhile inherit, where the system can."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {number})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
