"""Pictures from a camera, a scanner or a drawing program, read as greyscale: 0 black, 255 white.

A few bytes can decompress to gigabytes, so a reader of the format (``picture_formats``) finds the size, and passes to
Pillow only what the pixels need. The format is recognised by the first bytes, never by the name. Any exception of
Pillow on a damaged file becomes a one-line error.
"""

import io
import os
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nndigits.models.arrays.types import Bytes
from nndigits.stages.picture_formats import bmp, gif, jpeg, netpbm, png, webp
from nndigits.stages.picture_formats.container import Container, CostlyPicture, DamagedPicture
from nndigits.stages.picture_formats.memory import at_most
from nndigits.stages.picture_formats.orientation import upright
from nndigits.stages.store import files
from nndigits.stages.store.errors import InputError, is_out_of_memory
from nndigits.stages.words.values import first_bytes

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS: dict[bytes, tuple[str, Callable[[bytes], Container]]] = {
    b"\x89PNG\r\n\x1a\n": ("Png", png.read),
    b"\xff\xd8\xff": ("Jpeg", jpeg.read),
    b"BM": ("Bmp", bmp.read),
    b"P5": ("Ppm", netpbm.read),
    b"P2": ("Ppm", netpbm.read),
    b"P6": ("Ppm", netpbm.read),
    b"P3": ("Ppm", netpbm.read),
    b"GIF8": ("Gif", gif.read),
    b"RIFF": ("WebP", webp.read),
}
"""The first bytes of a picture, the plugin of Pillow that decodes it, and its reader. No other plugin is tried."""

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".pgm", ".ppm", ".webp", ".gif")
"""The endings of the files of a folder that are read as pictures."""

STANDARD_INPUT = Path("-")

MOST_BYTES = 2**24
MOST_SIDE = 4096
MOST_SIDE_WHOLE, MOST_WHOLE = 2**16, 120_000_000
"""The limits for a JPEG that is decoded at a smaller size."""

MOST_MEMORY = 88 * 2**20
"""The memory for decoding, in bytes."""

BAND = 64
"""Rows of a 16-bit picture that are converted at once, after reduction."""

SIDE = 1600
"""The largest side after loading, in pixels. A digit of a twentieth of the page then has 80, four times the need."""

HINT = "nn reads PNG, JPEG, BMP, PGM, WebP and GIF"

ADDRESS = re.compile(" <[^<>]* at 0x[0-9a-fA-F]+>")
"""An object of Python in a message of Pillow."""


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
    name, read = plugin
    with _in_one_line(path):
        container = read(blob)
        del blob
        if container.is_scalable:
            _check_size(path, container.size, MOST_SIDE_WHOLE, MOST_WHOLE)
        else:
            _check_size(path, container.size, MOST_SIDE, container.most)
        import_module(f"PIL.{name}ImagePlugin")
        grey = _decoded(path, name, container, side)
        if name == "Jpeg" and grey[-1, -1] in jpeg.MISSING:
            longer = replace(container, content=jpeg.with_longer_scans(container.content))
            if not np.array_equal(grey, _decoded(path, name, longer, side)):
                raise DamagedPicture("has fewer pixels than its header says")
        return upright(grey, container.orientation)


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
    except InputError:
        raise
    except CostlyPicture as error:
        raise InputError(f"{path}: {error}, and is not read. Save it again with another program") from None
    except Exception as error:
        if is_out_of_memory(error):
            raise MemoryError from error
        what = ADDRESS.sub("", str(error)) or "its data cannot be decoded"
        raise InputError(f"{path}: is a damaged picture ({what.splitlines()[0][:80].lower()}). {HINT}") from None


def _decoded(path: Path, name: str, container: Container, side: int) -> Bytes:
    """Decode a picture with a plugin of Pillow, as greyscale reduced to ``side``."""
    from PIL import Image

    with at_most(MOST_MEMORY), Image.open(io.BytesIO(container.content), formats=[name]) as opened:
        if opened.size != container.size:
            raise DamagedPicture("its header gives two sizes")
        opened.draft("L", (side, side))  # decodes a JPEG smaller and without colours
        if container.is_scalable:
            _check_size(path, opened.size, MOST_SIDE, container.most)
        return _grey(opened, side)


def _check_size(path: Path, size: tuple[int, int], side: int, most: int) -> None:
    """Raise InputError for a picture with too many pixels."""
    width, height = size
    if max(size) > side or width * height > most:
        raise InputError(
            f"{path}: has {width:,} x {height:,} pixels; at most {side:,} on a side and {most:,} in all are read. "
            "Make it smaller"
        )


def _grey(opened: "Image", side: int) -> Bytes:
    """Convert an opened picture to greyscale, and reduce it to ``side``."""
    if opened.mode.startswith("I"):
        return _deep(opened, side)
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


def _deep(opened: "Image", side: int) -> Bytes:
    """Convert 16-bit grey values, 65,535 for white, to bytes; keep every n-th pixel of a picture that is too large."""
    width, height = opened.size
    factor = -(-max(width, height) // side)
    step = BAND * factor
    bands = (np.asarray(opened.crop((0, top, width, min(height, top + step)))) for top in range(0, height, step))
    return np.concatenate([(band[::factor, ::factor] // 257).astype(np.uint8) for band in bands])
