"""Artificial data: each training image turned, stretched, sheared, moved and kneaded a little, anew every time.

A network that never sees the same image twice cannot learn them by heart. All that is done to an image becomes one
question, where in it each pixel of the new image is looked up, so that it is resampled only once (Simard 2003).
"""

import numpy as np

from nn.models.arrays.types import Array, Bytes
from nn.models.augmentation import affine
from nn.models.augmentation.elastic import displacements
from nn.models.augmentation.interpolation import BilinearSampler
from nn.models.augmentation.specification import Distortion

PIECE = 100
"""Images that are distorted at once: what they need stays in the processor's cache."""


def distort(images: Bytes, distortion: Distortion, rng: np.random.Generator, out: Array) -> Array:
    """Fill ``out``, ``(m, pixels + 1)`` or wider, with distorted images, 0 to 1, and a column of ones; return it.

    ``images`` are ``(m, height, width)``; ``rng`` decides all that is done to them.
    """
    m, height, width = images.shape
    bilinear = BilinearSampler(min(m, PIECE), height, width)
    for start in range(0, m, PIECE):
        sample_positions(bilinear.places, (height, width), distortion, rng)
        bilinear.look_up(images[start : start + PIECE], out[start : start + PIECE, : height * width])
    out[:, height * width] = 1
    return out


def sample_positions(places: Array, shape: tuple[int, int], distortion: Distortion, rng: np.random.Generator) -> None:
    """Draw where each pixel of ``m`` new images is looked up, into ``(2, m, height * width)``, in pixels."""
    m = places.shape[1]
    np.matmul(affine.random_affine(m, shape, distortion, rng), affine.grid(shape), out=places)
    if distortion.elastic:
        places += displacements(m, shape, distortion.elastic, distortion.sigma, rng)
