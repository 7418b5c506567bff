"""Target encodings: the desired outputs for each digit, as one output a digit, four bits, or one output for the nine.

An encoding has a row for each digit and a column for each output. Training accepts any encoding. The chapter's usual
one is one output a digit (one-hot).
"""

import numpy as np

from nndigits.models.arrays.types import Array, Integers
from nndigits.models.layers.dense import Dense

BINARY: Array = np.array([[digit >> bit & 1 for bit in (3, 2, 1, 0)] for digit in range(10)], float)
"""The bits of each digit, the highest first, ``(10, 4)``. 6 is 0110."""

NINE: Array = (np.arange(10) == 9).astype(float).reshape(10, 1)
"""1 for a nine, 0 for any other digit: ``(10, 1)``."""

BIT_VALUES: Integers = np.array([8, 4, 2, 1])


def bit_layer(dtype: str = "float64") -> Dense:
    """Return the solution of the chapter's exercise: a layer from ten outputs, one a digit, to the digit's four bits.

    The weight from digit k to a bit is that bit of k, and every bias is -0.5. If the correct output is above 0.99
    and the other nine below 0.01, a bit that should be 1 has z > 0.99 - 0.5 = 0.49. A bit that should be 0 has
    z < 5 (0.01) - 0.5 = -0.45, since at most five digits share a bit (1, 3, 5, 7 and 9 the last).
    """
    return Dense(BINARY.T.astype(dtype), np.full(4, -0.5, dtype))


def as_numbers(bits: Array) -> Integers:
    """Decode outputs ``(m, 4)`` to numbers from 0 to 15: a bit is 1 above 0.5. 10 to 15 are no digits."""
    numbers: Integers = (bits > 0.5) @ BIT_VALUES
    return numbers


def nearest_digit(bits: Array) -> Integers:
    """Decode outputs ``(m, 4)`` to the digit with the nearest encoding, ``(m,)``."""
    nearest: Integers = np.square(bits[:, None, :] - BINARY).sum(axis=2).argmin(axis=1)
    return nearest
