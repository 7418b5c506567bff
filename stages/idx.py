"""The IDX format, in which MNIST is published: a magic number, the lengths, and then the bytes.

Nothing is believed before it is checked: a header that promises more than the file holds, or less, is refused, and
a gzip stream is never unpacked further than its header promises.
"""

import math
import struct
import zlib

import numpy as np

from nn.models.arrays import Bytes
from nn.stages.files import LARGEST

IMAGES, LABELS = 3, 1
"""How many dimensions a file of images has, and one of labels."""

GZIP = b"\x1f\x8b"
LARGEST_SIDE = 4096


class NotIdx(ValueError):
    """Bytes that are not such a file; the message says why."""


def unpack(data: bytes, dimensions: int) -> bytes:
    """Give the IDX bytes of a file that may be gzipped, whole and with nothing behind them."""
    if data[:2] != GZIP:
        _check_length(data, header_shape(data, dimensions))
        return data
    stream = zlib.decompressobj(31)  # 31: one gzip member, its own checksum checked
    header_length = 4 + 4 * dimensions
    try:
        header = stream.decompress(data, header_length)
        expected = header_length + math.prod(header_shape(header, dimensions))
        # one byte more than it should have, so that a longer stream shows
        content = header + stream.decompress(stream.unconsumed_tail, expected - header_length + 1)
    except zlib.error as error:
        raise NotIdx(f"is a damaged gzip file ({error})") from None
    _check_length(content, header_shape(content, dimensions))
    if not stream.eof:
        stream.decompress(stream.unconsumed_tail, 1)
    if not stream.eof:
        raise NotIdx("is a gzip file that is cut off or longer than its header says")
    if stream.unused_data:
        raise NotIdx(f"is a gzip file with {len(stream.unused_data):,} bytes behind its end")
    return content


def header_shape(data: bytes, dimensions: int) -> tuple[int, ...]:
    """Read the header: the lengths of each dimension."""
    if len(data) < 4 + 4 * dimensions:
        raise NotIdx(f"has {len(data):,} bytes, too few for its header")
    magic, *shape = struct.unpack_from(f">I{dimensions}I", data)
    if magic != 0x0800 + dimensions:
        raise NotIdx(f"has the magic number {magic}, expected {0x0800 + dimensions} ({dimensions} dimensions of bytes)")
    if 0 in shape:
        raise NotIdx(f"says that it holds nothing: {_times(shape)}")
    if any(side > LARGEST_SIDE for side in shape[1:]) or math.prod(shape) > LARGEST:
        raise NotIdx(f"says that it holds {_times(shape)} bytes, more than is read")
    return tuple(shape)


def parse(data: bytes, dimensions: int) -> Bytes:
    """Give the array of unpacked IDX bytes, as a view of them."""
    shape = header_shape(data, dimensions)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def header(shape: tuple[int, ...]) -> bytes:
    """The header that an array of this shape has in the format."""
    return struct.pack(f">{1 + len(shape)}I", 0x0800 + len(shape), *shape)


def _check_length(data: bytes, shape: tuple[int, ...]) -> None:
    expected = 4 + 4 * len(shape) + math.prod(shape)
    if len(data) != expected:
        more = "more" if len(data) > expected else f"{len(data):,}"
        raise NotIdx(f"should have {expected:,} bytes by its header ({_times(shape)}), has {more}")


def _times(shape: tuple[int, ...] | list[int]) -> str:
    return " x ".join(f"{length:,}" for length in shape)
