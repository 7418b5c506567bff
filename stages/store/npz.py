"""Encoding and decoding of arrays in a strict subset of NumPy's ``.npz``.

An artifact is a zip archive of ``.npy`` files that ``np.load`` and ``unzip`` can read. Members are not compressed,
sorted by name, dated 1980, in C order and little-endian, and each array begins at a multiple of 64 bytes. So equal
arrays always give equal bytes. To read an archive, its arrays are located, its headers are encoded again, and the bytes
are compared. Any difference, such as a wrong checksum or an extra byte, is an error. Neither pickle nor ``zipfile`` nor
``eval`` is used, and no array is allocated that is not in the file.
"""

import math
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from mmap import mmap
from typing import Any

import numpy as np
import numpy.typing as npt

from nndigits.stages.words.values import first_bytes

AnyArray = npt.NDArray[Any]

Blob = bytes | mmap
"""The bytes of a file, read or mapped into memory."""

DTYPES = ("<f8", "<f4", "<i8", "<i4", "|u1", "|b1")
MOST_MEMBERS = 200
MOST_DIMENSIONS = 8
ALIGNMENT = 64  # as in NumPy, so that an array can be used in place

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
VERSION, FLAGS, STORED, NO_EXTRA = 20, 0, 0, 0
"""Fields of a zip member: needs version 2.0 to extract; no flags, no compression, no extra fields."""

MIDNIGHT_1980 = 0, 33
NPY = b"\x93NUMPY\x01\x00"
NAME = re.compile(rb"([a-z_][a-z0-9_]{0,63})\.npy")
LENGTH = r"(?:0|[1-9]\d{0,9})"
SHAPE = rf"(?:{LENGTH}, ?)+{LENGTH}?|"  # a tuple as Python prints it, which may be empty
HEADER = re.compile(
    rf"\{{'descr': '([<>|][a-zA-Z]\d)', 'fortran_order': False, 'shape': \(({SHAPE})\), \}} *\n".encode()
)


class FormatError(ValueError):
    """Bytes that are not such an archive. The message says what is wrong."""


def encode(arrays: Mapping[str, AnyArray]) -> Iterator[bytes | memoryview]:
    """Yield the archive in chunks, without copying the arrays."""
    for frame, array in _frames(arrays):
        yield frame
        if array is not None:
            yield array.data


def decode(blob: Blob) -> dict[str, AnyArray]:
    """Return the arrays of an archive as read-only views of its bytes; raises FormatError."""
    arrays: dict[str, AnyArray] = {}
    at = 0
    while blob[at : at + 4] == LOCAL:
        if len(arrays) == MOST_MEMBERS:
            raise FormatError(f"has more than {MOST_MEMBERS} members")
        name, array, at = _member(blob, at)
        if name in arrays:
            raise FormatError(f"has two members named {name}")
        arrays[name] = array
    _compare(blob, arrays)
    return arrays


def decode_first(start: bytes) -> tuple[str, AnyArray]:
    """Return the name and the array of an archive's first member, given the archive's first bytes.

    The member is checked as ``decode`` checks it. Raises FormatError, also if it continues behind these bytes.
    """
    name, array, _ = _member(start, 0)
    header, _ = next(_frames({name: array}))
    if start[: len(header)] != header:
        raise FormatError(f"is damaged: a checksum or a length does not fit its content ({name})")
    return name, array


def parse_npy(member: bytes | bytearray | memoryview) -> tuple[str, tuple[int, ...], int]:
    """Read the type, the shape, and the offset of the data from the header of a ``.npy`` file (version 1.0)."""
    if bytes(member[:8]) != NPY:
        raise FormatError("is not an array in the .npy format, version 1.0")
    start = 10 + int.from_bytes(member[8:10], "little")
    header = HEADER.fullmatch(bytes(member[10:start]))
    if header is None or start > len(member):
        raise FormatError("has an array header of another form")
    shape = tuple(int(length) for length in header[2].decode().split(",") if length.strip())
    if len(shape) > MOST_DIMENSIONS:
        raise FormatError(f"has an array of {len(shape)} dimensions, at most {MOST_DIMENSIONS} are read")
    return header[1].decode(), shape, start


