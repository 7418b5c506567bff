"""GIF: the first frame (CompuServe, "GIF89a specification"). Comments and later frames are left out."""

import struct

from nndigits.stages.picture_formats.container import (
    MOST_LAYERED,
    MOST_PIXELS,
    Container,
    DamagedPicture,
    check_count,
    check_whole,
)

MOST_BLOCKS = 200_000
"""Blocks of pixels and comments up to the end of the first frame. Full ones are 65,794 in a file of 16 MB."""

IMAGE, EXTENSION, CONTROL, TRAILER = 0x2C, 0x21, 0xF9, b";"
LOCAL_PALETTE = 0x80


def read(blob: bytes) -> Container:
    """Read the blocks of a GIF up to the end of its first frame, and check that this is whole."""
    check_whole(13, blob)
    width, height, flags = struct.unpack_from("<HHB", blob, 6)
    at = 13 + _palette(flags)
    header, control, count = blob[:at], b"", 0
    while True:
        check_whole(at + 10, blob)
        if blob[at] == IMAGE:
            break
        if blob[at] != EXTENSION:
            raise DamagedPicture("has no picture")
        if blob[at + 1] == CONTROL and blob[at + 2] == 4 and blob[at + 3] & 1:
            control = b"\x21\xf9\4\1\0\0" + blob[at + 6 : at + 7] + b"\0"  # the transparent colour, and no disposal
        at, count = _after_blocks(blob, at + 2, count)
    left, top, columns, rows, flags = struct.unpack_from("<HHHHB", blob, at + 1)
    end, _ = _after_blocks(blob, at + 11 + _palette(flags), count)
    size = max(width, left + columns), max(height, top + rows)
    content = b"".join([header, control, blob[at:end], TRAILER])
    return Container(size, content, MOST_LAYERED if control else MOST_PIXELS)


def _palette(flags: int) -> int:
    """Return the length of the palette that the flags announce, in bytes."""
    return 3 << ((flags & 7) + 1) if flags & LOCAL_PALETTE else 0


def _after_blocks(blob: bytes, at: int, count: int) -> tuple[int, int]:
    """Return where a chain of blocks ends, and the number of blocks with those in it."""
    while True:
        check_whole(at + 1, blob)
        count += 1
        check_count("blocks", count, MOST_BLOCKS)
        length = blob[at]
        at += length + 1
        if not length:
            return at, count
