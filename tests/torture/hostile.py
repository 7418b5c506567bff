"""The corpus of hostile artifacts."""

from collections.abc import Iterator

from torture.case import Case
from torture.hostile_arrays import array_cases
from torture.hostile_containers import container_cases
from torture.hostile_contents import content_cases
from torture.hostile_descriptions import description_cases
from torture.hostile_strangers import stranger_cases


def containers() -> Iterator[Case]:
    """Files that no command takes, whatever kind it reads."""
    yield from stranger_cases()
    yield from container_cases()
    yield from array_cases()


def contents() -> Iterator[Case]:
    """Files that are wrong as what they say they are."""
    yield from description_cases()
    yield from content_cases()


def cases() -> Iterator[Case]:
    """All of them."""
    yield from containers()
    yield from contents()
