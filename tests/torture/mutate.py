"""Random damage: what happens to bytes on their way, and what a clever enemy would do to numbers in them."""

import random
import re
from collections.abc import Sequence

NASTY = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
TEXTS = (b"", b"-1", b"0", b"1", b"2", b"1e999", b"99999999999", b"null", b"true", b"[]", b"{}", b'"x"', b"NaN", b"'")


def mutated(rng: random.Random, blob: bytes, others: Sequence[bytes] = (b"",)) -> bytes:
    """The bytes with one to three changes; ``others`` are what pieces are borrowed from."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        blob = rng.choice(CHANGES)(rng, blob, rng.choice(others))
    return blob


def _bit(rng: random.Random, blob: bytes, _: bytes) -> bytes:
    at = rng.randrange(len(blob) or 1)
    return blob[:at] + bytes(byte ^ 1 << rng.randrange(8) for byte in blob[at : at + 1]) + blob[at + 1 :]


def _byte(rng: random.Random, blob: bytes, _: bytes) -> bytes:
    at = rng.randrange(len(blob) or 1)
    return blob[:at] + bytes([rng.randrange(256)]) + blob[at + 1 :]


def _number(rng: random.Random, blob: bytes, _: bytes) -> bytes:
    """A number of one, two or four bytes, in either order, becomes one that is often forgotten."""
    length = rng.choice((1, 2, 4))
    at = rng.randrange(len(blob) or 1)
    number = rng.choice(NASTY) % 256**length
    return blob[:at] + number.to_bytes(length, rng.choice(("little", "big"))) + blob[at + length :]


def _text(rng: random.Random, blob: bytes, _: bytes) -> bytes:
    """A number that is written out becomes something else."""
    found = list(re.finditer(rb"-?\d+(\.\d+)?", blob))
    if not found:
        return blob
    one = rng.choice(found)
    return blob[: one.start()] + rng.choice(TEXTS) + blob[one.end() :]


def _cut(rng: random.Random, blob: bytes, _: bytes) -> bytes:
    start, length = rng.randrange(len(blob) or 1), rng.choice((1, 2, 8, 64, len(blob)))
    return blob[:start] + blob[start + length :]


def _repeat(rng: random.Random, blob: bytes, _: bytes) -> bytes:
    start, length = rng.randrange(len(blob) or 1), rng.choice((1, 2, 8, 64))
    return blob[: start + length] + blob[start : start + length] + blob[start + length :]


def _insert(rng: random.Random, blob: bytes, _: bytes) -> bytes:
    at = rng.randrange(len(blob) + 1)
    return blob[:at] + rng.randbytes(rng.choice((1, 2, 4, 16))) + blob[at:]


def _borrow(rng: random.Random, blob: bytes, other: bytes) -> bytes:
    """A piece of another file over a piece of this one."""
    start, length = rng.randrange(len(other) or 1), rng.choice((4, 16, 64, 256))
    at = rng.randrange(len(blob) or 1)
    return blob[:at] + other[start : start + length] + blob[at + length :]


CHANGES = (_bit, _byte, _number, _text, _cut, _repeat, _insert, _borrow)
