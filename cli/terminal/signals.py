"""Ctrl-C and SIGTERM: an error like others, with an exit code of its own.

A signal is the same one for a moment, however often it comes: `timeout` sends it to a program and then to its group.
One that comes later ends the program at once.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from nn.stages.store.errors import Interrupted

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

STOPPING = (signal.SIGINT, signal.SIGTERM)
SAME, AGAIN = 0.2, 0.05  # seconds
SHOW_CURSOR = b"\x1b[?25h"

Handler = Callable[[int, FrameType | None], None]

_came: list[int] = []


def raise_on_signals() -> None:
    """Let either signal raise Interrupted wherever the program is."""
    _came.clear()
    _handle(_raise)
    sys.unraisablehook = _send_again


def end_on_signals() -> None:
    """Let either signal end the program, without a word, as soon as it cannot be the one that came already."""
    if not signal.getitimer(signal.ITIMER_REAL)[0]:
        _handle(signal.SIG_DFL)


def raise_if_stopped() -> None:
    """Raise Interrupted where a signal has come: a library may have made an error of its own of it, as C code does."""
    if _came:
        raise Interrupted(_came[0]) from None


def over() -> None:
    """The program is at its end: what has come may come again, and nothing is to happen in a moment any more."""
    if signal.getitimer(signal.ITIMER_REAL)[0]:
        _handle(signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def held_back() -> Iterator[Callable[[], None]]:
    """Hold signals back, so that what is being saved is saved; yield a check that raises when one has come."""
    _handle(_note)
    try:
        yield raise_if_stopped
    finally:
        if not _came:
            raise_on_signals()


def _note(number: int, _: FrameType | None = None) -> None:
    """Remember that a signal came; a progress bar has hidden the cursor, and the next one may end the program."""
    _came.append(number)
    _handle(lambda *_: None)
    if sys.stderr.isatty():
        os.write(sys.stderr.fileno(), SHOW_CURSOR)
    _later(SAME, end_on_signals)


def _raise(number: int, _: FrameType | None = None) -> None:
    _note(number)
    raise Interrupted(number)


def _send_again(lost: "UnraisableHookArgs") -> None:
    """Raise once more what came where no error can be raised, such as in a function that C has called.

    By the system's alarm, which ends what the program waits for by then.
    """
    if isinstance(lost.exc_value, Interrupted):
        number = lost.exc_value.exit_code - 128
        _later(AGAIN, lambda: _raise(number))
    else:
        sys.__unraisablehook__(lost)


def _later(seconds: float, do: Callable[[], None]) -> None:
    """Do something in a moment, if nothing else is to be done by then."""
    signal.signal(signal.SIGALRM, lambda *_: do())
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _handle(handler: Handler | signal.Handlers) -> None:
    for number in STOPPING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # ignored by who started us, as nohup does
            signal.signal(number, handler)
