"""Affine distortion: an image turned, stretched, sheared and moved; straight lines stay straight."""

import numpy as np

from nn.models.arrays.types import Array
from nn.models.augmentation.specification import Distortion


def random_affine(m: int, shape: tuple[int, int], distortion: Distortion, rng: np.random.Generator) -> Array:
    """Draw ``m`` of them, ``(2, m, 3)``: for a pixel's ``(down, right, 1)`` as ``grid`` has it, where it is looked up.

    The answer is in pixels from the first pixel's middle, so the last column holds the image's middle and the shift.
    """
    angle, taller, wider, slide, down, right = rng.uniform(-1, 1, (6, m))
    cos, sin = np.cos(np.radians(distortion.rotate * angle)), np.sin(np.radians(distortion.rotate * angle))
    taller, wider = 1 + distortion.scale * taller, 1 + distortion.scale * wider
    slide *= distortion.shear
    height, width = shape
    rows = (
        ((cos - sin * slide) * taller, -sin * wider, (height - 1) / 2 + distortion.translate * down),
        ((sin + cos * slide) * taller, cos * wider, (width - 1) / 2 + distortion.translate * right),
    )
    return np.array(rows, np.float32).transpose(0, 2, 1)


def grid(shape: tuple[int, int]) -> Array:
    """Each pixel's place, ``(3, height * width)``: how far down and right of the image's middle it is, and 1."""
    height, width = shape
    down, right = np.indices(shape)
    places = np.stack([down - (height - 1) / 2, right - (width - 1) / 2, np.ones(shape)])
    return places.reshape(3, -1).astype(np.float32)
