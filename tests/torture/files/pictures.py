"""Small pictures of each format, forged ones, and small files that cost much time or memory."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image

from torture.files.forge import Case, case

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def small_pictures() -> dict[str, bytes]:
    """Return a picture of each format and mode, some hundred bytes each."""
    pixels = np.random.default_rng(0).integers(0, 256, (12, 10, 4), np.uint8)
    made = {}
    for name, mode, format_, options in (
        ("png grey", "L", "PNG", {}),
        ("png colour", "RGB", "PNG", {}),
        ("png transparent", "RGBA", "PNG", {}),
        ("png palette", "P", "PNG", {"transparency": 0}),
        ("png black and white", "1", "PNG", {}),
        ("png deep", "I;16", "PNG", {}),
        ("jpeg", "RGB", "JPEG", {}),
        ("jpeg progressive", "L", "JPEG", {"progressive": True}),
        ("jpeg turned", "L", "JPEG", {"exif": b"Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0"}),
        ("gif", "P", "GIF", {}),
        ("bmp", "RGB", "BMP", {}),
        ("webp", "RGB", "WEBP", {}),
        ("webp lossless", "RGBA", "WEBP", {"lossless": True}),
        ("pgm", "L", "PPM", {}),
        ("ppm", "RGB", "PPM", {}),
    ):
        picture = (
            Image.fromarray(pixels[:, :, 0].astype(np.uint16) * 257)
            if mode == "I;16"
            else Image.fromarray(pixels).convert(mode)
        )
        file = io.BytesIO()
        picture.save(file, format_, **options)
        made[name] = file.getvalue()
    made["pgm in words"] = b"P2\n3 2\n255\n0 1 2\n3 4 255\n"
    return made


def picture_cases() -> Iterator[Case]:
    """Yield pictures that nn must refuse."""
    small = small_pictures()
    for name, blob in small.items():
        yield case(f"{name}: half of it", "damaged|is not a picture", blob[: len(blob) // 2])
        yield case(f"{name}: its first 16 bytes", "damaged|is not a picture", blob[:16])
    for side, bits, colour in ((13_000, 8, 6), (13_000, 1, 0), (9_400, 8, 6), (4_097, 8, 0)):
        what = f"bomb: png {side:,} x {side:,}, {bits} bits, kind {colour}"
        make = lambda side=side, bits=bits, colour=colour: flat_png(side, side, bits, colour)  # noqa: E731
        yield Case(what, f"has {side:,} x {side:,} pixels", make, heavy=True)
    yield case("bomb: png 1 x 89,000,000", "has 1 x 89,000,000 pixels", png_of(1, 89_000_000, 8, 0, b""))
    yield case("bomb: png 2^31 x 2^31", "pixels|damaged", png_of(2**31 - 1, 2**31 - 1, 8, 0, b""))
    yield case(
        "bomb: png of a colour profile of 1 GiB",
        "damaged",
        with_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(2**26), 9) * 16),
    )
    yield case("bomb: png of text of 64 MiB", "damaged", with_chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(2**26), 9)))
    yield case(
        "bomb: bmp 60,000 x 60,000", "pixels|damaged", patched(small["bmp"], 18, struct.pack("<ii", 60_000, 60_000))
    )
    yield case("bomb: gif 65,535 x 65,535", "pixels", patched(small["gif"], 6, b"\xff\xff\xff\xff"))
    yield case("bomb: pgm 99,999 x 99,999", "pixels|damaged", b"P5\n99999 99999\n255\n")
    yield case("bomb: pgm whose header never ends", "damaged", b"P5\n" + b"1" * 2**20)
    yield case("bomb: pgm of comments", "damaged", b"P2\n" + b"#x\n" * 2**18)
    yield case("bomb: 17 MB", "at most 16,777,216", SIGNATURE + bytes(17_000_000))
    jpeg = small["jpeg"]
    at = jpeg.index(b"\xff\xc0") + 5
    yield case("bomb: jpeg 65,500 x 65,500", "pixels", patched(jpeg, at, struct.pack(">HH", 65_500, 65_500)))
    for name, blob in {
        "empty": b"",
        "text": b"hello",
        "a page": b"%!PS-Adobe-3.0 EPSF-3.0\n",
        "tiff": b"II*\0",
        "the beginning of a jpeg": b"\xff\xd8\xff\xe0junk",
        "the signature alone": SIGNATURE,
        "riff without webp": b"RIFF\x10\0\0\0WAVEfmt ",
    }.items():
        yield case(f"not a picture: {name}", "is not a picture|damaged", blob)


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG with its checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, bits: int, colour: int, packed: bytes) -> bytes:
    """Return a PNG with this header and these compressed pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    return SIGNATURE + header + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def flat_png(width: int, height: int, bits: int, colour: int) -> bytes:
    """Return a large PNG of one colour: some hundred kilobytes."""
    row = bytes(1 + -(-width * bits * (4 if colour == 6 else 1) // 8))
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return png_of(width, height, bits, colour, packed)


def with_chunk(kind: bytes, data: bytes) -> bytes:
    """Return a PNG with one more chunk and without pixels."""
    blob = png_of(4, 4, 8, 0, b"")
    at = len(SIGNATURE) + 25
    return blob[:at] + chunk(kind, data) + blob[at:]


def patched(blob: bytes, at: int, new: bytes) -> bytes:
    """Return the bytes with some replaced."""
    return blob[:at] + new + blob[at + len(new) :]


SCREEN = struct.pack("<HHBBB", 40, 40, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
"""The screen of a GIF, 40 x 40 pixels, and a palette of two colours."""

DC = (0, 0)
"""The mean of each block alone."""

COSTLY: dict[str, Callable[[], bytes]] = {
    "jpeg of 932,000 empty segments": lambda: in_jpeg(segment(0xE1, b"") * 932_000),
    "jpeg of 16 MB between two segments": lambda: in_jpeg(b"\xff\0" * 8_000_000),
    "jpeg of 8,000,000 restart markers": lambda: saved_jpeg()[:-2] + b"\xff\xd0" * 8_000_000 + b"\xff\xd9",
    "jpeg with arithmetic coding": lambda: jpeg(10_900, 0xC9, [scan([1, 2, 3], 15_000_000)]),
    "jpeg of 39,371 scans": lambda: jpeg(2_000, 0xC2, [scan([1, 2, 3], 0, DC), *[scan([1], 0, (1, 1))] * 39_371]),
    "jpeg of 64 scans": lambda: jpeg(2_828, 0xC2, [scan([1, 2, 3], 47_000, DC), *[scan([1], 16_000, (1, 63))] * 63]),
    "png of a profile of 14 GiB": lambda: with_chunk(b"iCCP", b"x\0\0" + packed_zeros(14_000)),
    "png of 1,000,000 texts": lambda: with_chunks(chunk(b"tEXt", b"a\0b") * 1_000_000),
    "ppm of 1,000,000 comments": lambda: b"P2\n40 40\n255\n" + b"#\n" * 1_000_000 + b"9 " * 1_600,
    "ppm of 8,000,000 decimal numbers": lambda: b"P2\n2800 2800\n254\n" + b"9 " * 2_800 * 2_800,
    "gif of a comment in 8,000,000 pieces": lambda: gif(b"!\xfe" + b"\1x" * 8_000_000 + b"\0"),
    "gif of a large frame to restore": lambda: gif(b"!\xf9\4\x08\0\0\0\0", 13_000),
    "bmp of 7,000,000 runs": lambda: run_lengths(7_000_000),
    "webp of noise": lambda: saved(np.random.default_rng(0).integers(0, 256, (2_200, 1_800, 3), np.uint8), "WEBP"),
}
"""Files that are costly to decode, by what they are. Each may be read or refused."""

TEXTURES: dict[str, Callable[[], bytes]] = {
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
