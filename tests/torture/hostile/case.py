"""A hostile file: its name in the corpus, its bytes, and the reason why it must be refused."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One hostile file.

    Attributes
    ----------
    reason
        A regular expression that the message must match.
    make
        Returns the bytes. They are made when they are needed, because some are large.
    heavy
        Whether making the bytes is slow, or takes much memory.
    """

    name: str
    reason: str
    make: Callable[[], bytes]
    heavy: bool = False


def case(name: str, reason: str, blob: bytes) -> Case:
    """Return a case whose bytes exist already."""
    return Case(name, reason, lambda: blob)
