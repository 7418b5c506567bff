"""The grey between the pixels: each image looked up at places that lie anywhere, mixed from the four pixels around.

Four gathers a place would be most of the work. So the four pixels around a place are packed in one number
beforehand, a byte each; one gather brings them all, and one multiplication mixes two pairs of them: they stand 16
bits apart, and a byte times a weight of up to 256 does not reach its neighbour.
"""

import numpy as np

from nn.models.arrays.types import Array, Bytes, Integers

STEPS = 256
"""Places between two pixels that are told apart; a mixed value is right to one grey level of 255."""

UPPER_AND_LOWER = 0x00FF00FF


class BilinearSampler:
    """Looks up ``m`` images of ``(height, width)`` at a time; every buffer is made once.

    ``places``, ``(2, m, height * width)``, is where: how far down and how far right of the first pixel's middle, in
    pixels, for each pixel of each new image. Write into it, then call ``look_up``, which overwrites it.
    """

    def __init__(self, m: int, height: int, width: int) -> None:
        self.places: Array = np.empty((2, m, height * width), np.float32)
        self.steps = np.empty((2, m, height * width), np.int32)
        self.index = np.empty((m, height * width), np.intp)
        self.cells = np.zeros((m, height + 2, width + 2), "<u4")
        self.first = np.arange(m)[:, None] * ((height + 2) * (width + 2))

    def look_up(self, images: Bytes, out: Array) -> None:
        """Write into ``out``, ``(n, height * width)``, the greys, 0 to 1, of up to ``m`` images; 0 is around them."""
        self._pack(images)
        self._split()
        below, right = self.steps.view(np.uint32)
        near, far = self.places.view(np.uint32)  # the places are done with: their memory serves again
        np.take(self.cells.reshape(-1), self.index, out=near, mode="clip")
        np.right_shift(near, 8, out=far)
        near &= UPPER_AND_LOWER
        far &= UPPER_AND_LOWER
        _mix(near, far, right)
        np.right_shift(near, 16, out=far)
        near &= 0xFFFF
        _mix(near, far, below)
        greys = near[: len(images)].view(np.int32)
        np.multiply(greys, np.asarray(1 / (255 * STEPS * STEPS), out.dtype), out=out, casting="unsafe")

    def _pack(self, images: Bytes) -> None:
        """Write each pixel into the four cells that it is a corner of; cell 0 lies before the first pixel."""
        corners = self.cells[: len(images)].view(np.uint8).reshape(len(images), *self.cells.shape[1:], 4)
        corners[:, 1:-1, 1:-1, 0] = images
        corners[:, 1:-1, :-2, 1] = images
        corners[:, :-2, 1:-1, 2] = images
        corners[:, :-2, :-2, 3] = images

    def _split(self) -> None:
        """Find the cell of each place, and how many steps into it the place lies."""
        places, steps = self.places, self.steps
        _, rows, columns = self.cells.shape
        places *= STEPS
        places += STEPS + 0.5
        for axis, length in enumerate((rows, columns)):
            np.clip(places[axis], 0, (length - 1) * STEPS, out=steps[axis], casting="unsafe")
        cell = np.right_shift(steps, 8, out=places.view(np.int32))
        steps &= STEPS - 1
        down, across = cell
        down *= columns
        down += across
        np.add(down, self.first, out=self.index)


def _mix(near: Integers, far: Integers, weight: Integers) -> None:
    """Make ``near`` STEPS * near + weight * (far - near); what is below zero wraps, and the sum wraps back."""
    far -= near
    far *= weight
    near *= STEPS
    near += far
