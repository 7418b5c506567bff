"""Small pictures of each format, and forged ones: decompression bombs, damaged files, other formats."""

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image

from torture.hostile.case import Case, case

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
        "html": b"<html>Log in</html>",
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        "pdf": b"%PDF-1.7\n",
        "tiff": b"II*\0\x08\0\0\0",
        "an artifact": b"PK\x03\x04",
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
