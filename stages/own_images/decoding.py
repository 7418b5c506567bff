"""Decoding of a picture by Pillow, within limits of size, time and memory.

A few bytes can decompress to gigabytes, so the size is checked before any pixel is decoded, and Linux limits the memory
of the decoder.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nndigits.models.arrays.types import Bytes
from nndigits.stages.store.errors import InputError, is_out_of_memory
from nndigits.stages.system.machine import memory_limited

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_SIDE = 4096
MOST_PIXELS, MOST_LAYERED, MOST_HEAVY = 12_500_000, 8_000_000, 5_000_000
"""The most pixels that are decoded, by the memory that each needs.

4,032 x 3,024 pixels of a phone's camera take 50 MB in colour. The lower limits are for pictures that have transparency,
are progressive or are CMYK, and for WebP, progressive CMYK and what is decoded slowly.
"""

MOST_SIDE_WHOLE, MOST_WHOLE = 2**16, 120_000_000
"""The limits for a JPEG that is decoded at a smaller size."""

MOST_MEMORY = 88 * 2**20
"""The memory for decoding, in bytes. Linux enforces it."""

SCAN, MOST_SCANS = re.compile(rb"\xff\xda\x00[\x08\x0a\x0c\x0e]"), 64
"""The beginning of a scan of a JPEG, and the most scans. Programs write about ten. Each is a pass over all pixels."""

PLAIN, COMMENT = (b"P2", b"P3"), re.compile(rb"#[^\r\n]*")
"""Formats of decimal numbers, with comments between them. For each comment, Pillow copies the rest of the file."""

SLOW = ("ppm", "ppm_plain")
"""Decoders of Pillow that are written in Python: of decimal numbers, and of greatest values but 255 and 65,535."""

ORIENTATION = 0x0112
TURNS = {2: (0, True), 3: (2, False), 4: (2, True), 5: (1, True), 6: (3, False), 7: (3, True), 8: (1, False)}
"""The tag of Exif that says how the camera was held, and for each value, 1 upright: quarter turns to the left, after
mirroring left to right."""

BAND = 64
"""Rows of a 16-bit picture that are converted at once, after reduction."""


class CostlyPicture(ValueError):
    """A picture that would cost too much time or memory, whatever it shows; the message says why."""


@contextmanager
def at_most(more: int) -> Iterator[None]:
    """Let this process map at most ``more`` bytes than now; where it needs them, CostlyPicture is raised."""
    is_limited = False
    try:
        with memory_limited(more) as is_limited:
            yield
    except Exception as error:  # here the limit is lifted again: there is memory to say why
        if is_limited and is_out_of_memory(error):
            raise CostlyPicture(f"needs more than {more // 2**20} MB of memory to decode") from None
        raise


def decoded(path: Path, plugin: str, blob: bytes, side: int) -> Bytes:
    """Decode a picture with a plugin of Pillow, as greyscale reduced to ``side``, upright."""
    from PIL import Image

    if plugin == "Jpeg" and sum(1 for _ in SCAN.finditer(blob)) > MOST_SCANS:
        raise CostlyPicture(f"has more than {MOST_SCANS} scans")
    with at_most(MOST_MEMORY), Image.open(_stream(blob), formats=[plugin]) as opened:
        most = _most_pixels(opened)
        if most == MOST_PIXELS and plugin == "Jpeg":
            _check_size(path, opened.size, MOST_SIDE_WHOLE, MOST_WHOLE)
            opened.draft("L", (side, side))  # decodes it smaller and without colours
        _check_size(path, opened.size, MOST_SIDE, most)
        turns, is_mirrored = TURNS.get(opened.getexif().get(ORIENTATION, 1), (0, False))
        grey = _grey(opened, side)
    return np.ascontiguousarray(np.rot90(grey[:, ::-1] if is_mirrored else grey, turns))


def _stream(blob: bytes) -> io.BytesIO:
    """Return the bytes of a picture as a file, without the comments between decimal numbers."""
    return io.BytesIO(COMMENT.sub(b"", blob) if blob.startswith(PLAIN) else blob)


def _most_pixels(opened: "Image") -> int:
    """Return the most pixels of a picture like this one that are decoded."""
    tile = getattr(opened, "tile", None)  # of a file that is opened, and not yet decoded
    if opened.format == "WEBP" or (tile and tile[0][0] in SLOW):
        return MOST_HEAVY
    heavy = (opened.mode == "CMYK") + bool(opened.info.get("progressive")) + opened.has_transparency_data
    return (MOST_PIXELS, MOST_LAYERED, MOST_HEAVY)[heavy]


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
