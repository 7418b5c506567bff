"""Every single damage of a small artifact of each kind: each bit, each length, each byte taken out or put in."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from small import SMALL

from nn.stages.store import artifacts
from nn.stages.store.npz import FormatError, decode
from torture.door import on_every_processor
from torture.figures import Figure, Size, of

SECTION = "A"


def figures(_: Size) -> Iterator[Figure]:
    """One figure a kind; the container alone is read, as it must refuse all of them by itself."""
    for kind, (length, refused, total) in zip(SMALL, on_every_processor(attack, SMALL), strict=True):
        what = f"every bit, cut, byte out, byte in of a {kind} of {length:,} bytes"
        yield Figure(SECTION, what, f"{of(refused, total)} refused", "all", refused == total)


def attack(kind: str) -> tuple[int, int, int]:
    """The length of a file, how many of its damages are refused, and how many there are."""
    blob = saved(kind)
    refused = [is_refused(damaged) for damaged in damages(blob)]
    return len(blob), sum(refused), len(refused)


def saved(kind: str) -> bytes:
    """The bytes of the small artifact of a kind."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small.npz"
        artifacts.save(path, *SMALL[kind]())
        return path.read_bytes()


def damages(blob: bytes) -> Iterator[bytes]:
    """Every damage of one place, each another string of bytes than ``blob``."""
    for at in range(len(blob)):
        yield blob[:at]
        yield blob[:at] + blob[at + 1 :]
        for bit in range(8):
            yield blob[:at] + bytes([blob[at] ^ 1 << bit]) + blob[at + 1 :]
    for at in range(len(blob) + 1):
        yield blob[:at] + b"\x00" + blob[at:] if blob[at : at + 1] != b"\x00" else blob[:at] + b"\x01" + blob[at:]


def is_refused(blob: bytes) -> bool:
    """Whether the container is refused as it should be; another exception is a failure of the attack's frame."""
    try:
        decode(blob)
    except FormatError:
        return True
    return False
