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
CHUNK = 2**16
"""Gzipped bytes to unpack at once, and the most bytes that they are unpacked to at once."""


class IdxError(ValueError):
    """Bytes that are not an IDX file. The message says why."""


def unpack(data: Buffer, dimensions: int) -> Buffer:
    """Return the content of an IDX file, gzipped or not, after checking its length; raises IdxError."""
    if data[:2] != GZIP:
        _check_length(len(data), header_shape(data, dimensions))
        return data
    try:
        shape = header_shape(_gunzip(data, 4 + 4 * dimensions)[0], dimensions)
        expected = 4 + 4 * dimensions + math.prod(shape)
        check_ratio(expected, len(data))
        content, rest = _gunzip(data, expected + 1)
    except zlib.error as error:
        raise IdxError(f"is a damaged gzip file ({error})") from None
    if rest:
        raise IdxError(f"is a gzip file with {rest:,} bytes behind its end, or of several parts; unpack it first")
    _check_length(len(content), shape)
    if rest is None:
        raise IdxError("is a gzip file that is cut off or longer than its header says")
    return content


def check_ratio(length: int, packed: int) -> None:
    """Raise IdxError if the unpacked ``length`` is implausible for ``packed`` compressed bytes, as in a zip bomb."""
    if is_bomb(length, packed):
        raise IdxError(f"would unpack to {length:,} bytes, from {packed:,}: more than images do")


def _gunzip(data: Buffer, most: int) -> tuple[bytearray, int | None]:
    """Unpack a gzip stream, ``most`` bytes of it at most.

    Also returns the number of bytes of ``data`` behind the end of the stream, or None if that was not reached.
    """
    stream, content = zlib.decompressobj(31), bytearray()  # 31: one gzip member, its own checksum checked
    for start in range(0, len(data), CHUNK):
        packed = data[start : start + CHUNK]
        while packed and not stream.eof and len(content) < most:
            content += stream.decompress(packed, min(CHUNK, most - len(content)))
            packed = stream.unconsumed_tail
        if stream.eof:
            return content, len(stream.unused_data) + max(0, len(data) - start - CHUNK)
    return content, None


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
