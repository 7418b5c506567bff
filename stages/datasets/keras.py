"""A Keras-style ``mnist.npz``: the one archive of another program that nn reads, and four arrays of it only.

Such an archive may be compressed, and says of itself what it likes; so nothing of it is believed. It is read here and
not by Python's ``zipfile``, which makes an object of each of millions of entries, unfolds without a limit, and knows
methods that no such file has.
"""

import math
import struct
import zlib
from collections.abc import Mapping

import numpy as np

from nn.models.arrays.types import Bytes
from nn.stages.datasets.idx import check_unfolds
from nn.stages.store.npz import CENTRAL, END, LOCAL, FormatError, parse_npy

MOST_ENTRIES = 64
LONGEST_COMMENT = 2**16 - 1
STORED, DEFLATED = 0, 8
HARMLESS = 0b1000_0000_1110
"""Flags of a member: how hard it was compressed, its lengths behind it too, its name in UTF-8; not: encrypted."""

Entry = tuple[int, int, int, int, int]
"""Method, checksum, length in the file, length unfolded, where it begins."""


def arrays(blob: bytes, names: Mapping[str, str]) -> dict[str, Bytes]:
    """Read the arrays of bytes that ``names`` asks for, key -> name in the archive, or raise NotOurs."""
    entries = _directory(blob)
    for name in names.values():
        if f"{name}.npy" not in entries:
            raise FormatError(f"has no array {name}")
    return {key: _array(blob, name, entries[f"{name}.npy"]) for key, name in names.items()}


def _directory(blob: bytes) -> dict[str, Entry]:
    """What the archive's directory says is in it."""
    end = blob.rfind(END, max(0, len(blob) - LONGEST_COMMENT - 22))
    if end < 0 or end + 22 > len(blob):
        raise FormatError("is cut off, or no zip archive: it has no directory")
    count, length, at = struct.unpack_from("<HII", blob, end + 10)
    if count > MOST_ENTRIES or at + length != end:
        raise FormatError(
            f"has a directory of {count:,} entries in {length:,} bytes, unlike such a file, or is cut off"
        )
    entries: dict[str, Entry] = {}
    for _ in range(count):
        if blob[at : at + 4] != CENTRAL or at + 46 > end:
            raise FormatError("has a damaged directory")
        flags, method = struct.unpack_from("<HH", blob, at + 8)
        checksum, packed, unfolded, *lengths = struct.unpack_from("<IIIHHH", blob, at + 16)
        name = blob[at + 46 : at + 46 + lengths[0]].decode("latin-1")
        if flags & ~HARMLESS or method not in (STORED, DEFLATED) or name in entries:
            raise FormatError(f"has {name[:40]!r} twice, encrypted, or compressed by method {method}")
        entries[name] = (method, checksum, packed, unfolded, struct.unpack_from("<I", blob, at + 42)[0])
        at += 46 + sum(lengths)
    return entries


def _array(blob: bytes, name: str, entry: Entry) -> Bytes:
    """Read an array, never more of it than its entry says."""
    method, checksum, packed, unfolded, at = entry
    file = f"{name}.npy".encode()
    if blob[at : at + 4] != LOCAL or blob[at + 30 : at + 30 + len(file)] != file:
        raise FormatError(f"has no {name} where its directory says")
    name_length, extra_length = struct.unpack_from("<HH", blob, at + 26)
    start = at + 30 + name_length + extra_length
    content = memoryview(blob)[start : start + packed]
    if method == DEFLATED:
        check_unfolds(unfolded, packed)
        stream = zlib.decompressobj(-15)
        try:
            content = memoryview(stream.decompress(content, unfolded + 1))
        except zlib.error as error:
            raise FormatError(f"has a damaged {name} ({error})") from None
        if stream.unused_data:
            raise FormatError(f"has a damaged {name}: it ends before its length, as if it lay over what follows")
    if len(content) != unfolded or zlib.crc32(content) != checksum:
        raise FormatError(f"has a damaged {name}: its length or its checksum is wrong")
    dtype, shape, header = parse_npy(content)
    size = unfolded - header
    if dtype != "|u1" or math.prod(shape) != size or not size:
        raise FormatError(f"has a {name} of {dtype}, shape {shape}, in {size:,} bytes: it should hold bytes (|u1)")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)
