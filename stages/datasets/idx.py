"""The IDX format, in which MNIST is published: a magic number, the lengths, and then the bytes.

Nothing is believed before it is checked: a header that promises more than the file holds, or less, is refused, and
a gzip stream is never unpacked further than its header promises.
"""

import math
import struct
import zlib

import numpy as np

from nn.models.arrays.types import Bytes
from nn.stages.store.files import LARGEST, Buffer

IMAGES, LABELS = 3, 1
"""How many dimensions a file of images has, and one of labels."""

GZIP = b"\x1f\x8b"
LARGEST_SIDE = 4096
PIECE = 2**16
"""Gzipped bytes that are unpacked at once: what comes out stays in the processor's cache until it is copied."""

UNFOLDED_FREELY = 2**26
MOST_UNFOLDED = 100
"""How many bytes one compressed byte may stand for where there are many: in sets of digits it is five or less."""


class IdxError(ValueError):
    """Bytes that are not such a file; the message says why."""


def unpack(data: bytes, dimensions: int) -> Buffer:
    """Give the IDX bytes of a file that may be gzipped, whole and with nothing behind them.

    A gzip stream is unpacked piece by piece into memory of the size that its header promises: no second copy is made.
    """
    if data[:2] != GZIP:
        _check_length(len(data), header_shape(data, dimensions))
        return data
    try:
        shape = header_shape(_inflater().decompress(data, 4 + 4 * dimensions), dimensions)
        expected = 4 + 4 * dimensions + math.prod(shape)
        check_unfolds(expected, len(data))
        content = np.empty(expected, np.uint8).data
        at, rest = _inflate(data, content)
    except zlib.error as error:
        raise IdxError(f"is a damaged gzip file ({error})") from None
    _check_length(at, shape)
    if rest is None:
        raise IdxError("is a gzip file that is cut off or longer than its header says")
    if rest:
        raise IdxError(f"is a gzip file with {rest:,} bytes behind its end")
    return content


def check_unfolds(length: int, packed: int) -> None:
    """Raise NotIdx where so many compressed bytes claim to unfold to what no images do, but bombs."""
    if length > max(UNFOLDED_FREELY, MOST_UNFOLDED * packed):
        raise IdxError(f"would unfold to {length:,} bytes, from {packed:,}: more than images do")


def _inflater() -> "zlib._Decompress":
    return zlib.decompressobj(31)  # 31: one gzip member, its own checksum checked


def _inflate(data: bytes, content: memoryview) -> tuple[int, int | None]:
    """Fill ``content``; give how many bytes came, at most one too many, and how many of ``data`` lie behind the end.

    That is None where the stream did not end.
    """
    stream, at = _inflater(), 0
    for start in range(0, len(data), PIECE):
        piece = stream.decompress(data[start : start + PIECE], len(content) - at + 1)
        fits = piece[: len(content) - at]
        content[at : at + len(fits)] = fits
        at += len(piece)
        if at > len(content):
            break
        if stream.eof:
            return at, len(stream.unused_data) + max(0, len(data) - start - PIECE)
    return at, None


def header_shape(data: Buffer, dimensions: int) -> tuple[int, ...]:
    """Read the header: the lengths of each dimension."""
    if len(data) < 4 + 4 * dimensions:
        raise IdxError(f"has {len(data):,} bytes, too few for its header")
    magic, *shape = struct.unpack_from(f">I{dimensions}I", data)
    if magic != 0x0800 + dimensions:
        raise IdxError(
            f"has the magic number {magic}, expected {0x0800 + dimensions} ({dimensions} dimensions of bytes)"
        )
    if 0 in shape:
        raise IdxError(f"says that it holds nothing: {_times(shape)}")
    if any(side > LARGEST_SIDE for side in shape[1:]) or math.prod(shape) > LARGEST:
        raise IdxError(f"says that it holds {_times(shape)} bytes, more than is read")
    return tuple(shape)


def parse(data: Buffer, dimensions: int) -> Bytes:
    """Give the array of unpacked IDX bytes, as a view of them."""
    shape = header_shape(data, dimensions)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def header(shape: tuple[int, ...]) -> bytes:
    """The header that an array of this shape has in the format."""
    return struct.pack(f">{1 + len(shape)}I", 0x0800 + len(shape), *shape)


def _check_length(found: int, shape: tuple[int, ...]) -> None:
    expected = 4 + 4 * len(shape) + math.prod(shape)
    if found != expected:
        more = "more" if found > expected else f"{found:,}"
        raise IdxError(f"should have {expected:,} bytes by its header ({_times(shape)}), has {more}")


def _times(shape: tuple[int, ...] | list[int]) -> str:
    return " x ".join(f"{length:,}" for length in shape)
