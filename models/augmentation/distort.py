"""Data augmentation: distort each training image randomly in every epoch (Simard 2003).

A network that never sees the same image twice cannot memorise it. All distortions of an image are combined into one
map, from each pixel of the new image to a position in the old one, so the image is resampled only once.
"""

from math import prod

import numpy as np

from nndigits.models.arrays.types import Array, Bytes
from nndigits.models.augmentation import affine
from nndigits.models.augmentation.elastic import displacements
from nndigits.models.augmentation.interpolation import BilinearSampler
from nndigits.models.augmentation.specification import Distortion

PIECE = 100
"""Images that are distorted at once: their buffers stay in the processor's cache."""


class Distorter:
    """Distorts images of one size. Its buffers are allocated once, which takes a third of the time off an epoch.

    Parameters
    ----------
    shape
        The height and width of the images.
    rng
        Where all random values come from.
    """

    def __init__(self, shape: tuple[int, int], distortion: Distortion, rng: np.random.Generator) -> None:
        self.shape, self.distortion, self.rng = shape, distortion, rng
        self._sampler = BilinearSampler(0, *shape)

    def fill(self, images: Bytes, out: Array) -> Array:
        """Fill ``out``, ``(m, pixels + 1)`` or wider, with distorted images, 0 to 1, and a column of ones; return it.

        ``images`` are ``(m, height, width)``.
        """
        pixels, at_once = prod(self.shape), min(len(images), PIECE)
        if self._sampler.positions.shape[1] != at_once:
            self._sampler = BilinearSampler(at_once, *self.shape)
        for start in range(0, len(images), PIECE):
            sample_positions(self._sampler.positions, self.shape, self.distortion, self.rng)
            self._sampler.sample(images[start : start + PIECE], out[start : start + PIECE, :pixels])
        out[:, pixels] = 1
        return out


def sample_positions(
    positions: Array, shape: tuple[int, int], distortion: Distortion, rng: np.random.Generator
) -> None:
    """Draw the position to sample for each pixel of ``m`` images, into ``positions``, ``(2, m, height * width)``."""
    m = positions.shape[1]
    np.matmul(affine.random_affine(m, shape, distortion, rng), affine.grid(shape), out=positions)
    if distortion.elastic:
        positions += displacements(m, shape, distortion.elastic, distortion.sigma, rng)
