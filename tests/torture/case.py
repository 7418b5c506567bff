"""A hostile file: its name in the corpus, its bytes, and the reason for which it must be refused."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One file.

    Attributes
    ----------
    reason
        A regular expression that the message must match.
    make
        Gives the bytes when they are wanted: some are large.
    heavy
        Whether making it takes a while, or much memory.
    """

    name: str
    reason: str
    make: Callable[[], bytes]
    heavy: bool = False


def case(name: str, reason: str, blob: bytes) -> Case:
    """A case whose bytes are at hand."""
    return Case(name, reason, lambda: blob)
