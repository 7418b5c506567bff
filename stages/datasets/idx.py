"""The IDX format, in which MNIST is published: a magic number, the length of each dimension, and the bytes.

A file whose length does not match its header is refused. A gzip stream is unpacked no further than the length in the
header.
"""

import math
import struct
import zlib

import numpy as np

from nndigits.models.arrays.limits import MOST_PIXELS, MOST_SIDE
from nndigits.models.arrays.types import Bytes
from nndigits.stages.store.files import LARGEST, Buffer, is_bomb

IMAGES, LABELS = 3, 1
"""The number of dimensions of a file of images, and of a file of labels."""

GZIP = b"\x1f\x8b"
START = 16
"""The bytes of the longest header."""
CHUNK, PIECE = 2**16, 2**20
"""Gzipped bytes to unpack at once, and the most bytes that they are unpacked to at once before these are copied.

Images become five times larger, so that a piece stays in the processor's cache. Zeros become a thousand times larger.
"""


class IdxError(ValueError):
    """Bytes that are not an IDX file. The message says why."""


def unpack(data: Buffer, dimensions: int) -> Buffer:
    """Return the content of an IDX file, gzipped or not, after checking its length.

    A gzip stream is unpacked chunk by chunk into memory of the size that its header gives, without a second copy.
    """
    if data[:2] != GZIP:
        _check_length(len(data), header_shape(data, dimensions))
        return data
    try:
        shape = header_shape(_first_bytes(data, 4 + 4 * dimensions), dimensions)
        expected = 4 + 4 * dimensions + math.prod(shape)
        check_ratio(expected, len(data))
        content = np.empty(expected, np.uint8).data
        at, rest = _decompress_into(data, content)
    except zlib.error as error:
        raise IdxError(f"is a damaged gzip file ({error})") from None
    if rest:
        raise IdxError(f"is a gzip file with {rest:,} bytes behind its end, or of several parts; unpack it first")
    _check_length(at, shape)
    if rest is None:
        raise IdxError("is a gzip file that is cut off or longer than its header says")
    return content


def check_start(start: bytes, dimensions: int) -> None:
    """Raise IdxError for the first START bytes of a file that is neither gzipped nor IDX, before all of it is read."""
    if start[:2] != GZIP:
        header_shape(start, dimensions)


def check_ratio(length: int, packed: int) -> None:
    """Raise IdxError if the unpacked ``length`` is implausible for ``packed`` compressed bytes, as in a zip bomb."""
    if is_bomb(length, packed):
        raise IdxError(f"would unpack to {length:,} bytes, from {packed:,}: more than images do")


def _decompressor() -> "zlib._Decompress":
    return zlib.decompressobj(31)  # 31: one gzip member, its own checksum checked


def _first_bytes(data: Buffer, count: int) -> bytes:
    """Unpack the first ``count`` bytes of a gzip stream, or all of a shorter one."""
    stream, first = _decompressor(), b""
    for start in range(0, len(data), CHUNK):
        first += stream.decompress(data[start : start + CHUNK], count - len(first))
        if len(first) == count or stream.eof:
            break
    return first


def _decompress_into(data: Buffer, content: memoryview) -> tuple[int, int | None]:
    """Unpack a gzip stream into ``content``.

    Returns the number of unpacked bytes, at most one too many, and the number of bytes of ``data`` after the end of the
    stream, or None if the stream did not end.
    """
    stream, at = _decompressor(), 0
    for start in range(0, len(data), CHUNK):
        packed = data[start : start + CHUNK]
        while packed and not stream.eof:
            piece = stream.decompress(packed, min(PIECE, len(content) - at + 1))
            if len(piece) > len(content) - at:
                return at + len(piece), None
            content[at : at + len(piece)] = piece
            at += len(piece)
            packed = stream.unconsumed_tail
        if stream.eof:
            return at, len(stream.unused_data) + max(0, len(data) - start - CHUNK)
    return at, None


def header_shape(data: Buffer, dimensions: int) -> tuple[int, ...]:
    """Read the length of each dimension from the header, and check them."""
    if len(data) < 4 + 4 * dimensions:
        raise IdxError(f"has {len(data):,} bytes, too few for its header")
    magic, *shape = struct.unpack_from(f">I{dimensions}I", data)
    if magic != 0x0800 + dimensions:
        raise IdxError(
            f"has the magic number {magic}, expected {0x0800 + dimensions} ({dimensions} dimensions of bytes)"
        )
    if 0 in shape:
        raise IdxError(f"says that it holds nothing: {_times(shape)}")
    if any(side > MOST_SIDE for side in shape[1:]) or math.prod(shape[1:]) > MOST_PIXELS or math.prod(shape) > LARGEST:
        raise IdxError(f"says that it holds {_times(shape)} bytes, more than is read")
    return tuple(shape)


def parse(data: Buffer, dimensions: int) -> Bytes:
    """Return the array of unpacked IDX bytes, as a view of them."""
    shape = header_shape(data, dimensions)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def header(shape: tuple[int, ...]) -> bytes:
    """Return the header of an IDX file for an array of this shape."""
    return struct.pack(f">{1 + len(shape)}I", 0x0800 + len(shape), *shape)


def _check_length(found: int, shape: tuple[int, ...]) -> None:
    expected = 4 + 4 * len(shape) + math.prod(shape)
    if found != expected:
        more = "more" if found > expected else f"{found:,}"
        raise IdxError(f"should have {expected:,} bytes by its header ({_times(shape)}), has {more}")


def _times(shape: tuple[int, ...] | list[int]) -> str:
    return " x ".join(f"{length:,}" for length in shape)
