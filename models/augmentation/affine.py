"""Random affine distortion: rotate, scale, shear and translate an image; straight lines stay straight."""

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.augmentation.specification import Distortion


def random_affine(m: int, shape: tuple[int, int], distortion: Distortion, rng: np.random.Generator) -> Array:
    """Draw ``m`` affine maps, ``(2, m, 3)``, from the coordinates of ``grid`` to the position where to sample.

    Positions are in pixels from the centre of the first pixel. The last column is the image's centre plus the
    translation.
    """
    angle, taller, wider, shear, down, right = rng.uniform(-1, 1, (6, m))
    cos, sin = np.cos(np.radians(distortion.rotate * angle)), np.sin(np.radians(distortion.rotate * angle))
    taller, wider = 1 + distortion.scale * taller, 1 + distortion.scale * wider
    shear *= distortion.shear
    height, width = shape
    rows = (
        ((cos - sin * shear) * taller, -sin * wider, (height - 1) / 2 + distortion.translate * down),
        ((sin + cos * shear) * taller, cos * wider, (width - 1) / 2 + distortion.translate * right),
    )
    return np.array(rows, np.float32).transpose(0, 2, 1)


def grid(shape: tuple[int, int]) -> Array:
    """Return each pixel's offset down and right from the image's centre, and 1: ``(3, height * width)``."""
    height, width = shape
    down, right = np.indices(shape)
    offsets = np.stack([down - (height - 1) / 2, right - (width - 1) / 2, np.ones(shape)])
    return offsets.reshape(3, -1).astype(np.float32)
