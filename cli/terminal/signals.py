"""Ctrl-C and SIGTERM as exceptions with their own exit codes.

A repeated signal within a short time counts once: `timeout` sends it to a program and then to its process group. A
later one ends the program at once.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from nndigits.stages.store.errors import Interrupted
from nndigits.stages.system import signals as timers

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

STOPPING = (signal.SIGINT, signal.SIGTERM)
SAME_SIGNAL, RETRY = 0.2, 0.05  # seconds
SHOW_CURSOR = b"\x1b[?25h"

Handler = Callable[[int, FrameType | None], None]

_received: list[int] = []


def raise_on_signals() -> None:
    """Raise Interrupted when a signal arrives."""
    _received.clear()
    _handle(_raise)
    sys.unraisablehook = _raise_again


def end_on_signals() -> None:
    """Let a signal end the program silently, once it cannot be a repetition of an earlier one."""
    if not timers.is_waiting():
        _handle(signal.SIG_DFL)


def raise_if_stopped() -> None:
    """Raise Interrupted if a signal has arrived: a library may have replaced the exception with its own."""
    if _received:
        raise Interrupted(_received[0]) from None


def over() -> None:
    """Ignore repetitions of the last signal and cancel the timer, at the end of the program."""
    if timers.is_waiting():
        _handle(signal.SIG_IGN)
    timers.cancel()


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
    _received.append(number)
    _handle(lambda *_: None)
    if sys.stderr.isatty():
        os.write(sys.stderr.fileno(), SHOW_CURSOR)
    timers.call_later(SAME_SIGNAL, end_on_signals)


def _raise(number: int, _: FrameType | None = None) -> None:
    _record(number)
    raise Interrupted(number)


def _raise_again(lost: "UnraisableHookArgs") -> None:
    """Raise Interrupted again if it was raised where Python drops exceptions, such as in a callback from C.

    The timer's signal also interrupts a system call that the program waits for.
    """
    if isinstance(lost.exc_value, Interrupted):
        number = lost.exc_value.exit_code - 128
        timers.call_later(RETRY, lambda: _raise(number))
    else:
        sys.__unraisablehook__(lost)


def _handle(handler: Handler | signal.Handlers) -> None:
    for number in STOPPING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # already ignored, as under nohup
            signal.signal(number, handler)
