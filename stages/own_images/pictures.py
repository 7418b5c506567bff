"""Pictures from a camera, a scanner or a drawing program, read as greyscale: 0 black, 255 white.

The format is recognised by the first bytes, never by the name. Any exception of Pillow on a damaged file becomes a
one-line error.
"""

import io
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from nndigits.models.arrays.types import Bytes
from nndigits.stages.own_images.decoding import CostlyPicture, decoded
from nndigits.stages.store import files, metadata
from nndigits.stages.store.environment import EXAMPLES
from nndigits.stages.store.errors import InputError, is_out_of_memory
from nndigits.stages.store.kinds import KINDS
from nndigits.stages.words.values import first_bytes

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
"""The first bytes of a picture, and the plugin of Pillow that decodes it. No other plugin is tried."""

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".pgm", ".ppm", ".webp", ".gif")
"""The endings of the files of a folder that are read as pictures."""

STANDARD_INPUT = Path("-")

MOST_BYTES = 2**24
SIDE = 1600
"""The largest side after loading, in pixels. A digit of a twentieth of the page then has 80, four times the need."""

HINT = "nn reads PNG, JPEG, BMP, PGM, WebP and GIF"

OWN_KIND = (
    "`nn predict PICTURE --weights FILE` reads pictures with it",
    "`nn predict --index 0 --data FILE` reads its images",
)

ADDRESS = re.compile(" <[^<>]* at 0x[0-9a-fA-F]+>")
"""An object of Python in a message of Pillow."""


def load(path: Path, side: int = SIDE) -> Bytes:
    """Read a picture as greyscale, ``(height, width)``, upright by its Exif orientation, on a white background.

    ``-`` is standard input; the names of EXAMPLES are the pictures that come with nn. A picture with more than ``side``
    pixels on its longer side is reduced by a whole factor.
    Raises InputError for a file that is no picture, or too large.
    """
    blob = (
        _standard_input()
        if path == STANDARD_INPUT
        else files.read(EXAMPLES.get(path, path), hint=HINT, limit=MOST_BYTES)
    )
    plugin = next((plugin for start, plugin in FORMATS.items() if blob.startswith(start)), None)
    if plugin is None:
        own = KINDS.get(metadata.claimed_kind(blob[: 2**16]) or "")
        if own is not None:
            raise InputError(f"{path}: is {own.title}, not a picture. {OWN_KIND[own.name == 'dataset']}")
        found = f"begins with {first_bytes(blob)}" if blob else "is empty"
        raise InputError(f"{path}: is not a picture ({found}). {HINT}")
    with _in_one_line(path):
        import_module(f"PIL.{plugin}ImagePlugin")
        return decoded(path, plugin, blob, side)


def save(path: Path, grey: Bytes) -> None:
    """Write a greyscale picture, ``(height, width)``, as PNG."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    maker, encoded = PngInfo(), io.BytesIO()
    maker.add_text("Software", "nn")
    Image.fromarray(grey).save(encoded, "PNG", pnginfo=maker)
    files.write(path, [encoded.getvalue()])


def in_folder(folder: Path) -> tuple[Path, ...]:
    """Return the pictures of a folder, sorted by name, without the figures of nn; InputError if there are none."""
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and os.path.isfile(path))
    except OSError as error:
        raise InputError(f"{folder}: cannot be read ({files.reason(error)}). {HINT}") from None
    pictures = tuple(path for path in found if not _is_figure(path))
    if not pictures:
        what = "only figures of nn" if found else f"no pictures ({', '.join(ENDINGS)})"
        raise InputError(f"{folder}: holds {what}. {HINT}")
    return pictures


def _is_figure(path: Path) -> bool:
    try:
        return metadata.claimed_kind(files.read_start(path, 64, hint="")) == "figure"
    except InputError:  # which its reading will say
        return False


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
