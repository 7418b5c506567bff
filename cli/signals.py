"""Ctrl-C and SIGTERM: an error like others, with an exit code of its own."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from nn.stages.errors import Interrupted

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

STOPPING = (signal.SIGINT, signal.SIGTERM)
AGAIN = 0.05  # seconds

Handler = Callable[[int, FrameType | None], None]


def end_on_signals() -> None:
    """Let either signal end the program, without a word: there is nothing to save yet, or no more."""
    _handle(signal.SIG_DFL)


def raise_on_signals() -> None:
    """Let either signal raise Interrupted wherever the program is."""
    _handle(_Stop())
    sys.unraisablehook = _send_again


def raise_if_stopped() -> None:
    """Raise Interrupted where a signal has come: a library may have made an error of its own of it, as C code does."""
    for handler in map(signal.getsignal, STOPPING):
        if isinstance(handler, _Stop) and handler.came:
            raise Interrupted(handler.came) from None


class _Stop:
    """Raises Interrupted for a signal, and remembers which it was."""

    came = 0

    def __call__(self, number: int, _: FrameType | None) -> None:
        self.came = number
        raise Interrupted(number)


def _send_again(lost: "UnraisableHookArgs") -> None:
    """Send a signal once more that came where no error can be raised, such as in a function that C has called.

    By the system's alarm, which ends what the main thread waits for by then.
    """
    if isinstance(lost.exc_value, Interrupted):
        number = lost.exc_value.exit_code - 128
        signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(number))
        signal.setitimer(signal.ITIMER_REAL, AGAIN)
    else:
        sys.__unraisablehook__(lost)


@contextmanager
def held_back() -> Iterator[Callable[[], None]]:
    """Hold signals back, so that what is being saved is saved; yield a check that raises when one has come.

    A second signal is not held back: it ends the program at once.
    """
    came: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        came.append(number)
        signal.signal(number, signal.SIG_DFL)

    def check() -> None:
        if came:
            raise Interrupted(came[0])

    _handle(note)
    try:
        yield check
    finally:
        raise_on_signals()


def _handle(handler: Handler | signal.Handlers) -> None:
    for number in STOPPING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # ignored by who started us, as nohup does
            signal.signal(number, handler)
