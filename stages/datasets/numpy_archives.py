"""Readers of archives that NumPy wrote for other programs: a Keras-style ``mnist.npz``, and images with labels.

They are the only archives of other programs that nn reads (``zip_members.py``). Images in colour are turned to grey,
with the weights of ITU-R BT.601, as Pillow does it.
"""

import math
from collections.abc import Mapping

import numpy as np

from nndigits.models.arrays.limits import MOST_CLASSES, check_image
from nndigits.models.arrays.types import Bytes
from nndigits.stages.datasets import zip_members
from nndigits.stages.datasets.digit_set import Mismatch
from nndigits.stages.datasets.idx import check_ratio
from nndigits.stages.store.files import Buffer
from nndigits.stages.store.npz import AnyArray, FormatError, parse_npy

BYTES = ("|u1",)
WHOLE_NUMBERS = ("|u1", "|i1", "<i2", "<i4", "<i8", "<u2", "<u4", "<u8")
"""The types of pixels, and of labels."""

GREY = np.array([299, 587, 114], np.uint32)
"""Thousandths of red, green and blue."""

CHUNK = 1024
"""Images that are turned to grey at once."""


def arrays(blob: bytes, names: Mapping[str, str]) -> dict[str, AnyArray]:
    """Read the arrays in ``names``, key -> name in the archive; raises FormatError or IdxError.

    They hold bytes; ``labels`` may be whole numbers of any size.
    """
    archive = zip_members.of_bytes(blob)
    for name in names.values():
        if f"{name}.npy" not in archive.entries:
            raise FormatError(f"has no array {name}")
    # Added up, because members may lie over each other, and not more than the file, because an entry may lie.
    entries = [archive.entries[f"{name}.npy"] for name in names.values()]
    packed, unpacked = sum(one.packed for one in entries), sum(one.unpacked for one in entries)
    if packed > len(blob):
        raise FormatError(f"has members of {packed:,} packed bytes, more than its own {len(blob):,}")
    check_ratio(unpacked, packed)
    return {key: _array(archive.member(f"{name}.npy"), name) for key, name in names.items()}


def has_labelled(blob: bytes) -> bool:
    """Return whether an archive has images and labels; raises FormatError."""
    return {"images.npy", "labels.npy"} <= zip_members.of_bytes(blob).entries.keys()


def _array(content: Buffer, name: str) -> AnyArray:
    dtype, shape, header = parse_npy(content)
    size = len(content) - header
    if dtype not in (WHOLE_NUMBERS if name == "labels" else BYTES):
        wanted = "whole numbers" if name == "labels" else "bytes (|u1)"
        raise FormatError(f"has {name} of {dtype}: it should hold {wanted}")
    if math.prod(shape) * np.dtype(dtype).itemsize != size or not size:
        raise FormatError(f"has {name} of shape {shape} in {size:,} bytes: its length should be that of its shape")
    return np.frombuffer(content, dtype, offset=header).reshape(shape)


def labelled(blob: bytes) -> tuple[Bytes, Bytes, bool]:
    """Return images, ``(n, height, width)``, labels, ``(n,)``, and whether the images were in colour.

    Raises FormatError or IdxError for a damaged archive, and Mismatch for arrays that are not images and labels.
    """
    images, labels = arrays(blob, {name: name for name in ("images", "labels")}).values()
    if images.ndim not in (3, 4) or (images.ndim == 4 and images.shape[3] not in (1, 3)):
        raise Mismatch(f"the images have shape {images.shape}, expected (n, height, width), or 3 colours behind it")
    if labels.shape != (len(images),):
        raise Mismatch(f"there are {len(images):,} images, and the labels have shape {labels.shape}")
    least, most = int(labels.min()), int(labels.max())
    if least == most:
        raise Mismatch(f"all labels are {most}; a data set has at least two classes")
    if least < 0 or most >= MOST_CLASSES:
        raise Mismatch(f"there are labels from {least} to {most}, expected 0 to {MOST_CLASSES - 1}")
    try:
        check_image(images.shape[1:3])
    except ValueError as error:
        raise Mismatch(str(error)) from None
    return _in_grey(images), labels.astype(np.uint8), images.shape[3:] == (3,)


def _in_grey(images: AnyArray) -> Bytes:
    if images.ndim == 3:
        return images
    if images.shape[3] == 1:
        return images[..., 0]
    grey = np.empty(images.shape[:3], np.uint8)
    for start in range(0, len(images), CHUNK):
        piece = images[start : start + CHUNK].astype(np.uint32)
        grey[start : start + CHUNK] = (piece @ GREY + 500) // 1000
    return grey
