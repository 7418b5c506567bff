"""Preparation of a picture of any size for a network: as `nn predict` does it, or plainly scaled.

A network knows from its data set how its images were prepared, so that `nn predict` does the same.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nndigits.models.arrays.types import Bytes
from nndigits.models.images.digit_finder import FoundDigit, find_digit
from nndigits.models.images.resampling import resample
from nndigits.models.images.sheet import without_table
from nndigits.stages.own_images import pictures
from nndigits.stages.words.classes import are_digits


def prepare(path: Path, image: tuple[int, int], names: Sequence[str], *, is_plain: bool) -> FoundDigit:
    """Read a picture of one of the classes ``names`` and return it as an image, ``(height, width)``.

    A dot, a dash or a filled shape is no digit, but it may be of another class.

    Raises InputError for what is no picture.
    """
    grey = pictures.load(path)
    if is_plain:
        return plain(grey, *image)
    found = find_digit(without_table(grey), *image)
    is_mark = found.problem == "none" and found.image.any()
    return FoundDigit(found.image) if is_mark and not are_digits(names) else found


def plain(grey: Bytes, height: int, width: int) -> FoundDigit:
    """Return a grey picture scaled to a size, without regard to its shape; black becomes 255, like ink."""
    scaled = resample(255 - grey.astype(np.float32), height, width)
    return FoundDigit(np.clip(np.rint(scaled), 0, 255).astype(np.uint8))
