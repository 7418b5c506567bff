"""Feature maps: the inputs and outputs of a convolution, a number for every position and channel of every image.

The maps of a mini-batch are one array, ``(height, channels, width, m)``, with the samples in the last axis. This order
was the fastest measured. A shifted window or every second column consists of contiguous runs of at least m numbers,
any k rows of maps are one contiguous block, and flattened maps are the transposed rows that a dense layer stores.

The shape of a sample is ``(height, width, channels)``, or ``(n,)`` for the rows of a dense layer.
"""

from math import prod

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.types import Array

Shape = tuple[int, ...]


def as_maps(a: Array, shape: Shape) -> Array:
    """Return a batch as maps of this shape, ``(height, channels, width, m)``; maps are returned without a copy.

    The first layer of a network gets images as rows with a column of ones.
    """
    if a.ndim == 4:
        return a
    return np.ascontiguousarray(a[:, : prod(shape)].reshape(len(a), *shape).transpose(1, 3, 2, 0))


def sample_count(a: Array) -> int:
    """Return the number of samples in a batch of maps or of rows."""
    return len(a) if a.ndim == 2 else a.shape[-1]


def without_ones(a: Array, shape: Shape) -> Array:
    """Return a view of rows without the column of ones; maps are returned as they are."""
    return a[:, : shape[0]] if a.ndim == 2 else a


def empty_batch(shape: Shape, samples: int, dtype: npt.DTypeLike) -> tuple[Array, Array]:
    """Allocate a buffer for a batch; return it and a view without its column of ones. Maps have no such column."""
    if len(shape) == 3:
        height, width, channels = shape
        maps: Array = np.empty((height, channels, width, samples), dtype)
        return maps, maps
    rows: Array = np.ones((samples, shape[0] + 1), dtype, order="F")
    return rows, rows[:, :-1]
