"""Small files that cost much time or memory: in the container, in the compressed pixels, or in what they show."""

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image

from torture.inputs.pictures import SIGNATURE, chunk, with_chunk

SCREEN = struct.pack("<HHBBB", 40, 40, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
"""The screen of a GIF, 40 x 40 pixels, and a palette of two colours."""

DC = (0, 0)
"""The mean of each block alone."""

COSTLY: dict[str, Callable[[], bytes]] = {
    "jpeg of 932,000 empty segments": lambda: in_jpeg(segment(0xE1, b"") * 932_000),
    "jpeg of 200,000 Exif segments": lambda: in_jpeg(segment(0xE1, b"Exif\0\0") * 200_000),
    "jpeg of 250 long Exif segments": lambda: in_jpeg(segment(0xE1, b"Exif\0\0" + bytes(60_000)) * 250),
    "jpeg of 4,000,000 unknown segments": lambda: in_jpeg(segment(0xE5, b"") * 4_000_000),
    "jpeg of 500,000 tables": lambda: in_jpeg(huffman_table(0) * 500_000),
    "jpeg of 16 MB between two segments": lambda: in_jpeg(b"\xff\0" * 8_000_000),
    "jpeg of 8,000,000 restart markers": lambda: saved_jpeg()[:-2] + b"\xff\xd0" * 8_000_000 + b"\xff\xd9",
    "jpeg of one scan for each component": lambda: jpeg(13_372, 0xC0, [scan([i], 700_000) for i in (1, 2, 3)]),
    "jpeg that is large and empty": lambda: jpeg(65_500, 0xC0, [scan([1, 2, 3], 0)]),
    "jpeg of 120,000,000 pixels": lambda: jpeg(10_900, 0xC0, [scan([1, 2, 3], 1_400_000)]),
    "jpeg with arithmetic coding": lambda: jpeg(10_900, 0xC9, [scan([1, 2, 3], 15_000_000)]),
    "jpeg of 39,371 scans": lambda: jpeg(2_000, 0xC2, [scan([1, 2, 3], 0, DC), *[scan([1], 0, (1, 1))] * 39_371]),
    "jpeg of 64 scans": lambda: jpeg(2_828, 0xC2, [scan([1, 2, 3], 47_000, DC), *[scan([1], 16_000, (1, 63))] * 63]),
    "png of a profile of 14 GiB": lambda: with_chunk(b"iCCP", b"x\0\0" + packed_zeros(14_000)),
    "png of a text of 1 GiB": lambda: with_chunk(b"zTXt", b"x\0\0" + packed_zeros(1_000)),
    "png of 1,000,000 texts": lambda: with_chunks(chunk(b"tEXt", b"a\0b") * 1_000_000),
    "png of 1,000,000 empty pieces of pixels": lambda: with_chunks(chunk(b"IDAT", b"") * 1_000_000),
    "ppm of 1,000,000 comments": lambda: b"P2\n40 40\n255\n" + b"#\n" * 1_000_000 + b"9 " * 1_600,
    "ppm of comments in its header": lambda: b"P5\n" + b"#\n" * 1_000_000 + b"40 40\n255\n" + bytes(1_600),
    "ppm of 8,000,000 decimal numbers": lambda: b"P2\n2800 2800\n254\n" + b"9 " * 2_800 * 2_800,
    "ppm of 254 shades": lambda: b"P6\n2200 2400\n254\n" + bytes(2_200 * 2_400 * 3),
    "ppm of 1,000 shades": lambda: b"P5\n3400 2400\n1000\n" + bytes(3_400 * 2_400 * 2),
    "gif of a long comment": lambda: gif(b"!\xfe" + (b"\xff" + bytes(255)) * 65_000 + b"\0"),
    "gif of a comment in 8,000,000 pieces": lambda: gif(b"!\xfe" + b"\1x" * 8_000_000 + b"\0"),
    "gif of 3,000,000 comments": lambda: gif(b"!\xfe\1x\0" * 3_000_000),
    "gif of a large frame to restore": lambda: gif(b"!\xf9\4\x08\0\0\0\0", 13_000),
    "bmp of 7,000,000 runs": lambda: run_lengths(7_000_000),
    "bmp of 500,000 runs": lambda: run_lengths(500_000),
    "webp of noise": lambda: saved(np.random.default_rng(0).integers(0, 256, (2_200, 1_800, 3), np.uint8), "WEBP"),
}
"""Files that are costly to decode, by what they are. Each may be read or refused."""

TEXTURES: dict[str, Callable[[], bytes]] = {
    "checkerboard": lambda: saved(np.indices((1_600, 1_600)).sum(axis=0) % 2 * 255),
    "dots": lambda: saved((np.indices((1_600, 1_600)) % 2).all(axis=0) * 255),
    "stripes": lambda: saved(np.indices((1_600, 1_600))[1] % 3 * 100),
    "noise": lambda: saved(np.random.default_rng(0).integers(0, 256, (1_600, 1_600))),
    "a comb": lambda: saved(np.where(np.indices((1_200, 1_200))[0] % 4 * np.indices((1_200, 1_200))[1], 255, 0)),
}
"""Pictures whose strokes are costly to find."""


def segment(kind: int, data: bytes) -> bytes:
    """Return a segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, kind, len(data) + 2) + data


def huffman_table(kind: int) -> bytes:
    """Return a table of one code of one bit, which means 0."""
    return segment(0xC4, bytes([kind, 1, *bytes(15), 0]))


def scan(components: list[int], zeros: int, coefficients: tuple[int, int] = (0, 63)) -> bytes:
    """Return a scan of some components and coefficients, with a number of zero bytes as pixels."""
    header = [len(components), *(byte for one in components for byte in (one, 0)), *coefficients, 0]
    return segment(0xDA, bytes(header)) + bytes(zeros)


def jpeg(side: int, frame: int, scans: list[bytes]) -> bytes:
    """Return a JPEG of three components."""
    header = struct.pack(">BHHB", 8, side, side, 3) + bytes([1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0])
    tables = segment(0xDB, b"\0" + b"\1" * 64) + huffman_table(0) + huffman_table(0x10)
    return b"\xff\xd8" + tables + segment(frame, header) + b"".join(scans) + b"\xff\xd9"


def saved(pixels: np.ndarray, format_: str = "PNG") -> bytes:
    """Return a picture as Pillow writes it."""
    file = io.BytesIO()
    options = {"lossless": True, "method": 0} if format_ == "WEBP" else {}
    Image.fromarray(pixels.astype(np.uint8)).save(file, format_, **options)
    return file.getvalue()


def saved_jpeg() -> bytes:
    """Return a small JPEG."""
    return saved(np.full((40, 40), 200), "JPEG")


def in_jpeg(segments: bytes) -> bytes:
    """Return a small JPEG with these segments at its beginning."""
    whole = saved_jpeg()
    return whole[:2] + segments + whole[2:]


def packed_zeros(megabytes: int) -> bytes:
    """Return many zeros, compressed to a thousandth."""
    packer = zlib.compressobj(9)
    head, piece = (packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return head + piece * megabytes


def with_chunks(chunks: bytes) -> bytes:
    """Return a small PNG with these chunks after its header."""
    whole, at = saved(np.full((40, 40), 200)), len(SIGNATURE) + 25
    return whole[:at] + chunks + whole[at:]


def gif(extension: bytes, side: int = 40) -> bytes:
    """Return a GIF with an extension before its frame."""
    return b"GIF89a" + SCREEN + extension + b"," + struct.pack("<HHHHB", 0, 0, side, side, 0) + b"\2\2\x4c\1\0;"


def run_lengths(runs: int) -> bytes:
    """Return a BMP of runs of one pixel."""
    header = struct.pack("<IiiHHIIiiII", 40, 3_400, 3_600, 1, 8, 1, 0, 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, 54 + 1_024) + header + bytes(range(256)) * 4 + b"\1\x07" * runs
