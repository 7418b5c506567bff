"""Readers of picture formats: what is left out changes no pixel, and what is cut, lies or costs too much is refused."""

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from nndigits.stages.picture_formats import bmp, gif, jpeg, netpbm, png, webp
from nndigits.stages.picture_formats.container import Container, CostlyPicture, DamagedPicture

PIXELS = np.random.default_rng(0).integers(0, 256, (37, 53, 4), np.uint8)
READERS: dict[str, Callable[[bytes], Container]] = {
    "PNG": png.read,
    "JPEG": jpeg.read,
    "GIF": gif.read,
    "BMP": bmp.read,
    "PPM": netpbm.read,
    "WEBP": webp.read,
}


def image(mode: str) -> Image.Image:
    if mode == "I;16":
        return Image.fromarray(PIXELS[:, :, 0].astype(np.uint16) * 257)
    return Image.fromarray(PIXELS).convert("RGB" if mode in ("P", "CMYK") else mode).convert(mode)


def saved(mode: str, format_: str, **options) -> bytes:
    file = io.BytesIO()
    image(mode).save(file, format_, **options)
    return file.getvalue()


def turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "a camera", orientation
    return exif


def pixels(blob: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(blob)) as opened:
        opened.load()
        return np.asarray(opened.convert("RGBA")) if opened.mode not in ("I", "I;16") else np.asarray(opened)


