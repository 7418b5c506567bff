"""Connected components of a mask: pixels that touch at an edge or a corner belong to one component.

Each row of a mask is a few runs of pixels; runs that touch in neighbouring rows are joined. There are far fewer runs
than pixels, so NumPy alone is fast enough, and `nn predict` need not load SciPy.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.types import Integers

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Components:
    """Components, numbered from 1 in row-major order of their first pixels.

    ``labels``, ``(height, width)``, is the number of each pixel's component, 0 outside all components. The other arrays
    have an element for each component, ``(n,)``: ``top`` and ``left`` inclusive, ``bottom`` and ``right`` exclusive,
    and ``area`` in pixels.
    """

    labels: Integers
    top: Integers
    bottom: Integers
    left: Integers
    right: Integers
    area: Integers

    def __len__(self) -> int:
        return len(self.area)

    def select(self, keep: Mask) -> Mask:
        """Return the mask, ``(height, width)``, of the components for which ``keep``, ``(n,)``, is true."""
        selected: Mask = np.concatenate([[False], keep])[self.labels]
        return selected


def components(mask: Mask) -> Components:
    """Find the components of the true pixels of a mask, ``(height, width)``.

    >>> found = components(np.array([[1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1]], bool))
    >>> found.labels.tolist()
    [[1, 0, 0, 2], [0, 1, 0, 2], [0, 0, 0, 0], [3, 3, 3, 3]]
    >>> found.area.tolist()
    [2, 2, 4]
    """
    height, width = mask.shape
    stride = width + 1  # an empty column after each row ends its last run
    padded = np.zeros(height * stride + 1, np.int8)
    padded[1:].reshape(height, stride)[:, :width] = mask
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    starts, ends = edges[::2], edges[1::2]
    numbers = _joined_runs(starts, ends, stride)
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


def _joined_runs(starts: Integers, ends: Integers, stride: int) -> Integers:
    """Return the component of each run, numbered from 0 in the order of their first runs."""
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
