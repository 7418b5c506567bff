"""The grey between the pixels: each image looked up at places that lie anywhere, mixed from the four pixels around.

Four gathers a place would be most of the work. So the four pixels around a place are packed in one number
beforehand, a byte each; one gather brings them all, and one multiplication mixes two pairs of them: they stand 16
bits apart, and a byte times a weight of up to 256 does not reach its neighbour.
"""

import numpy as np

from nn.models.arrays import Array, Bytes, Integers

STEPS = 256
"""Places between two pixels that are told apart; a mixed value is right to one grey level of 255."""

UPPER_AND_LOWER = 0x00FF00FF


class Bilinear:
    """Looks up ``m`` images of ``(height, width)`` at a time; every buffer is made once.

    ``places``, ``(2, m, height * width)``, is where: how far down and how far right of the first pixel's middle, in
    pixels, for each pixel of each new image. Write into it, then call ``look_up``, which overwrites it.
    """

    def __init__(self, m: int, height: int, width: int) -> None:
        self.places: Array = np.empty((2, m, height * width), np.float32)
        self.padded = np.zeros((m, height + 3, width + 3), np.uint32)
        self.cells = np.empty((m, height + 2, width + 2), np.uint32)
        self.first = np.arange(m)[:, None] * ((height + 2) * (width + 2))
        self.steps, self.whole = np.empty((2, 2, m, height * width), np.int32)
        self.index = np.empty((m, height * width), np.intp)
        self.near, self.far = np.empty((2, m, height * width), np.uint32)

    def look_up(self, images: Bytes, out: Array) -> None:
        """Write into ``out``, ``(n, height * width)``, the greys, 0 to 1, of up to ``m`` images; 0 is around them."""
        self._pack(images)
        below, right = self._split()
        near, far = self.near, self.far
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
        """Pack the pixels around each cell in one number: upper left, upper right, lower left, lower right."""
        padded, cells = self.padded, self.cells
        padded[: len(images), 1:-2, 1:-2] = images
        np.left_shift(padded[:, 1:, 1:], 8, out=cells)
        cells |= padded[:, 1:, :-1]
        cells <<= 8
        cells |= padded[:, :-1, 1:]
        cells <<= 8
        cells |= padded[:, :-1, :-1]

    def _split(self) -> tuple[Integers, Integers]:
        """Find the cell of each place, and how far into it the place lies; cell 0 is before the first pixel."""
        places, steps, whole = self.places, self.steps, self.whole
        _, rows, columns = self.cells.shape
        places *= STEPS
        places += STEPS + 0.5
        for axis, length in enumerate((rows, columns)):
            np.clip(places[axis], 0, (length - 1) * STEPS, out=steps[axis], casting="unsafe")
        np.right_shift(steps, 8, out=whole)
        steps &= STEPS - 1
        down, across = whole
        down *= columns
        down += across
        np.add(down, self.first, out=self.index)
        below, right = steps.view(np.uint32)
        return below, right


def _mix(near: Integers, far: Integers, weight: Integers) -> None:
    """Make ``near`` STEPS * near + weight * (far - near); what is below zero wraps, and the sum wraps back."""
    far -= near
    far *= weight
    near *= STEPS
    near += far
