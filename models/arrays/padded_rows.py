"""Rows of numbers, as images are heard: each begins where a line of the processor's cache does.

Memory comes in lines of 64 bytes. Of rows of 785 numbers, 784 pixels and a one, hardly any begins with a line, and then
most of the 16 numbers that a processor takes at once lie across two of them. So long rows are filled up with zeros to
whole lines, which changes no product: 785 numbers become 800.
"""

import numpy as np
import numpy.typing as npt

from nn.models.arrays.types import Array

LINE = 64
"""Bytes that come at once."""
LONG = 256
"""Numbers of a row that is worth filling up."""


def row_length(inputs: int) -> int:
    """How many numbers a row has: so many inputs, a one, and if it is long, zeros up to a whole line."""
    length, line = inputs + 1, LINE // np.dtype("float32").itemsize
    return length if length < LONG else -(-length // line) * line


def zero_rows(count: int, length: int, dtype: npt.DTypeLike) -> Array:
    """Make ``(count, length)`` zeros, the first one at the start of a line."""
    numbers, size = count * length, np.dtype(dtype).itemsize
    memory: Array = np.zeros(numbers + LINE // size, dtype)
    first = -memory.__array_interface__["data"][0] % LINE // size
    return memory[first : first + numbers].reshape(count, length)
