"""What the outputs should say for each digit: one output a digit, four binary digits, or one that knows the nines.

A code has a row for each digit and a column for each output: ``sgd.train_epoch`` learns any. The code with a 1 in a
place of its own for every digit is the chapter's usual one.
"""

import numpy as np

from nn.models.arrays.types import Array, Integers
from nn.models.layers.dense import Dense

BINARY: Array = np.array([[digit >> place & 1 for place in (3, 2, 1, 0)] for digit in range(10)], float)
"""The binary value of each digit, the 8 first and the 1 last: ``(10, 4)``. 6 is 0110."""

NINE: Array = (np.arange(10) == 9).astype(float).reshape(10, 1)
"""1 for a nine, 0 for any other digit: ``(10, 1)``."""

PLACES: Integers = np.array([8, 4, 2, 1])
"""What each of the four binary digits is worth."""


def bit_layer(dtype: str = "float64") -> Dense:
    """The chapter's exercise solved by hand: from ten outputs, one a digit, to the four bits of the digit.

    The weight from digit k to a bit is that bit of k, and every bias is -0.5. If the right output is above 0.99 and
    the other nine below 0.01, a bit that should be 1 has z > 0.99 - 0.5 = 0.49, and one that should be 0 has
    z < 5 (0.01) - 0.5 = -0.45, since at most five digits share a bit (1, 3, 5, 7 and 9 the last).
    """
    return Dense(BINARY.T.astype(dtype), np.full(4, -0.5, dtype))


def as_numbers(bits: Array) -> Integers:
    """Read outputs ``(m, 4)`` as numbers from 0 to 15: a bit is 1 above one half. 10 to 15 are no digits."""
    numbers: Integers = (bits > 0.5) @ PLACES
    return numbers


def nearest_digit(bits: Array) -> Integers:
    """Read outputs ``(m, 4)`` as the digit whose code is nearest: ``(m,)``. There is always one."""
    nearest: Integers = np.square(bits[:, None, :] - BINARY).sum(axis=2).argmin(axis=1)
    return nearest
