"""Signals after a delay, and blocked ones: the timers and masks of POSIX, and what takes their place elsewhere."""

import _thread
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

HAS_TIMERS = hasattr(signal, "setitimer") and hasattr(signal, "SIGALRM")

ALARM = signal.SIGALRM if HAS_TIMERS else signal.SIGILL
"""The signal whose handler runs after the delay. Without timers, Python only simulates it, in its main thread."""

_timers: list[threading.Timer] = []


def call_later(seconds: float, do: Callable[[], None]) -> None:
    """Call a function in the main thread after a delay; it replaces the one that is waiting.

    A timer of POSIX also interrupts a system call that the program waits for.
    """
    cancel()
    signal.signal(ALARM, lambda *_: do())
    if HAS_TIMERS:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        return
    timer = threading.Timer(seconds, _thread.interrupt_main, [ALARM])
    timer.daemon = True
    timer.start()
    _timers.append(timer)


def is_waiting() -> bool:
    """Return whether a function is waiting to be called."""
    if HAS_TIMERS:
        return bool(signal.getitimer(signal.ITIMER_REAL)[0])
    return any(timer.is_alive() for timer in _timers)


def cancel() -> None:
    """Call nothing later."""
    if HAS_TIMERS:
        signal.setitimer(signal.ITIMER_REAL, 0)
    while _timers:
        _timers.pop().cancel()


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
