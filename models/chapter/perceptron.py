"""The perceptron: its output is 1 if the weighted sum of its inputs exceeds its threshold, else 0.

With the bias b = -threshold, the output is 1 if w.x + b > 0, else 0 (chapter 1, equation 2). At exactly 0 it is 0.
"""

from itertools import product

import numpy as np

from nn.models.arrays.types import Array
from nn.models.layers.activations import step


def perceptron(x: Array, w: Array, b: float) -> Array:
    """Return the outputs, 0 or 1, ``(m,)``, for inputs ``(m, n)``, weights ``(n,)`` and a bias.

    >>> x = all_inputs(2)
    >>> perceptron(x, np.array([-2.0, -2.0]), 3.0).tolist()  # the chapter's NAND
    [1.0, 1.0, 1.0, 0.0]
    """
    z = x @ w + b
    return step(z, z)


def all_inputs(n: int) -> Array:
    """Return all rows of n zeros and ones, in counting order, ``(2**n, n)``."""
    return np.array(list(product((0.0, 1.0), repeat=n))).reshape(2**n, n)
