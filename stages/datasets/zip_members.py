"""Reader of the members of a zip archive that another program made.

Such an archive may be compressed and may be hostile, so every field is checked. Python's ``zipfile`` is not used,
because it creates an object for each of millions of entries, unpacks without a limit, and supports methods that no such
file has. Only the directory and the members that are asked for are read.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from nndigits.stages.store import files
from nndigits.stages.store.files import Buffer
from nndigits.stages.store.npz import CENTRAL, END, LOCAL, FormatError

MOST_ENTRIES, MOST_DIRECTORY = 64, 2**20
"""The entries of a directory, and its bytes."""

LONGEST_COMMENT = 2**16 - 1
STORED, DEFLATED = 0, 8
ALLOWED_FLAGS = 0b1000_0000_1110
"""Allowed flags of a member: compression level, lengths after the data, name in UTF-8. Encryption is not allowed."""

LOCAL_HEADER, ENTRY = 30, 46
"""The bytes of the header of a member, and of an entry of the directory, before their names."""


class Entry(NamedTuple):
    """An entry of the directory; ``at`` is the offset of the member in the file."""

    method: int
    checksum: int
    packed: int
    unpacked: int
    at: int


@dataclass(frozen=True)
class Archive:
    """The members of an archive by name. ``size`` is that of the file, and ``read`` returns bytes at an offset."""

    size: int
    read: Callable[[int, int], Buffer]
    entries: dict[str, Entry]

    def member(self, name: str) -> Buffer:
        """Return the content of a member, unpacking no more than the length in its entry; raises FormatError."""
        method, checksum, packed, unpacked, at = self.entries[name]
        label, file = _label(name), name.encode("latin-1")
        if files.is_bomb(unpacked, packed):
            raise FormatError(f"has a {label} that would unpack to {unpacked:,} bytes, from {packed:,}")
        start = bytes(self.read(at, LOCAL_HEADER + len(file)))
        if start[:4] != LOCAL or start[LOCAL_HEADER:] != file:
            raise FormatError(f"has no {label} where its directory says")
        name_length, extra_length = struct.unpack_from("<HH", start, 26)
        content = self.read(at + LOCAL_HEADER + name_length + extra_length, packed)
        if method == DEFLATED:
            stream = zlib.decompressobj(-15)
            try:
                content = stream.decompress(content, unpacked + 1)
            except zlib.error as error:
                raise FormatError(f"has a damaged {label} ({error})") from None
            if stream.unused_data:
                raise FormatError(f"has a damaged {label}: it ends before its length, as if it lay over what follows")
        if len(content) != unpacked or zlib.crc32(content) != checksum:
            raise FormatError(f"has a damaged {label}: its length or its checksum is wrong")
        return content


def of_bytes(blob: bytes) -> Archive:
    """Read the directory of an archive in memory; raises FormatError."""
    view = memoryview(blob)
    return _archive(len(blob), lambda at, count: view[at : at + count])


@contextmanager
def of_file(path: Path, hint: str) -> Iterator[Archive]:
    """Read the directory of an archive on the disk, which stays open; raises InputError or FormatError."""
    with files.opened(path, hint) as (file, size):

        def read(at: int, count: int) -> bytes:
            file.seek(at)
            return file.read(max(0, min(count, size - at)))

        yield _archive(size, read)


def find(archive: Archive, name: str) -> str:
    """Return the member with this file name, in whatever folder of the archive; raises FormatError."""
    found = next((one for one in archive.entries if one.rpartition("/")[2] == name), None)
    if found is None:
        raise FormatError(f"has no {name}")
    return found


def _archive(size: int, read: Callable[[int, int], Buffer]) -> Archive:
    return Archive(size, read, _directory(size, read))


def _directory(size: int, read: Callable[[int, int], Buffer]) -> dict[str, Entry]:
    """Read the archive's directory: the entry of each member."""
    first = max(0, size - LONGEST_COMMENT - 22)
    tail = bytes(read(first, size - first))
    end = tail.rfind(END)
    if end < 0 or end + 22 > len(tail):
        raise FormatError("is cut off, or no zip archive: it has no directory")
    count, length, start = struct.unpack_from("<HII", tail, end + 10)
    if count > MOST_ENTRIES or length > MOST_DIRECTORY or start + length != first + end:
        raise FormatError(
            f"has a directory of {count:,} entries in {length:,} bytes, unlike such a file, or is cut off"
        )
    listing, at = bytes(read(start, length)), 0
    entries: dict[str, Entry] = {}
    for _ in range(count):
        if listing[at : at + 4] != CENTRAL or at + ENTRY > length:
            raise FormatError("has a damaged directory")
        flags, method = struct.unpack_from("<HH", listing, at + 8)
        checksum, packed, unpacked, *lengths = struct.unpack_from("<IIIHHH", listing, at + 16)
        name = listing[at + ENTRY : at + ENTRY + lengths[0]].decode("latin-1")
        if name in entries:
            raise FormatError(f"has {name[:40]!r} twice")
        if flags & ~ALLOWED_FLAGS:
            raise FormatError(f"has {name[:40]!r} encrypted, or with other flags that are not read ({flags:#x})")
        if method not in (STORED, DEFLATED):
            raise FormatError(f"has {name[:40]!r} compressed by method {method}, which is not read")
        entries[name] = Entry(method, checksum, packed, unpacked, *struct.unpack_from("<I", listing, at + 42))
        at += ENTRY + sum(lengths)
    return entries


def _label(name: str) -> str:
    return name.removesuffix(".npy")
