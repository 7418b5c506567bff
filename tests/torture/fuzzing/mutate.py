"""Random damage to bytes: what happens in transmission, and what an attacker does to numbers in a file.

Plain loops, because the gate makes 100,000 mutations: Hypothesis makes 180 examples per second where these make 880.
"""

import random
import re
from collections.abc import Sequence

BOUNDARIES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
TEXTS = (b"", b"-1", b"0", b"1", b"2", b"1e999", b"99999999999", b"null", b"true", b"[]", b"{}", b'"x"', b"NaN", b"'")


def mutated(rng: random.Random, blob: bytes, others: Sequence[bytes] = (b"",)) -> bytes:
    """Return the bytes with one to three mutations; ``others`` are files to splice pieces from."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        blob = rng.choice(MUTATIONS)(rng, blob, rng.choice(others))
    return blob


def _flip_bit(rng: random.Random, blob: bytes, _: bytes) -> bytes:
    at = rng.randrange(len(blob) or 1)
    return blob[:at] + bytes(byte ^ 1 << rng.randrange(8) for byte in blob[at : at + 1]) + blob[at + 1 :]


def _replace_byte(rng: random.Random, blob: bytes, _: bytes) -> bytes:
    at = rng.randrange(len(blob) or 1)
    return blob[:at] + bytes([rng.randrange(256)]) + blob[at + 1 :]


def _replace_number(rng: random.Random, blob: bytes, _: bytes) -> bytes:
    """Overwrite one, two or four bytes with a boundary value, in either byte order."""
    length = rng.choice((1, 2, 4))
    at = rng.randrange(len(blob) or 1)
    number = rng.choice(BOUNDARIES) % 256**length
    return blob[:at] + number.to_bytes(length, rng.choice(("little", "big"))) + blob[at + length :]


def _replace_text(rng: random.Random, blob: bytes, _: bytes) -> bytes:
    """Replace a number in text by another text."""
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


def _splice(rng: random.Random, blob: bytes, other: bytes) -> bytes:
    """Overwrite a piece of this file with a piece of another."""
    start, length = rng.randrange(len(other) or 1), rng.choice((4, 16, 64, 256))
    at = rng.randrange(len(blob) or 1)
    return blob[:at] + other[start : start + length] + blob[at + length :]


MUTATIONS = (_flip_bit, _replace_byte, _replace_number, _replace_text, _cut, _repeat, _insert, _splice)
