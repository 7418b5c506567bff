"""Pictures of all sorts, as a camera, a scanner or a drawing program leaves them, read as grey: 0 black, 255 white.

A picture can be a few bytes that unfold to gigabytes, so that its size is looked at before any pixel is made; and what
it is, is told from how it begins, never from its name. What Pillow says of a damaged one, in any of its exceptions,
becomes one line.
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
from nn.stages.store.errors import InputError

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
"""How a picture begins, and the part of Pillow that reads it: nothing else is tried."""

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".pgm", ".ppm", ".webp", ".gif")
"""The files of a folder that are taken for pictures."""

STANDARD_INPUT = Path("-")

MOST_BYTES = 2**24
MOST_SIDE = 4096
MOST_PIXELS = 12_500_000
"""A telephone's 4,032 x 3,024; decoded in colour they take 50 MB."""

MOST_LAYERED, MOST_WEBP = 8_000_000, 5_000_000
"""What is transparent, progressive or in printing colours takes more memory a pixel, and WebP's decoder the most."""

MOST_TEXT = 2**22
"""Bytes that the words beside the pixels of a PNG may unfold to."""

SIDE = 1600
"""Pixels on the longer side that are kept: a digit of a twentieth of the page has 80, four times what is needed."""

HINT = "nn reads PNG, JPEG, BMP, PGM, WebP and GIF"

TURNS = {2: (0, True), 3: (2, False), 4: (2, True), 5: (1, True), 6: (3, False), 7: (3, True), 8: (1, False)}
"""How a camera was held (Exif 2.3, "Orientation"): quarter turns to the left, after mirroring left to right."""

ORIENTATION = 0x0112


def load(path: Path, side: int = SIDE) -> Bytes:
    """A picture as grey, ``(height, width)``, turned as its camera was held, what is transparent on white.

    ``-`` is standard input. A picture with more than ``side`` pixels on its longer side is made smaller, by a whole
    factor. Raises InputError for whatever is not a picture, or too large a one.
    """
    blob = _standard_input() if path == STANDARD_INPUT else files.read(path, hint=HINT, limit=MOST_BYTES)
    plugin = next((plugin for start, plugin in FORMATS.items() if blob.startswith(start)), None)
    if plugin is None:
        found = f"begins with {blob[:8]!r}" if blob else "is empty"
        raise InputError(f"{path}: is not a picture ({found}). {HINT}")
    with _in_one_line(path):
        decoder: Any = import_module(f"PIL.{plugin}ImagePlugin")
        decoder.MAX_TEXT_MEMORY = MOST_TEXT
        from PIL import Image

        opened = Image.open(io.BytesIO(blob), formats=[plugin])
    with opened:
        with _in_one_line(path):
            most, whole = _most_pixels(opened), opened.size
            opened.draft("L", (side, side))  # a JPEG can be decoded smaller, and without its colours
        # A progressive one is kept whole while it is decoded.
        width, height = whole if "progressive" in opened.info else opened.size
        if max(width, height) > MOST_SIDE or width * height > most:
            raise InputError(
                f"{path}: has {width:,} x {height:,} pixels; at most {MOST_SIDE:,} on a side and {most:,} in all are "
                "read. Make it smaller"
            )
        with _in_one_line(path):
            return _upright(_grey(opened, side), opened)


def save(path: Path, grey: Bytes) -> None:
    """Write a grey picture, ``(height, width)``, as PNG."""
    from PIL import Image

    encoded = io.BytesIO()
    Image.fromarray(grey).save(encoded, "PNG")
    files.write(path, [encoded.getvalue()])


def in_folder(folder: Path) -> tuple[Path, ...]:
    """The pictures of a folder, by their names; raises InputError where there are none."""
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and os.path.isfile(path))
    except OSError as error:
        raise InputError(f"{folder}: cannot be read ({files.reason(error)}). {HINT}") from None
    if not found:
        raise InputError(f"{folder}: holds no pictures ({', '.join(ENDINGS)}). {HINT}")
    return tuple(found)


def _standard_input() -> bytes:
    with open(0, "rb", closefd=False) as file:
        blob = file.read(MOST_BYTES + 1)
    if len(blob) > MOST_BYTES:
        raise InputError(f"-: has more than {MOST_BYTES:,} bytes, which is the most that is read. {HINT}")
    return blob


@contextmanager
def _in_one_line(path: Path) -> Iterator[None]:
    """Say what Pillow finds in a line: its decoders raise whatever a damaged file makes them stumble over."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except MemoryError:
        raise
    except Exception as error:
        what = str(error) or type(error).__name__
        raise InputError(f"{path}: is a damaged picture ({what.splitlines()[0][:80].lower()}). {HINT}") from None


def _most_pixels(opened: "Image") -> int:
    """How many pixels are few enough, by what decoding them takes."""
    if opened.format == "WEBP":
        return MOST_WEBP
    heavy = opened.mode == "CMYK" or opened.has_transparency_data or "progressive" in opened.info
    return MOST_LAYERED if heavy else MOST_PIXELS


def _grey(opened: "Image", side: int) -> Bytes:
    """The grey of a picture that was opened, made smaller to ``side``."""
    if opened.mode.startswith("I"):
        return _deep(np.asarray(opened), side)
    grey = opened if opened.mode == "L" and "transparency" not in opened.info else _on_white(opened)
    factor = -(-max(grey.size) // side)
    pixels: Bytes = np.asarray(grey.reduce(factor) if factor > 1 else grey)
    return pixels


def _on_white(opened: "Image") -> "Image":
    """Grey, with white wherever the picture is transparent."""
    from PIL import Image

    if not opened.has_transparency_data:
        return opened.convert("L")
    layered = opened if opened.mode in ("RGBA", "LA") else opened.convert("RGBA")
    white = Image.new("L", opened.size, 255)
    white.paste(layered.convert("L"), mask=layered.getchannel("A"))
    return white


def _deep(values: Any, side: int) -> Bytes:
    """Grey of more than 8 bits, where 65,535 is white; every n-th pixel where there are too many."""
    factor = -(-max(values.shape) // side)
    grey: Bytes = (values[::factor, ::factor] // 257).astype(np.uint8)
    return grey


def _upright(pixels: Bytes, opened: "Image") -> Bytes:
    """Turn a picture as its camera was held."""
    turns, mirrored = TURNS.get(opened.getexif().get(ORIENTATION, 1), (0, False))
    return np.ascontiguousarray(np.rot90(pixels[:, ::-1] if mirrored else pixels, turns))
