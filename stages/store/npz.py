"""Arrays as bytes, and bytes as arrays: a strict subset of NumPy's ``.npz``.

An artifact is a zip archive of ``.npy`` files that ``np.load`` and ``unzip`` read, written in one way only:
members stored and not compressed, in the order of their names, dated 1980, in C order, little-endian, each array
beginning at a multiple of 64 bytes. So the same arrays always give the same bytes, and reading is simple: find the
arrays, then frame them again and compare. Whatever differs, a wrong checksum or a byte too many, is refused.
Neither pickle nor ``zipfile`` nor ``eval`` is involved, and no array is made that the file does not hold.
"""

import math
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

AnyArray = npt.NDArray[Any]

DTYPES = ("<f8", "<f4", "<i8", "<i4", "|u1", "|b1")
MOST_MEMBERS = 200
MOST_DIMENSIONS = 8
ALIGNMENT = 64  # what NumPy aligns to: an array can be used where it lies in the file

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
VERSION, FLAGS, STORED, NO_EXTRA = 20, 0, 0, 0
"""Of a zip member: version 2.0 is enough to read it; no flags, such as encrypted; not compressed; no extra fields."""

MIDNIGHT_1980 = 0, 33
NPY = b"\x93NUMPY\x01\x00"
NAME = re.compile(rb"([a-z_][a-z0-9_]{0,63})\.npy")
LENGTH = r"(?:0|[1-9]\d{0,9})"
SHAPE = rf"(?:{LENGTH}, ?)+{LENGTH}?|"  # a tuple as Python writes it: of one length, with a comma behind it; or of none
HEADER = re.compile(
    rf"\{{'descr': '([<>|][a-zA-Z]\d)', 'fortran_order': False, 'shape': \(({SHAPE})\), \}} *\n".encode()
)


class FormatError(ValueError):
    """Bytes that are not such an archive; the message says what is wrong with them."""


def encode(arrays: Mapping[str, AnyArray]) -> Iterator[bytes | memoryview]:
    """Yield the archive piece by piece; the arrays' own memory is handed on, not copied."""
    for frame, array in _frames(arrays):
        yield frame
        if array is not None:
            yield array.data


def decode(blob: bytes) -> dict[str, AnyArray]:
    """Give the arrays of an archive as read-only views of its bytes, or raise NotOurs."""
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


def parse_npy(member: bytes | memoryview) -> tuple[str, tuple[int, ...], int]:
    """Read the header of a ``.npy`` file (version 1.0): the type, the shape, and where the data begins."""
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


def _member(blob: bytes, at: int) -> tuple[str, AnyArray, int]:
    """Read the member that begins at ``at``: its name, its array, and where the next one begins."""
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
        raise FormatError(f"has a member with an unusable name, {blob[at + 30 : start][:40]!r}")
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
    except ValueError:  # no elements, and lengths beyond what NumPy counts
        raise FormatError(f"has an impossible shape, {shape} ({label})") from None


def _frames(arrays: Mapping[str, AnyArray]) -> Iterator[tuple[bytes, AnyArray | None]]:
    """Yield each array with the bytes that stand before it, then the directory with no array."""
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
    """The ``.npy`` header of an array, padded so that its data begins at a multiple of ALIGNMENT in the file."""
    text = f"{{'descr': '{array.dtype.str}', 'fortran_order': False, 'shape': {array.shape}, }}"
    length = len(text) + 1 + -(position + 10 + len(text) + 1) % ALIGNMENT
    return NPY + struct.pack("<H", length) + text.ljust(length - 1).encode() + b"\n"


def _compare(blob: bytes, arrays: Mapping[str, AnyArray]) -> None:
    """See that these arrays, framed again, give these bytes and no others."""
    at = 0
    for frame, array in _frames(arrays):
        if blob[at : at + len(frame)] != frame:
            where = "its end" if array is None else f"byte {at:,}"
            raise FormatError(f"is damaged near {where}: a checksum or a length does not fit its content")
        at += len(frame) + (0 if array is None else array.nbytes)
    if at != len(blob):
        raise FormatError(f"has {len(blob) - at:,} bytes too many at its end")
