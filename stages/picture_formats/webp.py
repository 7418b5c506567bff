"""WebP: chunks in a RIFF container (Google, "WebP Container Specification"). Only the first frame is kept."""

import struct

from nndigits.stages.picture_formats.container import (
    MOST_HEAVY,
    Container,
    DamagedPicture,
    check_count,
    check_whole,
)
from nndigits.stages.picture_formats.orientation import orientation

MOST_CHUNKS = 1_000
"""A still picture has at most eight chunks; an animation also has one for each frame."""

KEPT = (b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L")
PIXELS = (b"ANMF", b"VP8 ", b"VP8L")
HAS_PROFILE, HAS_EXIF, HAS_XMP = 0x20, 0x08, 0x04


def read(blob: bytes) -> Container:
    """Read the chunks of a WebP up to its first frame, and its orientation, which follows the frames."""
    check_whole(20, blob)
    (length,) = struct.unpack_from("<I", blob, 4)
    if blob[8:12] != b"WEBP":
        raise DamagedPicture("is another kind of RIFF file")
    check_whole(8 + length, blob)
    kept: list[tuple[bytes, bytes]] = []
    exif = xmp = b""
    at, count, has_pixels = 12, 0, False
    while at + 8 <= 8 + length:
        kind, size = struct.unpack_from("<4sI", blob, at)
        check_whole(at + 8 + size, blob)
        if kind in KEPT and not has_pixels:
            kept.append((kind, blob[at + 8 : at + 8 + size]))
            has_pixels = kind in PIXELS
        elif kind == b"EXIF":
            exif = exif or blob[at + 8 : at + 8 + size]
        elif kind == b"XMP ":
            xmp = xmp or blob[at + 8 : at + 8 + size]
        at, count = at + 8 + size + size % 2, count + 1
        check_count("chunks", count, MOST_CHUNKS)
    if not has_pixels:
        raise DamagedPicture("has no picture")
    canvas = _size(*kept[0])
    body = b"WEBP" + b"".join(_chunk(*one) for one in kept)
    content = struct.pack("<4sI", b"RIFF", len(body)) + body
    return Container(canvas, content, MOST_HEAVY, orientation(exif, xmp))


def _chunk(kind: bytes, data: bytes) -> bytes:
    if kind == b"VP8X":
        data = bytes([data[0] & ~(HAS_PROFILE | HAS_EXIF | HAS_XMP)]) + data[1:]
    return struct.pack("<4sI", kind, len(data)) + data + bytes(len(data) % 2)


def _size(kind: bytes, data: bytes) -> tuple[int, int]:
    """Return the width and height that the first chunk announces."""
    if kind == b"VP8X" and len(data) >= 10:
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    if kind == b"VP8 " and len(data) >= 10:
        width, height = struct.unpack_from("<HH", data, 6)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L" and len(data) >= 5:
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    raise DamagedPicture("does not begin with its size")
