"""Every single damage of a small artifact of each kind: each bit flip, truncation, deleted byte and inserted byte."""

from collections.abc import Iterator

from small import SMALL

from nndigits.stages.store.npz import FormatError, decode
from torture.harness.parallel import map_in_processes
from torture.harness.results import Result, Size, of
from torture.hostile.forge import small_artifact

SECTION = "A"


def results(_: Size) -> Iterator[Result]:
    """One result for each kind. Only the container is read, because it must refuse all damage by itself."""
    for kind, (length, refused, total) in zip(SMALL, map_in_processes(attack, SMALL), strict=True):
        what = f"every bit flip, cut, deletion, insertion in a {kind} of {length:,} bytes"
        yield Result(SECTION, what, f"{of(refused, total)} refused", "all", refused == total)


def attack(kind: str) -> tuple[int, int, int]:
    """Return the length of a small artifact, the number of its damages that are refused, and the number of damages."""
    blob = small_artifact(kind)
    refused = [is_refused(damaged) for damaged in damages(blob)]
    return len(blob), sum(refused), len(refused)


def damages(blob: bytes) -> Iterator[bytes]:
    """Yield every damage at one position; each differs from ``blob``."""
    for at in range(len(blob)):
        yield blob[:at]
        yield blob[:at] + blob[at + 1 :]
        for bit in range(8):
            yield blob[:at] + bytes([blob[at] ^ 1 << bit]) + blob[at + 1 :]
    for at in range(len(blob) + 1):
        yield blob[:at] + b"\x00" + blob[at:] if blob[at : at + 1] != b"\x00" else blob[:at] + b"\x01" + blob[at:]


def is_refused(blob: bytes) -> bool:
    """Return whether the container is refused; any other exception ends the attack."""
    try:
        decode(blob)
    except FormatError:
        return True
    return False
