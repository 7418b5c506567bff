"""Ctrl-C and SIGTERM: an error like others, with an exit code of its own."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from nn.stages.errors import Interrupted

STOPPING = (signal.SIGINT, signal.SIGTERM)

Handler = Callable[[int, FrameType | None], None]


def raise_on_signals() -> None:
    """Let either signal raise Interrupted wherever the program is."""

    def stop(number: int, _: FrameType | None) -> None:
        raise Interrupted(number)

    _handle(stop)


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


def _handle(handler: Handler) -> None:
    for number in STOPPING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # ignored by who started us, as nohup does
            signal.signal(number, handler)
