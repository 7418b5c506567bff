"""Ctrl-C and SIGTERM as exceptions with their own exit codes.

A repeated signal within a short time counts once: `timeout` sends it to a program and then to its process group. A
later one ends the program at once.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from nndigits.stages.store.errors import Interrupted
from nndigits.stages.system.machine import send_later

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

STOPPING = (signal.SIGINT, signal.SIGTERM)
SAME_SIGNAL, RETRY = 0.2, 0.05  # seconds
SHOW_CURSOR = b"\x1b[?25h"

Handler = Callable[[int, FrameType | None], None]

_received: list[tuple[int, float]] = []
"""The first signal, and the time at which it came."""


def raise_on_signals() -> None:
    """Raise Interrupted when a signal arrives."""
    _received.clear()
    _handle(_raise)
    sys.unraisablehook = _raise_again


def end_on_signals() -> None:
    """Let a signal end the program silently, unless it is a repetition of an earlier one."""
    _handle(_end if _received else signal.SIG_DFL)


def raise_if_stopped() -> None:
    """Raise Interrupted if a signal has arrived: a library may have replaced the exception with its own."""
    if _received:
        raise Interrupted(_received[0][0]) from None


def over() -> None:
    """Ignore repetitions of a signal, at the end of the program."""
    if _received:
        _handle(signal.SIG_IGN)


@contextmanager
def deferred() -> Iterator[Callable[[], None]]:
    """Defer signals, so that a file can be saved; yield a function that raises Interrupted if one has arrived."""
    before = {number: signal.getsignal(number) for number in STOPPING}
    _handle(_record)
    try:
        yield raise_if_stopped
    finally:
        if not _received:
            for number, handler in before.items():
                signal.signal(number, handler or signal.SIG_DFL)


def _record(number: int, _: FrameType | None = None) -> None:
    """Record a signal and show the cursor, which a progress bar hides; a later signal may end the program."""
    _received.append((number, time.monotonic()))
    _handle(_end)
    if sys.stderr.isatty():
        os.write(sys.stderr.fileno(), SHOW_CURSOR)


def _raise(number: int, _: FrameType | None = None) -> None:
    _record(number)
    raise Interrupted(number)


def _end(number: int, _: FrameType | None = None) -> None:
    """End the program by a signal, unless it is a repetition of the one that was received."""
    if time.monotonic() - _received[-1][1] > SAME_SIGNAL:
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)


def _raise_again(lost: "UnraisableHookArgs") -> None:
    """Raise Interrupted again if it was raised where Python drops exceptions, such as in a callback from C."""
    if isinstance(lost.exc_value, Interrupted):
        _handle(_raise)
        send_later(RETRY, lost.exc_value.exit_code - 128)
    else:
        sys.__unraisablehook__(lost)


def _handle(handler: Handler | signal.Handlers) -> None:
    for number in STOPPING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # already ignored, as under nohup
            signal.signal(number, handler)
