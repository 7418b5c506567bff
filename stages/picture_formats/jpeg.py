"""JPEG: segments that begin with a marker, and scans of compressed pixels (ITU-T T.81, annex B).

Kept are the tables, the frame header, the scans, and the two segments that tell the colour space. Left out are
profiles, comments, thumbnails, and all that follows the end of the picture.
"""

import re
import struct
from collections.abc import Iterator

from nndigits.stages.picture_formats.container import (
    MOST_HEAVY,
    MOST_LAYERED,
    MOST_PIXELS,
    Container,
    DamagedPicture,
    check_count,
    check_whole,
)
from nndigits.stages.picture_formats.orientation import EXIF, orientation

MOST_SEGMENTS = 2_000
"""A profile of 16 MB has 256 segments. No camera writes thousands."""

MOST_SCANS = 64
"""Programs write about ten. Each costs a pass over the whole picture."""

CMYK = 4  # components
START, END, SCAN = 0xD8, 0xD9, 0xDA
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
SEQUENTIAL = (0xC0, 0xC1, 0xC9)
TABLES = (0xC4, 0xCC, 0xDB, 0xDD)  # Huffman, arithmetic, quantisation, restart interval
WITHOUT_LENGTH = (0x01, *range(0xD0, 0xD9))
COLOUR_SPACES = {0xE0: (b"JFIF\0", 14), 0xEE: (b"Adobe", 12)}
"""The segments that tell the colour space, their beginning and the bytes that are needed of them."""

XMP = b"http://ns.adobe.com/xap/1.0/\0"
MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""A marker, but no restart marker and no 255 that belongs to compressed pixels."""

MISSING = (128, 64)
"""The grey of missing pixels, and of those of a CMYK picture."""

MORE_PIXELS = b"".join(bytes(range(0xFF)) + bytes([0xFF, 0xD0 + number]) for number in range(8))
"""Varied bits, for each number that the next restart marker may have."""


def read(blob: bytes) -> Container:
    """Read the segments of a JPEG, and check that its end is there."""
    kept = [b"\xff\xd8"]
    frame, scans, components = b"", 0, 0
    kind = START
    exif = xmp = b""
    for kind, start, end in _segments(blob):
        data = blob[start:end] if kind in FRAMES else blob[start : min(end, start + len(XMP))]
        if kind in FRAMES:
            if frame:
                raise DamagedPicture("has two frame headers")
            frame, is_sequential = data, kind in SEQUENTIAL
            if len(frame) < 6:
                raise DamagedPicture("its frame header is too short")
            kept.append(_segment(kind, data))
        elif kind == SCAN:
            scans, components = scans + 1, data[0] if data else 0
            check_count("scans", scans, MOST_SCANS)
            following = MARKER.search(blob, end)
            kept.append(_segment(kind, blob[start:end]) + blob[end : following.start() if following else len(blob)])
        elif kind in TABLES:
            kept.append(_segment(kind, blob[start:end]))
        elif kind in COLOUR_SPACES:
            name, length = COLOUR_SPACES[kind]
            if data.startswith(name):
                kept.append(_segment(kind, data[:length]))
        elif kind == 0xE1 and data.startswith(EXIF):
            exif = exif or blob[start:end]
        elif kind == 0xE1 and data.startswith(XMP):
            xmp = xmp or blob[start:end]
    if kind != END:
        raise DamagedPicture("is cut off: its end is missing")
    if not frame or not scans:
        raise DamagedPicture("has no frame header" if scans else "has no pixels")
    height, width = struct.unpack_from(">HH", frame, 1)
    is_scalable = is_sequential and scans == 1 and components == frame[5]
    most = (MOST_PIXELS, MOST_LAYERED, MOST_HEAVY)[(not is_scalable) + (frame[5] == CMYK)]
    content = b"".join([*kept, b"\xff\xd9"])
    return Container((width, height), content, most, orientation(exif, xmp), is_scalable)


def with_longer_scans(content: bytes) -> bytes:
    """Return the content of a JPEG with more compressed pixels after each scan.

    A decoder fills missing pixels with grey and says nothing. If pixels are missing, these change the picture.
    """
    pieces, last = [], 0
    for kind, _, end in _segments(content):
        if kind == SCAN:
            following = MARKER.search(content, end)
            last, start = (following.start() if following else len(content)), last
            pieces += [content[start:last], MORE_PIXELS]
    return b"".join([*pieces, content[last:]])


def _segments(blob: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the marker of each segment, and where its data begins and ends, up to the end of the picture."""
    at = 2
    for _ in range(MOST_SEGMENTS + MOST_SCANS):
        found = MARKER.search(blob, at)
        if found is None:
            return
        kind, at = blob[found.start() + 1], found.end()
        if kind == END:
            yield kind, at, at
            return
        if kind in WITHOUT_LENGTH:
            continue
        check_whole(at + 2, blob)
        (length,) = struct.unpack_from(">H", blob, at)
        if length < 2:
            raise DamagedPicture("has a segment of negative length")
        check_whole(at + length, blob)
        yield kind, at + 2, at + length
        at += length
    check_count("segments", MOST_SEGMENTS + 1, MOST_SEGMENTS)


def _segment(kind: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, kind, len(data) + 2) + data
