"""Bilinear interpolation: sample images at any position, as a weighted mean of the four nearest pixels.

Four gathers for each position would be most of the work. So the four pixels around each position are packed into one
32-bit number beforehand, a byte each. One gather loads all four, and one multiplication interpolates two pairs: they
are 16 bits apart, and a byte times a weight of up to 256 does not overflow into its neighbour.
"""

import numpy as np

from nndigits.models.arrays.types import Array, Bytes, Integers

STEPS = 256
"""Positions between two pixels; an interpolated value is exact to one grey level of 255."""

UPPER_AND_LOWER = 0x00FF00FF


class BilinearSampler:
    """Sample up to ``m`` images of ``(height, width)`` at a time; the buffers are allocated once.

    Write the position to sample for each pixel of each new image into ``positions``, ``(2, m, height * width)``, then
    call ``sample``, which overwrites them. Positions are in pixels, down and right from the centre of the first pixel.
    """

    def __init__(self, m: int, height: int, width: int) -> None:
        self.positions: Array = np.empty((2, m, height * width), np.float32)
        self.steps = np.empty((2, m, height * width), np.int32)
        self.index = np.empty((m, height * width), np.intp)
        self.cells = np.zeros((m, height + 2, width + 2), "<u4")
        self.first = np.arange(m)[:, None] * ((height + 2) * (width + 2))

    def sample(self, images: Bytes, out: Array) -> None:
        """Write sampled images, ``(n, height * width)`` from 0 to 1, into ``out``; pixels outside an image are 0."""
        self._pack(images)
        self._split()
        below, right = self.steps.view(np.uint32)
        near, far = self.positions.view(np.uint32)  # reuses the memory of the positions
        np.take(self.cells.reshape(-1), self.index, out=near, mode="clip")
        np.right_shift(near, 8, out=far)
        near &= UPPER_AND_LOWER
        far &= UPPER_AND_LOWER
        _interpolate(near, far, right)
        np.right_shift(near, 16, out=far)
        near &= 0xFFFF
        _interpolate(near, far, below)
        greys = near[: len(images)].view(np.int32)
        np.multiply(greys, np.asarray(1 / (255 * STEPS * STEPS), out.dtype), out=out, casting="unsafe")

    def _pack(self, images: Bytes) -> None:
        """Write each pixel into the four cells of which it is a corner; cell 0 lies before the first pixel."""
        corners = self.cells[: len(images)].view(np.uint8).reshape(len(images), *self.cells.shape[1:], 4)
        corners[:, 1:-1, 1:-1, 0] = images
        corners[:, 1:-1, :-2, 1] = images
        corners[:, :-2, 1:-1, 2] = images
        corners[:, :-2, :-2, 3] = images

    def _split(self) -> None:
        """Split each position into a cell and a number of steps within it."""
        positions, steps = self.positions, self.steps
        _, rows, columns = self.cells.shape
        positions *= STEPS
        positions += STEPS + 0.5
        for axis, length in enumerate((rows, columns)):
            np.clip(positions[axis], 0, (length - 1) * STEPS, out=steps[axis], casting="unsafe")
        cell = np.right_shift(steps, 8, out=positions.view(np.int32))
        steps &= STEPS - 1
        down, across = cell
        down *= columns
        down += across
        np.add(down, self.first, out=self.index)


def _interpolate(near: Integers, far: Integers, weight: Integers) -> None:
    """``near = STEPS * near + weight * (far - near)``; a negative difference wraps, and the sum wraps back."""
    far -= near
    far *= weight
    near *= STEPS
    near += far
