"""Reader of a Keras-style ``mnist.npz``: the only archives of other programs that nn reads.

Such an archive may be compressed and may be hostile, so every field is checked. Python's ``zipfile`` is not used,
because it creates an object for each of millions of entries, unpacks without a limit, and supports methods that no such
file has.
"""

import math
import struct
import zlib
from collections.abc import Mapping

import numpy as np

from nn.models.arrays.types import Bytes
from nn.stages.datasets.idx import check_ratio
from nn.stages.store.npz import CENTRAL, END, LOCAL, FormatError, parse_npy

MOST_ENTRIES = 64
LONGEST_COMMENT = 2**16 - 1
STORED, DEFLATED = 0, 8
ALLOWED_FLAGS = 0b1000_0000_1110
"""Allowed flags of a member: compression level, lengths after the data, name in UTF-8. Encryption is not allowed."""

Entry = tuple[int, int, int, int, int]
"""Method, checksum, compressed length, unpacked length, offset in the file."""


def arrays(blob: bytes, names: Mapping[str, str]) -> dict[str, Bytes]:
    """Read the arrays of bytes in ``names``, key -> name in the archive; raises FormatError or IdxError."""
    entries = _directory(blob)
    for name in names.values():
        if f"{name}.npy" not in entries:
            raise FormatError(f"has no array {name}")
    # Added up, because members may lie over each other, and not more than the file, because an entry may lie.
    packed, unpacked = (sum(entries[f"{name}.npy"][place] for name in names.values()) for place in (2, 3))
    if packed > len(blob):
        raise FormatError(f"has members of {packed:,} packed bytes, more than its own {len(blob):,}")
    check_ratio(unpacked, packed)
    return {key: _array(blob, name, entries[f"{name}.npy"]) for key, name in names.items()}


def _directory(blob: bytes) -> dict[str, Entry]:
    """Read the archive's directory: the entry of each member."""
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
        checksum, packed, unpacked, *lengths = struct.unpack_from("<IIIHHH", blob, at + 16)
        name = blob[at + 46 : at + 46 + lengths[0]].decode("latin-1")
        if name in entries:
            raise FormatError(f"has {name[:40]!r} twice")
        if flags & ~ALLOWED_FLAGS:
            raise FormatError(f"has {name[:40]!r} encrypted, or with other flags that are not read ({flags:#x})")
        if method not in (STORED, DEFLATED):
            raise FormatError(f"has {name[:40]!r} compressed by method {method}, which is not read")
        entries[name] = (method, checksum, packed, unpacked, struct.unpack_from("<I", blob, at + 42)[0])
        at += 46 + sum(lengths)
    return entries


def _array(blob: bytes, name: str, entry: Entry) -> Bytes:
    """Read an array, unpacking no more than the length in its entry."""
    method, checksum, packed, unpacked, at = entry
    file = f"{name}.npy".encode()
    if blob[at : at + 4] != LOCAL or blob[at + 30 : at + 30 + len(file)] != file:
        raise FormatError(f"has no {name} where its directory says")
    name_length, extra_length = struct.unpack_from("<HH", blob, at + 26)
    start = at + 30 + name_length + extra_length
    content = memoryview(blob)[start : start + packed]
    if method == DEFLATED:
        stream = zlib.decompressobj(-15)
        try:
            content = memoryview(stream.decompress(content, unpacked + 1))
        except zlib.error as error:
            raise FormatError(f"has a damaged {name} ({error})") from None
        if stream.unused_data:
            raise FormatError(f"has a damaged {name}: it ends before its length, as if it lay over what follows")
    if len(content) != unpacked or zlib.crc32(content) != checksum:
        raise FormatError(f"has a damaged {name}: its length or its checksum is wrong")
    dtype, shape, header = parse_npy(content)
    size = unpacked - header
    if dtype != "|u1":
        raise FormatError(f"has a {name} of {dtype}: it should hold bytes (|u1)")
    if math.prod(shape) != size or not size:
        raise FormatError(f"has a {name} of shape {shape} in {size:,} bytes: its length should be that of its shape")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)