@pytest.mark.parametrize(
    ("format_", "mode", "options"),
    [
        *(("PNG", mode, {}) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
        *(("PNG", mode, {"transparency": 3}) for mode in ("L", "P")),
        ("PNG", "RGB", {"icc_profile": b"a profile" * 99, "dpi": (300, 300), "exif": turned(6)}),
        *(("JPEG", mode, {}) for mode in ("L", "RGB", "CMYK")),
        *(("JPEG", mode, {"progressive": True, "subsampling": 2}) for mode in ("L", "RGB", "CMYK")),
        ("JPEG", "RGB", {"restart_marker_blocks": 1}),
        ("JPEG", "RGB", {"icc_profile": b"p" * 200_000, "comment": "a comment", "exif": turned(8)}),
        *(("GIF", mode, {}) for mode in ("1", "L", "P")),
        ("GIF", "P", {"transparency": 5, "comment": b"c" * 3_000, "interlace": 1}),
        *(("BMP", mode, {}) for mode in ("1", "L", "P", "RGB", "RGBA")),
        *(("PPM", mode, {}) for mode in ("L", "RGB", "I;16")),
        *(("WEBP", mode, {"lossless": True}) for mode in ("L", "RGB", "RGBA")),
        ("WEBP", "RGB", {"exif": turned(5), "icc_profile": b"abc", "xmp": b"<x/>"}),
        *((format_, "RGB", {"save_all": True, "append_images": [image("L")]}) for format_ in ("PNG", "GIF", "WEBP")),
    ],
)
def test_what_is_left_out_changes_no_pixel(format_: str, mode: str, options: dict) -> None:
    blob = saved(mode, format_, **options)
    container = READERS[format_](blob)
    assert container.size == (53, 37)
    np.testing.assert_array_equal(pixels(container.content), pixels(blob))
    assert b"a camera" not in container.content
    assert b"a profile" not in container.content


@pytest.mark.parametrize("kind", [2, 3, 5, 6])
@pytest.mark.parametrize("largest", [1, 7, 254, 255, 256, 1_000, 65_535])
def test_values_are_scaled_as_pillow_does_it(kind: int, largest: int) -> None:
    values = np.random.default_rng(0).integers(0, largest + 1, 11 * 9 * (1 if kind in (2, 5) else 3))
    text = b" # a comment 12\n".join(b"%d" % value for value in values)
    data = text if kind in (2, 3) else values.astype(">u2" if largest > 255 else "u1").tobytes()
    blob = b"P%d # the size\n11 9\n%d\n" % (kind, largest) + data
    np.testing.assert_array_equal(pixels(netpbm.read(blob).content), pixels(blob))


@pytest.mark.parametrize(
    ("format_", "options"),
    [("PNG", {}), ("JPEG", {}), ("JPEG", {"progressive": True}), ("BMP", {}), ("PPM", {}), ("WEBP", {})],
)
def test_every_cut_is_refused(format_: str, options: dict) -> None:
    blob = saved("RGB", format_, **options)
    for length in {*range(3, 64), *range(len(blob) - 64, len(blob)), *range(64, len(blob), 97)}:
        with pytest.raises(DamagedPicture):
            READERS[format_](blob[:length])


def test_a_gif_may_be_cut_after_its_first_frame_and_not_before() -> None:
    blob = saved("P", "GIF")
    assert gif.read(blob[:-1]) == gif.read(blob)
    for length in range(6, len(blob) - 1):
        with pytest.raises(DamagedPicture):
            gif.read(blob[:length])


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", range(11))
def test_the_orientation_is_found(format_: str, orientation: int) -> None:
    expected = orientation if 1 <= orientation <= 8 else 1
    assert READERS[format_](saved("RGB", format_, exif=turned(orientation))).orientation == expected
    xmp = f'<rdf tiff:Orientation="{orientation}">'
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", xmp)
    options = {"pnginfo": texts} if format_ == "PNG" else {"xmp": xmp.encode()}
    if orientation < 10:
        assert READERS[format_](saved("RGB", format_, **options)).orientation == expected


@pytest.mark.parametrize("is_packed", [False, True])
def test_the_orientation_is_found_in_a_text_of_a_png(is_packed: bool) -> None:
    digits, texts = turned(6).tobytes().hex(), PngImagePlugin.PngInfo()
    texts.add_text("Raw profile type exif", f"\nexif\n{len(digits) // 2:8d}\n{digits}\n", zip=is_packed)
    assert png.read(saved("RGB", "PNG", pnginfo=texts)).orientation == 6


@pytest.mark.parametrize("exif", [b"", b"II", b"MM\0*\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff", b"junk" * 9])
def test_exif_data_that_cannot_be_read_turns_nothing(exif: bytes) -> None:
    assert jpeg.read(saved("RGB", "JPEG", exif=b"Exif\0\0" + exif)).orientation == 1


def segment(kind: int, data: bytes = b"") -> bytes:
    return struct.pack(">BBH", 0xFF, kind, len(data) + 2) + data


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


JPEG, PNG, GIF, PPM = saved("RGB", "JPEG"), saved("RGB", "PNG"), saved("P", "GIF"), b"P2\n2 2\n9\n1 2 3 4"
FRAME = JPEG.index(b"\xff\xc0")
GIF_START = 13 + 768
RLE = struct.pack("<2sIHHIIiiHHI", b"BM", 0, 0, 0, 54, 40, 9, 9, 1, 8, 1) + bytes(20)


@pytest.mark.parametrize(
    ("format_", "blob", "words"),
    [
        ("JPEG", JPEG[:2] + segment(0xE1) * 2_100 + JPEG[2:], "more than 2,000 segments"),
        ("JPEG", JPEG[:-2] + segment(0xDA, b"\1\1\0\0\x3f\0") * 64 + JPEG[-2:], "more than 64 scans"),
        ("PNG", PNG[:33] + chunk(b"tEXt", b"a\0b") * 20_000 + PNG[33:], "more than 20,000 chunks"),
        ("GIF", GIF[:GIF_START] + b"!\xfe\1x\0" * 100_000 + GIF[GIF_START:], "more than 200,000 blocks"),
        ("BMP", RLE + bytes(2**20), "more than 1,048,576 bytes of run lengths"),
        ("WEBP", b"RIFF" + struct.pack("<I", 8_012) + b"WEBP" + b"JUNK\0\0\0\0" * 1_001, "more than 1,000 chunks"),
    ],
)
def test_what_costs_too_much_is_refused(format_: str, blob: bytes, words: str) -> None:
    with pytest.raises(CostlyPicture, match=words):
        READERS[format_](blob)


@pytest.mark.parametrize(
    ("format_", "blob", "words"),
    [
        (
            "JPEG",
            JPEG[:FRAME] + JPEG[FRAME:].replace(b"\xff\xda", JPEG[FRAME : FRAME + 19] + b"\xff\xda", 1),
            "two frame",
        ),
        ("JPEG", JPEG[:2] + segment(0xC0, b"\x08") + JPEG[-2:], "frame header is too short"),
        ("JPEG", JPEG[:2] + b"\xff\xe1\0\1" + JPEG[2:], "negative length"),
        ("JPEG", JPEG[:2] + JPEG[-2:], "has no pixels"),
        ("JPEG", JPEG[:2] + segment(0xDA, b"\0") + JPEG[-2:], "has no frame header"),
        ("PNG", PNG[:8] + chunk(b"IDAT", b"") + PNG[8:], "does not begin with its header"),
        ("PNG", PNG[:33] + chunk(b"PLTE", bytes(769)) + PNG[33:], "PLTE is there twice, or too long"),
        ("PNG", PNG[:40] + b"?" + PNG[41:], "wrong checksum|cut off"),
        ("PNG", PNG[:-20] + b"?" + PNG[-19:], "wrong checksum"),
        ("GIF", GIF[:GIF_START] + b"?" + GIF[GIF_START:], "has no picture"),
        ("BMP", saved("RGB", "BMP")[:14] + b"\x29" + saved("RGB", "BMP")[15:], "its header has 41 bytes"),
        ("PPM", b"P5\n2 2\n", "no header"),
        ("PPM", b"P5\n" + b"#\n" * 40_000 + b"2 2\n9\nabcd", "no header"),
        ("PPM", b"P5\n2 2\n0\nabcd", "largest value is 0"),
        ("PPM", PPM[:-1], "has 3 values, expected 4"),
        ("PPM", PPM + b"a", "something else than numbers"),
        ("PPM", PPM + b" 12345678901", "something else than numbers"),
        ("PPM", PPM[:-1] + b"10", "has the value 10, expected at most 9"),
        ("WEBP", b"RIFF" + struct.pack("<I", 12) + b"WAVE" + bytes(8), "another kind of RIFF"),
        ("WEBP", b"RIFF" + struct.pack("<I", 12) + b"WEBPEXIF" + bytes(4), "has no picture"),
        ("WEBP", b"RIFF" + struct.pack("<I", 12) + b"WEBPVP8L" + bytes(4), "does not begin with its size"),
    ],
)
def test_what_is_damaged_is_refused(format_: str, blob: bytes, words: str) -> None:
    with pytest.raises(DamagedPicture, match=words):
        READERS[format_](blob)


def test_a_gif_grows_with_a_frame_beyond_its_screen_and_is_not_disposed_of() -> None:
    control = b"!\xf9\4\x09\0\0\5\0"
    blob = bytearray(GIF[:GIF_START] + control + GIF[GIF_START:].replace(b"!\xf9", b"!\xfd", 1))
    blob[6:10] = struct.pack("<HH", 9, 9)
    container = gif.read(bytes(blob))
    assert container.size == (53, 37)
    assert b"!\xf9\4\1\0\0\5\0" in container.content


def test_decimal_numbers_are_read_in_blocks(monkeypatch) -> None:
    monkeypatch.setattr(netpbm, "BLOCK", 5)
    values = [0, 65_535, 7, 12_345, 1, 22, 333, 4_444, 5]
    blob = b"P2 9 1 65535\n" + b" ".join(b"%d" % value for value in values) + b" 999"
    assert pixels(netpbm.read(blob).content).tolist() == [values]


def png_of(header: tuple[int, ...], content: bytes) -> bytes:
    """Return a PNG with this header and these pixels, before they are compressed."""
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", *header)), (b"IDAT", zlib.compress(content)), (b"IEND", b""))
    return png.SIGNATURE + b"".join(
        struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


@pytest.mark.parametrize(
    ("depth", "colour", "row"), [(1, 0, 3), (2, 0, 4), (8, 0, 10), (8, 4, 19), (8, 2, 28), (16, 2, 55), (16, 6, 73)]
)
def test_a_png_needs_the_bytes_of_all_its_rows(depth: int, colour: int, row: int) -> None:
    header = (9, 7, depth, colour, 0, 0, 0)
    png.read(png_of(header, bytes(7 * row)))
    with pytest.raises(DamagedPicture, match="has fewer pixels than its header says"):
        png.read(png_of(header, bytes(7 * row - 1)))


@pytest.mark.parametrize(("width", "height", "needed"), [(1, 1, 2), (9, 7, 77), (4, 4, 23), (8, 1, 12)])
def test_an_interlaced_png_needs_the_bytes_of_all_its_passes(width: int, height: int, needed: int) -> None:
    header = (width, height, 8, 0, 0, 0, 1)
    png.read(png_of(header, bytes(needed)))
    with pytest.raises(DamagedPicture, match="has fewer pixels than its header says"):
        png.read(png_of(header, bytes(needed - 1)))


def test_a_png_of_a_palette_needs_one() -> None:
    with pytest.raises(DamagedPicture, match="has no palette"):
        png.read(png_of((9, 7, 8, 3, 0, 0, 0), bytes(70)))
