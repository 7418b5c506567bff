"""PGM and PPM, binary or as decimal numbers (Netpbm's manual, "pgm" and "ppm").

Comments are removed and values are scaled to 255, or to 65,535 for deep grey, with NumPy: Pillow takes a microsecond
for each value, and copies the rest of the file for each comment.
"""

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from nndigits.stages.picture_formats.container import Container, DamagedPicture, check_whole

MOST_HEADER = 2**16
HEADER = re.compile(rb"P([2356])" + rb"(?:\s|#[^\r\n]*[\r\n])++(\d{1,10})(?!\d)" * 3 + rb"(?:#[^\r\n]*)?\s")
COMMENT = re.compile(rb"#[^\r\n]*[\r\n]?")
LONG = re.compile(rb"\d{11}")
NUMBERS = b"0123456789 \t\n\r\v\f"
BLOCK = 2**18
"""The bytes of decimal numbers that are converted at once."""


def read(blob: bytes) -> Container:
    """Read a PGM or PPM of any depth; its content is binary, of 8 bits or, for deep grey, of 16."""
    header = HEADER.match(blob, 0, MOST_HEADER)
    if header is None:
        raise DamagedPicture("has no header of three numbers")
    kind, width, height, largest = map(int, header.groups())
    if not 0 < largest < 2**16:
        raise DamagedPicture(f"its largest value is {largest:,}, expected 1 to 65,535")
    is_grey, is_plain = kind in (2, 5), kind in (2, 3)
    count, depth = width * height * (1 if is_grey else 3), 1 if largest < 256 else 2
    check_whole(header.end() + count * (1 if is_plain else depth), blob)
    white, stored = (65_535, ">u2") if is_grey and depth == 2 else (255, "u1")
    magic, view = b"P5" if is_grey else b"P6", memoryview(blob)[header.end() :]
    # Rounded as Pillow does; what is brighter than white is white.
    scaled = np.minimum(np.rint(np.arange(256**depth) / largest * white), white).astype(stored)
    if is_plain:
        values = scaled[_decimal(COMMENT.sub(b"", view), count, largest)].tobytes()
    elif largest == white:
        values = bytes(view[: count * depth])
    else:
        values = scaled[np.frombuffer(view, f">u{depth}", count)].tobytes()
    return Container((width, height), b"%b %d %d %d\n%b" % (magic, width, height, white, values))


def _decimal(text: bytes, count: int, largest: int) -> npt.NDArray[np.uint16]:
    """Convert decimal numbers, each from 0 to ``largest``, ``(count,)``."""
    if text.translate(None, NUMBERS) or LONG.search(text):
        raise DamagedPicture("has something else than numbers")
    values, filled = np.empty(count, np.uint16), 0
    for block in _blocks(text):
        numbers = np.fromstring(block, np.int64, sep=" ")[: count - filled]
        if numbers.max(initial=0) > largest:
            raise DamagedPicture(f"has the value {numbers.max():,}, expected at most {largest:,}")
        values[filled : filled + len(numbers)] = numbers
        filled += len(numbers)
        if filled == count:
            return values
    raise DamagedPicture(f"has {filled:,} values, expected {count:,}")


def _blocks(text: bytes) -> Iterator[bytes]:
    """Yield pieces of a text that end where a number ends."""
    at = 0
    while at < len(text):
        end = at + BLOCK
        while end < len(text) and text[end : end + 1].isdigit():
            end += 1
        yield text[at:end]
        at = end
