"""The orientation of a picture, from its Exif data or else from its XMP data. Nothing else of them is read."""

import re
import struct

import numpy as np
import numpy.typing as npt

TAG = 0x0112
INTEGERS = {1: "B", 3: "H", 4: "I"}
"""The types of Exif that a whole number can have, and their formats for `struct`."""

Bytes = npt.NDArray[np.uint8]
TURNS = {2: (0, True), 3: (2, False), 4: (2, True), 5: (1, True), 6: (3, False), 7: (3, True), 8: (1, False)}
"""For each orientation: quarter turns to the left, after mirroring left to right."""

EXIF = b"Exif\0\0"
XMP = re.compile(rb'tiff:Orientation(?:="|>)([1-8])')


def orientation(exif: bytes, xmp: bytes = b"") -> int:
    """Return the orientation, 1 to 8; 1, upright, if neither says it.

    >>> orientation(b"II*" + bytes([0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]))
    6
    """
    found = _in_exif(exif.removeprefix(EXIF))
    if found is None:
        match = XMP.search(xmp)
        found = int(match[1]) if match else 1
    return found if 1 <= found <= 8 else 1


def upright(pixels: Bytes, orientation: int) -> Bytes:
    """Rotate and mirror pixels, ``(height, width)``, as their orientation says."""
    turns, is_mirrored = TURNS.get(orientation, (0, False))
    return np.ascontiguousarray(np.rot90(pixels[:, ::-1] if is_mirrored else pixels, turns))


def _in_exif(tiff: bytes) -> int | None:
    """Return the value of the tag in the first directory, if it is there."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return None
    (at,) = struct.unpack_from(order + "I", tiff, 4)
    entries = tiff[at + 2 : at + 2 + 12 * 4096]
    count = int.from_bytes(tiff[at : at + 2], "little" if order == "<" else "big")
    for offset in range(0, min(12 * count, len(entries) - 11), 12):
        tag, kind, length = struct.unpack_from(order + "HHI", entries, offset)
        if tag == TAG and kind in INTEGERS and length == 1:
            (value,) = struct.unpack_from(order + INTEGERS[kind], entries, offset + 8)
            return int(value)
    return None
