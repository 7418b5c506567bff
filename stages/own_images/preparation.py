"""Preparation of a picture of any size for a network: as `nn predict` does it, or plainly scaled.

A network knows from its data set how its images were prepared, so that `nn predict` does the same.
"""

from pathlib import Path

import numpy as np

from nn.models.arrays.types import Bytes
from nn.models.images.digit_finder import FoundDigit, find_digit
from nn.models.images.resampling import resample
from nn.models.images.sheet import without_table
from nn.stages.classifiers import pictures


def prepare(path: Path, image: tuple[int, int], *, is_plain: bool) -> FoundDigit:
    """Read a picture and return it as an image, ``(height, width)``; raises InputError for what is no picture."""
    grey = pictures.load(path)
    return plain(grey, *image) if is_plain else find_digit(without_table(grey), *image)


def plain(grey: Bytes, height: int, width: int) -> FoundDigit:
    """Return a grey picture scaled to a size, without regard to its shape; black becomes 255, like ink."""
    scaled = resample(255 - grey.astype(np.float32), height, width)
    return FoundDigit(np.clip(np.rint(scaled), 0, 255).astype(np.uint8))
