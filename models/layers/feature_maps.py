"""Maps: what a convolution hears and answers, one number for every place and channel of every image.

Of a mini-batch they are one array, ``(height, channels, width, m)``: the samples stand innermost. That is the order
that was measured to be fastest. Whatever is cut out of maps, a shifted window or every second column, is made of runs
of at least m numbers, k rows of maps are one stretch of memory whatever k, and maps flattened are the rows of a dense
layer as it keeps them, column after column.

A shape is what one sample has: ``(height, width, channels)``, or ``(n,)`` for the rows of a dense layer.
"""

from math import prod

import numpy as np
import numpy.typing as npt

from nn.models.arrays.types import Array

Shape = tuple[int, ...]


def as_maps(a: Array, shape: Shape) -> Array:
    """Make of a batch maps of this shape, ``(height, channels, width, m)``; what is that already is not copied.

    The first layer of a network takes images as padded rows with a column of ones (``arrays/padded_rows.py``).
    """
    if a.ndim == 4:
        return a
    return np.ascontiguousarray(a[:, : prod(shape)].reshape(len(a), *shape).transpose(1, 3, 2, 0))


def sample_count(a: Array) -> int:
    """How many samples a batch has, of maps or of rows."""
    return len(a) if a.ndim == 2 else a.shape[-1]


def without_ones(a: Array, shape: Shape) -> Array:
    """What a batch has of maps, or of rows without their column of ones and what fills them up; nothing is copied."""
    return a[:, : shape[0]] if a.ndim == 2 else a


def with_ones(a: Array, shape: Shape) -> Array:
    """The same with the column of ones."""
    return a[:, : shape[0] + 1] if a.ndim == 2 else a


def empty_batch(shape: Shape, samples: int, dtype: npt.DTypeLike) -> tuple[Array, Array]:
    """Make a buffer for a batch: the whole that is handed on, and that without its column of ones, if it has one."""
    if len(shape) == 3:
        height, width, channels = shape
        maps: Array = np.empty((height, channels, width, samples), dtype)
        return maps, maps
    rows: Array = np.ones((samples, shape[0] + 1), dtype, order="F")
    return rows, rows[:, :-1]
