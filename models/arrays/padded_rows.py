"""Input rows padded with zeros so that each starts at a cache line.

Memory is read in cache lines of 64 bytes. In an array with rows of 785 numbers, 784 pixels and a one, most rows start
in the middle of a cache line, and most loads of 16 numbers cross from one line into the next. So long rows are padded
with zeros to whole cache lines: 785 numbers become 800. The zeros change no product.
"""

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.types import Array

CACHE_LINE = 64
"""Bytes of a cache line."""
MIN_PADDED = 256
"""The row length from which padding is worth it."""


def row_length(inputs: int) -> int:
    """Return the length of a row: the inputs, a one and, in a long row, the padding."""
    length, line = inputs + 1, CACHE_LINE // np.dtype("float32").itemsize
    return length if length < MIN_PADDED else -(-length // line) * line


def zero_rows(count: int, length: int, dtype: npt.DTypeLike) -> Array:
    """Return zeros, ``(count, length)``, that start at a cache line."""
    numbers, size = count * length, np.dtype(dtype).itemsize
    memory: Array = np.zeros(numbers + CACHE_LINE // size, dtype)
    first = -memory.__array_interface__["data"][0] % CACHE_LINE // size
    return memory[first : first + numbers].reshape(count, length)