def _member(blob: Blob, at: int) -> tuple[str, AnyArray, int]:
    """Read the member at offset ``at``: its name, its array, and the offset of the next one."""
    if at + 30 > len(blob):
        raise FormatError("is cut off")
    written = struct.unpack_from("<HHH", blob, at + 4)
    size, name_length, extra_length = struct.unpack_from("<IHH", blob, at + 22)
    if (written, extra_length) != ((VERSION, FLAGS, STORED), NO_EXTRA):
        raise FormatError(
            "is another program's archive (of NumPy's savez, perhaps), or damaged: nn writes its members otherwise"
        )
    start = at + 30 + name_length
    name = NAME.fullmatch(blob[at + 30 : start])
    if name is None:
        raise FormatError(f"has a member with an unusable name, {first_bytes(blob[at + 30 : start], 40)}")
    label = name[1].decode()
    if start + size > len(blob):
        raise FormatError(f"is cut off: {label} should have {size:,} bytes, {len(blob) - start:,} are left")
    try:
        dtype, shape, header_length = parse_npy(memoryview(blob)[start : start + size])
    except FormatError as error:
        raise FormatError(f"{error} ({label})") from None
    if dtype not in DTYPES:
        raise FormatError(f"has an array of type {dtype} ({label}), allowed are {', '.join(DTYPES)}")
    count = math.prod(shape)
    if count * np.dtype(dtype).itemsize != size - header_length:
        raise FormatError(f"has {size - header_length:,} bytes where {label} needs shape {shape} of {dtype}")
    data = np.frombuffer(blob, dtype, count, start + header_length) if count else np.empty(0, dtype)
    try:
        return label, data.reshape(shape), start + size
    except ValueError:  # no elements, and lengths beyond NumPy's limit
        raise FormatError(f"has an impossible shape, {shape} ({label})") from None


def _frames(arrays: Mapping[str, AnyArray]) -> Iterator[tuple[bytes, AnyArray | None]]:
    """Yield the header bytes of each array with the array, then the archive's directory with None."""
    directory: list[bytes] = []
    offset = 0
    for name in sorted(arrays):
        array = np.ravel(arrays[name]).view(np.uint8)
        file = f"{name}.npy".encode()
        header = _npy_header(arrays[name], offset + 30 + len(file))
        size = len(header) + array.nbytes
        checksum = zlib.crc32(array.data, zlib.crc32(header))
        fields = struct.pack(
            "<HHHHHIIIHH", VERSION, FLAGS, STORED, *MIDNIGHT_1980, checksum, size, size, len(file), NO_EXTRA
        )
        directory.append(
            CENTRAL + struct.pack("<H", VERSION) + fields + struct.pack("<HHHII", 0, 0, 0, 0, offset) + file
        )
        yield LOCAL + fields + file + header, array
        offset += 30 + len(file) + size
    listing = b"".join(directory)
    count = len(arrays)
    yield listing + END + struct.pack("<HHHHIIH", 0, 0, count, count, len(listing), offset, 0), None


def _npy_header(array: AnyArray, position: int) -> bytes:
    """Return the ``.npy`` header of an array, padded so that its data begins at a multiple of ALIGNMENT in the file."""
    text = f"{{'descr': '{array.dtype.str}', 'fortran_order': False, 'shape': {array.shape}, }}"
    length = len(text) + 1 + -(position + 10 + len(text) + 1) % ALIGNMENT
    return NPY + struct.pack("<H", length) + text.ljust(length - 1).encode() + b"\n"


def _compare(blob: Blob, arrays: Mapping[str, AnyArray]) -> None:
    """Raise FormatError unless encoding these arrays gives exactly these bytes."""
    at = 0
    for frame, array in _frames(arrays):
        if blob[at : at + len(frame)] != frame:
            where = "its end" if array is None else f"byte {at:,}"
            raise FormatError(f"is damaged near {where}: a checksum or a length does not fit its content")
        at += len(frame) + (0 if array is None else array.nbytes)
    if at != len(blob):
        raise FormatError(f"has {len(blob) - at:,} bytes too many at its end")
