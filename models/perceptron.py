"""The perceptron: it weighs its inputs and says 1 if they weigh more than its threshold, else 0.

With the threshold moved to the other side as a bias, b = -threshold, the rule reads: 1 if w.x + b > 0, else 0
(chapter 1, equation 2). At exactly 0 it says 0.
"""

from itertools import product

import numpy as np

from nn.models.activations import Activation
from nn.models.arrays import Array


def perceptron(x: Array, w: Array, b: float) -> Array:
    """The outputs, 0 or 1, ``(m,)``, for inputs ``(m, n)``, weights ``(n,)`` and a bias.

    >>> x = all_inputs(2)
    >>> perceptron(x, np.array([-2.0, -2.0]), 3.0).tolist()  # the chapter's NAND
    [1.0, 1.0, 1.0, 0.0]
    """
    z = x @ w + b
    return step(z, z)


def step(z: Array, out: Array) -> Array:
    """1 where z > 0, else 0: a neuron that knows no shades."""
    return np.greater(z, 0, out=out)


def no_slope(a: Array, out: Array) -> Array:
    """The derivative of the step: 0 on both sides of it, so that nothing can be learned from it."""
    out[...] = 0
    return out


STEP = Activation("step", step, no_slope)
"""What makes a layer (``dense.py``) a layer of perceptrons."""


def all_inputs(n: int) -> Array:
    """Every row of n zeros and ones, in counting order: ``(2**n, n)``."""
    return np.array(list(product((0.0, 1.0), repeat=n))).reshape(2**n, n)
