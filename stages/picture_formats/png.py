"""PNG: chunks with checksums (W3C, "Portable Network Graphics", third edition, section 5).

Kept are the header, the palette, the transparent colour and the pixels. Profiles, texts and frames after the first are
left out without being decompressed.
"""

import struct
import zlib

from nndigits.stages.picture_formats.container import (
    MOST_LAYERED,
    MOST_PIXELS,
    Container,
    DamagedPicture,
    check_count,
    check_whole,
)
from nndigits.stages.picture_formats.orientation import orientation

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_CHUNKS = 20_000
"""Programs write chunks of at least some kilobytes, so a file of 16 MB has a few thousand."""

MOST_TEXT = 2**18
"""The most bytes of a text that are searched for the orientation."""

PALETTE = 3
"""The kind of colour that needs the chunk PLTE."""

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Numbers of a pixel, by the kind of colour."""

INTERLACED = (
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
)  # fmt: skip
"""The seven passes of an interlaced picture: the first column and row, and the distances of the next ones."""

PIECE = 2**16

WITH_ALPHA = (4, 6)
"""The kinds of colour with an opacity for each pixel."""

XMP, OLD_EXIF = b"XML:com.adobe.xmp\0", b"Raw profile type exif\0"


def read(blob: bytes) -> Container:
    """Read the chunks of a PNG, and check that all are there."""
    kept: dict[bytes, bytes] = {}
    pixels: list[memoryview] = []
    exif = xmp = b""
    at, count, view = len(SIGNATURE), 0, memoryview(blob)
    kind = b""
    while kind != b"IEND":
        check_whole(at + 12, blob)
        length, kind = struct.unpack_from(">I4s", blob, at)
        check_whole(at + 12 + length, blob)
        data = view[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", blob, at + 8 + length)
        if zlib.crc32(view[at + 4 : at + 8 + length]) != checksum:
            raise DamagedPicture(f"its chunk {_printable(kind)} has a wrong checksum")
        if not count and (kind != b"IHDR" or length != 13):
            raise DamagedPicture("does not begin with its header")
        at, count = at + 12 + length, count + 1
        check_count("chunks", count, MOST_CHUNKS)
        if kind == b"IDAT":
            pixels.append(data)
        elif kind in (b"IHDR", b"PLTE", b"tRNS"):
            if kind in kept or length > 768:
                raise DamagedPicture(f"its chunk {_printable(kind)} is there twice, or too long")
            kept[kind] = bytes(data)
        elif kind == b"eXIf":
            exif = exif or bytes(data)
        elif kind == b"iTXt" and data[: len(XMP)] == XMP:
            xmp = xmp or bytes(data[:MOST_TEXT])
        elif kind in (b"tEXt", b"zTXt") and data[: len(OLD_EXIF)] == OLD_EXIF:
            exif = exif or _old_exif(bytes(data[len(OLD_EXIF) :]), is_packed=kind == b"zTXt")
    width, height = struct.unpack_from(">II", kept[b"IHDR"])
    if kept[b"IHDR"][9] == PALETTE and b"PLTE" not in kept:
        raise DamagedPicture("has no palette")
    parts = [*kept.items(), (b"IDAT", b"".join(pixels)), (b"IEND", b"")]
    content = SIGNATURE + b"".join(piece for kind, data in parts for piece in _chunk(kind, data))
    is_layered = kept[b"IHDR"][9] in WITH_ALPHA or b"tRNS" in kept
    most = MOST_LAYERED if is_layered else MOST_PIXELS
    if width * height <= most and not _is_complete(kept[b"IHDR"], pixels):  # a larger one is refused for that
        raise DamagedPicture("has fewer pixels than its header says")
    return Container((width, height), content, most, orientation(exif, xmp))


def _is_complete(header: bytes, pixels: list[memoryview]) -> bool:
    """Return whether the pixels unpack to as many bytes as the header says; Pillow makes the missing ones black."""
    width, height, depth, colour, _, _, is_interlaced = struct.unpack(">IIBBBBB", header)
    bits = depth * CHANNELS.get(colour, 1)
    missing = 0
    for left, top, across, down in INTERLACED if is_interlaced else ((0, 0, 1, 1),):
        columns, rows = -((left - width) // across), -((top - height) // down)
        missing += rows * (1 + (columns * bits + 7) // 8) if columns > 0 and rows > 0 else 0
    stream = zlib.decompressobj()
    try:
        for data in pixels:
            packed: bytes | memoryview = data
            while packed and missing > 0 and not stream.eof:
                missing -= len(stream.decompress(packed, PIECE))
                packed = stream.unconsumed_tail
    except zlib.error:
        return True  # Pillow says what is wrong
    return missing <= 0


def _chunk(kind: bytes, data: bytes) -> tuple[bytes, ...]:
    """Return the pieces of a chunk."""
    return struct.pack(">I4s", len(data), kind), data, struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))


def _old_exif(text: bytes, *, is_packed: bool) -> bytes:
    """Return the Exif data that older versions of ImageMagick write in hexadecimal digits, after three lines."""
    try:
        text = zlib.decompressobj().decompress(text[1:], MOST_TEXT) if is_packed else text[:MOST_TEXT]
        digits = b"".join(text.split(b"\n")[3:])
        return bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
    except (zlib.error, ValueError):
        return b""


def _printable(kind: bytes) -> str:
    return kind.decode("ascii", "replace") if kind.isalpha() else kind.hex()
