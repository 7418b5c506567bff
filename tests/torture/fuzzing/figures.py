"""Every single damage of a small file of figures, JSON or CSV: each bit flip, truncation, deleted or inserted byte."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from small import SMALL_FIGURES

from nndigits.stages.store.errors import InputError
from nndigits.stages.store.result_files import load_document, load_rows
from torture.fuzzing.single_damage import damages
from torture.harness.folders import ram_folder
from torture.harness.parallel import map_in_processes
from torture.harness.results import Result, Size, of

SECTION = "A"
INSERTED = (b" ", b"\n", b"\r", b"0", b"1", b'"', b",")
"""Bytes that JSON or CSV may ignore, or that make another number."""


def results(_: Size) -> Iterator[Result]:
    """One result for each file."""
    for name, (length, refused, total) in zip(SMALL_FIGURES, map_in_processes(attack, SMALL_FIGURES), strict=True):
        what = f"every bit flip, cut, deletion, insertion in a {name} of {length:,} bytes"
        yield Result(SECTION, what, f"{of(refused, total)} refused", "all", refused == total)


def attack(name: str) -> tuple[int, int, int]:
    """Return the length of a small file, the number of its damages that are refused, and the number of damages."""
    with tempfile.TemporaryDirectory(dir=ram_folder()) as folder:
        path = Path(folder) / name
        SMALL_FIGURES[name](path)
        whole = path.read_bytes()
        assert not is_refused(path, whole)
        refused = [is_refused(path, damaged) for damaged in all_damages(whole)]
    return len(whole), sum(refused), len(refused)


def all_damages(blob: bytes) -> Iterator[bytes]:
    """Yield every damage at one position; each differs from ``blob``."""
    yield from damages(blob)
    for at in range(len(blob) + 1):
        yield from (blob[:at] + byte + blob[at:] for byte in INSERTED)


def is_refused(path: Path, blob: bytes) -> bool:
    """Return whether a file with these bytes is refused; any other exception ends the attack."""
    path.write_bytes(blob)
    try:
        load_rows(path) if path.suffix == ".csv" else load_document(path)
    except InputError:
        return True
    return False
