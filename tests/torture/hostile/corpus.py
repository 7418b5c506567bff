"""The corpus of hostile artifacts."""

from collections.abc import Iterator

from torture.hostile.arrays import array_cases
from torture.hostile.case import Case
from torture.hostile.containers import container_cases
from torture.hostile.contents import content_cases
from torture.hostile.metadata import metadata_cases
from torture.hostile.other_formats import other_format_cases


def containers() -> Iterator[Case]:
    """Yield files whose container or arrays are wrong: no command reads them, whatever kind it expects."""
    yield from other_format_cases()
    yield from container_cases()
    yield from array_cases()


def contents() -> Iterator[Case]:
    """Yield files whose metadata is wrong, or whose arrays do not match their kind."""
    yield from metadata_cases()
    yield from content_cases()


def cases() -> Iterator[Case]:
    """Yield all hostile artifacts."""
    yield from containers()
    yield from contents()
