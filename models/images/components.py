"""What hangs together: pixels that touch, at an edge or a corner, are one component.

Row by row, ink is a few runs of pixels; runs that touch in neighbouring rows belong together. There are far fewer runs
than pixels, so that NumPy alone is fast enough, and a picture can be read without loading SciPy.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nn.models.arrays.types import Integers

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Components:
    """Components, numbered from 1 in the order in which they are met, row by row.

    ``labels``, ``(height, width)``, has each pixel's number, 0 where there is none. The others have a number for each
    component, ``(n,)``: ``top`` and ``left`` inclusive, ``bottom`` and ``right`` exclusive, and ``area`` in pixels.
    """

    labels: Integers
    top: Integers
    bottom: Integers
    left: Integers
    right: Integers
    area: Integers

    def __len__(self) -> int:
        return len(self.area)

    def kept(self, keep: Mask) -> Mask:
        """The pixels, ``(height, width)``, of those components for which ``keep``, ``(n,)``, is true."""
        found: Mask = np.concatenate([[False], keep])[self.labels]
        return found


def components(mask: Mask) -> Components:
    """Find the components of the true pixels of a mask, ``(height, width)``.

    >>> found = components(np.array([[1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1]], bool))
    >>> found.labels.tolist()
    [[1, 0, 0, 2], [0, 1, 0, 2], [0, 0, 0, 0], [3, 3, 3, 3]]
    >>> found.area.tolist()
    [2, 2, 4]
    """
    height, width = mask.shape
    stride = width + 1  # a column of nothing behind each row, so that no run goes on into the next one
    padded = np.zeros(height * stride + 1, np.int8)
    padded[1:].reshape(height, stride)[:, :width] = mask
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    starts, ends = edges[::2], edges[1::2]
    numbers = _joined(starts, ends, stride)
    rows, first = np.divmod(starts, stride)
    n, lengths = int(numbers.max(initial=-1)) + 1, ends - starts
    labels = np.zeros(mask.shape, np.int32)
    labels[mask] = np.repeat(numbers + 1, lengths)
    top, left = np.full(n, height), np.full(n, width)
    bottom, right = np.zeros(n, int), np.zeros(n, int)
    np.minimum.at(top, numbers, rows)
    np.maximum.at(bottom, numbers, rows + 1)
    np.minimum.at(left, numbers, first)
    np.maximum.at(right, numbers, first + lengths)
    area = np.bincount(numbers, lengths, minlength=n).astype(int)
    return Components(labels, top, bottom, left, right, area)


def _joined(starts: Integers, ends: Integers, stride: int) -> Integers:
    """A number for each run, the same for those that hang together, from 0 in the order of their first run."""
    above_first = np.searchsorted(ends, starts - stride)
    above_last = np.searchsorted(starts, ends - stride, side="right")
    touching = np.maximum(above_last - above_first, 0)
    below = np.repeat(np.arange(len(starts)), touching)
    steps = np.arange(len(below)) - np.repeat(np.cumsum(touching) - touching, touching)
    above = np.repeat(above_first, touching) + steps
    root = np.arange(len(starts))
    while True:
        one, other = root[above], root[below]
        if (one == other).all():
            break
        np.minimum.at(root, np.maximum(one, other), np.minimum(one, other))
        while (root != root[root]).any():
            root = root[root]
    return np.unique(root, return_inverse=True)[1]
