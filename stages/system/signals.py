"""Signals that are sent later, and blocked ones, with an answer where the system has neither."""

import _thread
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


def send_later(seconds: float, number: int) -> None:
    """Send a signal to the main thread after a delay; on POSIX, it interrupts a system call that this waits for."""

    def send() -> None:
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(main, number)
        else:
            _thread.interrupt_main(number)

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
