"""The features of an estimator as the images of a network, ``(n, height, width)``: bytes or any other numbers.

A network learns best from numbers of about 0 to 1. Bytes are divided by 255, as `nn train` does. Other numbers are
taken as they are; a ``StandardScaler`` or ``MinMaxScaler`` in a pipeline scales them.
"""

from dataclasses import dataclass
from math import isqrt
from typing import Any

import numpy as np

from nndigits.models.arrays.types import Images
from nndigits.stages.runs.parameters import Parameters, is_whole

MAX_BYTE = 255


@dataclass(frozen=True)
class ImageForm:
    """Height and width of the images, and whether the estimator was trained on bytes."""

    shape: tuple[int, int]
    is_bytes: bool

    def check(self, distort: str) -> None:
        """Raise ValueError for a distortion of numbers that are not bytes."""
        if distort != Parameters.distort and not self.is_bytes:
            raise ValueError(f"distort={distort!r}: only images of bytes (uint8) can be distorted")

    def images(self, x: Any, dtype: str) -> Images:
        """Return features, ``(n, height * width)``, as images: bytes, or numbers in the precision ``dtype``.

        An estimator that was trained on bytes divides other numbers by 255, too.
        """
        if not (self.is_bytes and x.dtype == np.uint8):
            x = (x / MAX_BYTE if self.is_bytes else x).astype(dtype)
        images: Images = np.ascontiguousarray(x).reshape(-1, *self.shape)
        return images


def image_form(x: Any, shape: tuple[int, int] | None) -> ImageForm:
    """Return the form of features, ``(n, features)``; without a shape they are square images, else a single row.

    Raises ValueError if the shape is none, or does not fit.
    """
    features = x.shape[1]
    if shape is None:
        side = isqrt(features)
        shape = (side, side) if side * side == features else (1, features)
    if not (isinstance(shape, tuple | list) and len(shape) == 2 and all(is_whole(side) and side > 0 for side in shape)):
        raise ValueError(f"image_shape={shape!r}: expected a height and a width, such as (28, 28)")
    height, width = shape
    if height * width != features:
        raise ValueError(f"image_shape={shape!r}: expected height * width = {features}, the number of features")
    return ImageForm((int(height), int(width)), x.dtype == np.uint8)
