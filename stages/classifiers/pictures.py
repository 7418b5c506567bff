"""Pictures from a camera, a scanner or a drawing program, read as greyscale: 0 black, 255 white.

A few bytes can decompress to gigabytes, so the size is checked before any pixel is decoded. The format is recognised by
the first bytes, never by the name. Any exception of Pillow on a damaged file becomes a one-line error.
"""

import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.models.arrays.types import Bytes
from nn.stages.store import files
from nn.stages.store.errors import InputError, is_out_of_memory
from nn.stages.words.values import first_bytes

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = {
    b"\x89PNG\r\n\x1a\n": "Png",
    b"\xff\xd8\xff": "Jpeg",
    b"BM": "Bmp",
    b"P5": "Ppm",
    b"P2": "Ppm",
    b"P6": "Ppm",
    b"P3": "Ppm",
    b"GIF8": "Gif",
    b"RIFF": "WebP",
}
"""The first bytes of a picture, and the plugin of Pillow that reads it. No other plugin is tried."""

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".pgm", ".ppm", ".webp", ".gif")
"""The endings of the files of a folder that are read as pictures."""

STANDARD_INPUT = Path("-")

MOST_BYTES = 2**24
MOST_SIDE = 4096
MOST_PIXELS = 12_500_000
"""4,032 x 3,024 pixels of a phone's camera, which take 50 MB in colour."""

MOST_LAYERED, MOST_WEBP = 8_000_000, 5_000_000
"""The limits for pictures that need more memory per pixel: transparent, progressive or CMYK ones, and WebP."""

MOST_TEXT = 2**22
"""The largest decompressed size of the text chunks of a PNG, in bytes."""

SIDE = 1600
"""The largest side after loading, in pixels. A digit of a twentieth of the page then has 80, four times the need."""

HINT = "nn reads PNG, JPEG, BMP, PGM, WebP and GIF"

TURNS = {2: (0, True), 3: (2, False), 4: (2, True), 5: (1, True), 6: (3, False), 7: (3, True), 8: (1, False)}
"""The orientation of the camera (Exif 2.3): quarter turns to the left, after mirroring left to right."""

ORIENTATION = 0x0112


def load(path: Path, side: int = SIDE) -> Bytes:
    """Read a picture as greyscale, ``(height, width)``, upright by its Exif orientation, on a white background.

    ``-`` is standard input. A picture with more than ``side`` pixels on its longer side is reduced by a whole factor.
    Raises InputError for a file that is no picture, or too large.
    """
    blob = _standard_input() if path == STANDARD_INPUT else files.read(path, hint=HINT, limit=MOST_BYTES)
    plugin = next((plugin for start, plugin in FORMATS.items() if blob.startswith(start)), None)
    if plugin is None:
        found = f"begins with {first_bytes(blob)}" if blob else "is empty"
        raise InputError(f"{path}: is not a picture ({found}). {HINT}")
    with _in_one_line(path):
        decoder: Any = import_module(f"PIL.{plugin}ImagePlugin")
        decoder.MAX_TEXT_MEMORY = MOST_TEXT
        from PIL import Image

        opened = Image.open(io.BytesIO(blob), formats=[plugin])
    with opened:
        with _in_one_line(path):
            most, whole = _most_pixels(opened), opened.size
            opened.draft("L", (side, side))  # decodes a JPEG smaller and without colours
        # A progressive JPEG needs memory for its full size while it is decoded.
        width, height = whole if "progressive" in opened.info else opened.size
        if max(width, height) > MOST_SIDE or width * height > most:
            raise InputError(
                f"{path}: has {width:,} x {height:,} pixels; at most {MOST_SIDE:,} on a side and {most:,} in all are "
                "read. Make it smaller"
            )
        with _in_one_line(path):
            return _upright(_grey(opened, side), opened)


def save(path: Path, grey: Bytes) -> None:
    """Write a greyscale picture, ``(height, width)``, as PNG."""
    from PIL import Image

    encoded = io.BytesIO()
    Image.fromarray(grey).save(encoded, "PNG")
    files.write(path, [encoded.getvalue()])


def in_folder(folder: Path) -> tuple[Path, ...]:
    """Return the pictures of a folder, sorted by name; raises InputError if there are none."""
    try:
        pictures = sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and os.path.isfile(path))
    except OSError as error:
        raise InputError(f"{folder}: cannot be read ({files.reason(error)}). {HINT}") from None
    if not pictures:
        raise InputError(f"{folder}: holds no pictures ({', '.join(ENDINGS)}). {HINT}")
    return tuple(pictures)


def _standard_input() -> bytes:
    with open(0, "rb", closefd=False) as file:
        blob = file.read(MOST_BYTES + 1)
    if len(blob) > MOST_BYTES:
        raise InputError(f"-: has more than {MOST_BYTES:,} bytes, which is the most that is read. {HINT}")
    return blob


@contextmanager
def _in_one_line(path: Path) -> Iterator[None]:
    """Turn any exception of Pillow into a one-line InputError: on a damaged file its decoders raise many types."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Exception as error:
        if is_out_of_memory(error):
            raise MemoryError from error
        what = str(error) or type(error).__name__
        raise InputError(f"{path}: is a damaged picture ({what.splitlines()[0][:80].lower()}). {HINT}") from None


def _most_pixels(opened: "Image") -> int:
    """Return the most pixels to decode, by the memory that each needs."""
    if opened.format == "WEBP":
        return MOST_WEBP
    heavy = opened.mode == "CMYK" or opened.has_transparency_data or "progressive" in opened.info
    return MOST_LAYERED if heavy else MOST_PIXELS


def _grey(opened: "Image", side: int) -> Bytes:
    """Convert an opened picture to greyscale, and reduce it to ``side``."""
    if opened.mode.startswith("I"):
        return _deep(np.asarray(opened), side)
    grey = opened if opened.mode == "L" and "transparency" not in opened.info else _on_white(opened)
    factor = -(-max(grey.size) // side)
    pixels: Bytes = np.asarray(grey.reduce(factor) if factor > 1 else grey)
    return pixels


def _on_white(opened: "Image") -> "Image":
    """Convert to greyscale, on a white background where the picture is transparent."""
    from PIL import Image

    if not opened.has_transparency_data:
        return opened.convert("L")
    layered = opened if opened.mode in ("RGBA", "LA") else opened.convert("RGBA")
    white = Image.new("L", opened.size, 255)
    white.paste(layered.convert("L"), mask=layered.getchannel("A"))
    return white


def _deep(values: Any, side: int) -> Bytes:
    """Convert 16-bit grey values, 65,535 for white, to bytes; keep every n-th pixel of a picture that is too large."""
    factor = -(-max(values.shape) // side)
    grey: Bytes = (values[::factor, ::factor] // 257).astype(np.uint8)
    return grey


def _upright(pixels: Bytes, opened: "Image") -> Bytes:
    """Rotate and mirror a picture by its Exif orientation."""
    turns, mirrored = TURNS.get(opened.getexif().get(ORIENTATION, 1), (0, False))
    return np.ascontiguousarray(np.rot90(pixels[:, ::-1] if mirrored else pixels, turns))
