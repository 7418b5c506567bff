"""Reader of the labelled drawings that the page of `nn draw` saves, ``drawings.json``.

Such a file may come from anyone. Its size and the number of its values are checked before it is parsed, and then every
value. The images of a drawing are what the networks saw; its strokes are kept for other uses and only checked.
"""

import base64
import binascii
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from nn.models.arrays.types import Bytes
from nn.stages.store import files, metadata
from nn.stages.store.errors import InputError
from nn.stages.store.schema import SchemaError

NAMES = "drawings*.json"
"""The files of a folder that are read: a browser saves drawings.json, then drawings (1).json or drawings-1.json."""

FORMAT = 1
MOST_BYTES = 2**23
"""The largest file. A drawing takes some 1.6 kB, so these are 5,000."""

MOST_VALUES = 2**19
"""The most values in a file, of some 4,000 drawings. Each takes up to 72 bytes of memory, all together 40 MB."""

MOST_SIDE = 256
MOST_CLASSES = 256
TEST_SHARE = 7
"""Every seventh drawing is a test image."""

HINT = "Save it again on the page that `nn draw` writes"

KEYS = {"kind", "format", "image", "classes", "side", "drawings"}
DRAWING_KEYS = {"label", "picture", "strokes"}
STROKE_KEYS = {"width", "points"}


class Drawings(NamedTuple):
    """Images, ``(n, height, width)`` with ink 255, and their labels, ``(n,)``."""

    images: Bytes
    labels: Bytes


def load(paths: Sequence[Path]) -> Drawings:
    """Read one or more files of drawings; raises InputError."""
    parts = [_load(path) for path in paths]
    for path, part in zip(paths, parts, strict=True):
        if part.images.shape[1:] != parts[0].images.shape[1:]:
            sizes = ["{} x {}".format(*one.images.shape[1:]) for one in (parts[0], part)]
            raise InputError(
                f"{path}: has drawings of {sizes[1]}, {paths[0]} of {sizes[0]}. Read one of them at a time"
            )
    images, labels = zip(*parts, strict=True)
    return Drawings(np.concatenate(images), np.concatenate(labels))


def split(path: Path, drawings: Drawings) -> dict[str, Bytes]:
    """Split drawings into training and test images; raises InputError if there are too few.

    The labels take turns, so that each split has all of them, however the drawings are ordered.
    """
    if len(drawings.labels) < TEST_SHARE:
        raise InputError(
            f"{path}: has {len(drawings.labels)} drawings, at least {TEST_SHARE} are needed: every seventh is a test "
            "image. Collect more on the page that `nn draw` writes"
        )
    labels = drawings.labels
    turns = np.zeros(len(labels), np.intp)
    for label in np.unique(labels):
        turns[labels == label] = np.arange(np.count_nonzero(labels == label))
    order = np.lexsort((labels, turns))
    is_test = np.arange(len(order)) % TEST_SHARE == TEST_SHARE - 1
    return {
        f"{part}_{name}": array[order[chosen]]
        for part, chosen in (("train", ~is_test), ("test", is_test))
        for name, array in drawings._asdict().items()
    }


def _load(path: Path) -> Drawings:
    text = files.read(path, hint=HINT, limit=MOST_BYTES)
    try:
        return _parse(text)
    except SchemaError as error:
        raise InputError(f"{path}: {error}. {HINT}") from None


def _parse(text: bytes) -> Drawings:
    values = sum(map(text.count, (b",", b"[", b"{")))
    if values > MOST_VALUES:
        raise SchemaError(f"has some {values:,} values, at most {MOST_VALUES:,} are read")
    try:
        document = metadata.parse(text)
    except SchemaError:
        raise SchemaError("is not a file of drawings: it is not JSON") from None
    if not isinstance(document, dict) or document.get("kind") != "drawings":
        raise SchemaError('is not a file of drawings: it lacks "kind": "drawings"')
    if not _is_whole(document.get("format"), FORMAT, FORMAT):
        raise SchemaError(f"has format {_short(document.get('format'))}, this nn reads format {FORMAT}")
    _check_keys(document, KEYS, "the file")
    image = document["image"]
    if not (isinstance(image, list) and len(image) == 2 and all(_is_whole(one, 1, MOST_SIDE) for one in image)):
        raise SchemaError(f"has images of {_short(image)}, expected height and width from 1 to {MOST_SIDE}")
    for name, most in (("classes", MOST_CLASSES), ("side", 2**16)):
        if not _is_whole(document[name], 1, most):
            raise SchemaError(f"has {name} {_short(document[name])}, expected a whole number from 1 to {most}")
    drawings = document["drawings"]
    if not isinstance(drawings, list) or not drawings:
        raise SchemaError("has no drawings")
    pictures = [_picture(number, one, document) for number, one in enumerate(drawings, 1)]
    images = np.frombuffer(b"".join(pictures), np.uint8).reshape(len(pictures), *image)
    return Drawings(images, np.array([one["label"] for one in drawings], np.uint8))


def _picture(number: int, drawing: Any, document: dict[str, Any]) -> bytes:
    """Check a drawing and return the bytes of its picture."""
    where = f"drawing {number}"
    _check_keys(drawing, DRAWING_KEYS, where)
    classes, (height, width) = document["classes"], document["image"]
    if not _is_whole(drawing["label"], 0, classes - 1):
        raise SchemaError(f"{where} has the label {_short(drawing['label'])}, expected 0 to {classes - 1}")
    try:
        picture = base64.b64decode(drawing["picture"], validate=True) if isinstance(drawing["picture"], str) else b""
    except (binascii.Error, ValueError):
        picture = b""
    if len(picture) != height * width or not any(picture):
        raise SchemaError(f"{where} has no picture of {height} x {width} bytes in base64 with ink on it")
    strokes = drawing["strokes"]
    if not isinstance(strokes, list):
        raise SchemaError(f"{where} has strokes {_short(strokes)}, expected a list")
    for stroke in strokes:
        _check_stroke(stroke, where, document["side"])
    return picture


def _check_stroke(stroke: Any, where: str, side: int) -> None:
    _check_keys(stroke, STROKE_KEYS, f"a stroke of {where}")
    width, points = stroke["width"], stroke["points"]
    if not _is_number(width) or not 0 < width <= side:
        raise SchemaError(f"{where} has a stroke of the width {_short(width)}, expected a number up to {side}")
    if not isinstance(points, list) or not points or len(points) % 2 or not all(map(_is_number, points)):
        raise SchemaError(f"{where} has a stroke whose points are not a list of numbers x, y, x, y, ...")
    if not all(-side <= one <= 2 * side for one in points):
        raise SchemaError(f"{where} has a point far from the paper, which is {side} x {side}")


def _check_keys(value: Any, keys: set[str], where: str) -> None:
    if not isinstance(value, dict) or set(value) != keys:
        found = ", ".join(map(_short, list(value)[:9])) if isinstance(value, dict) else _short(value)
        raise SchemaError(f"{where} has {found or 'nothing'}, expected {', '.join(sorted(keys))}")


def _is_whole(value: Any, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def _short(value: Any) -> str:
    """Return the start of a value from the file, for a message."""
    return ascii(value)[:40] if not isinstance(value, list | dict) else f"a {type(value).__name__}"
