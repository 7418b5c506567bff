"""The chapter's neurons: perceptrons and sigmoid neurons. The output of a perceptron is 1 if w.x > threshold, else 0.

With the bias b = -threshold, the output is 1 if w.x + b > 0, else 0 (chapter 1, equation 2). At exactly 0 it is 0, so a
rounding error there would change the output: in floating-point arithmetic 0.1 + 0.2 - 0.3 is 6e-17. Sums are therefore
computed exactly, with rational numbers. A float stands for the shortest decimal that reads as the same float, which is
the number that a person typed.
"""

import math
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.types import Array
from nndigits.models.layers.activations import precise_sigmoid

Exact = npt.NDArray[np.object_]
"""An array of Fractions."""


def exact(numbers: npt.ArrayLike) -> Exact:
    """Return numbers as an array of Fractions of the same shape: 0.1 is 1/10. Fractions stay as they are.

    Raises ValueError if a number is infinite or NaN.
    """
    array = np.asarray(numbers)
    fractions = np.empty(array.size, object)
    fractions[:] = [_fraction(number) for number in array.ravel().tolist()]
    return fractions.reshape(array.shape)


def perceptron(x: npt.ArrayLike, w: npt.ArrayLike, b: float | Fraction) -> Array:
    """Return the outputs, 0 or 1, ``(m,)``, for inputs ``(m, n)``, weights ``(n,)`` and a bias, without rounding.

    >>> x = all_inputs(2)
    >>> perceptron(x, np.array([-2.0, -2.0]), 3.0).tolist()  # the chapter's NAND
    [1.0, 1.0, 1.0, 0.0]
    >>> perceptron(x, np.array([0.1, 0.2]), -0.3).tolist()  # the sum for 11 is exactly 0
    [0.0, 0.0, 0.0, 0.0]
    """
    numerators, _ = _sums(x, w, b)
    return (numerators > 0).astype(float)


def weighted_sums(x: npt.ArrayLike, w: npt.ArrayLike, b: float | Fraction = 0) -> Array:
    """Return w.x + b, ``(m,)``, for inputs ``(m, n)``: the exact sums, each rounded once to the nearest float.

    >>> weighted_sums(all_inputs(2), np.array([0.1, 0.2])).tolist()
    [0.0, 0.2, 0.1, 0.3]
    """
    numerators, denominator = _sums(x, w, b)
    return np.array([numerator / denominator for numerator in numerators.tolist()])


def sigmoid(z: Array) -> Array:
    """Return the output of a sigmoid neuron for each weighted sum, to the last bit also where it is tiny."""
    return precise_sigmoid(z, np.empty_like(z))


def all_inputs(n: int) -> Array:
    """Return all rows of n zeros and ones, in counting order, ``(2**n, n)``."""
    return np.array(list(product((0.0, 1.0), repeat=n))).reshape(2**n, n)


def _fraction(number: Any) -> Fraction:
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def _sums(x: npt.ArrayLike, w: npt.ArrayLike, b: float | Fraction) -> tuple[npt.NDArray[np.object_], int]:
    """Return the numerators of w.x + b, ``(m,)``, and their common denominator, as Python integers."""
    (x_whole, x_unit), (w_whole, w_unit), (b_whole, b_unit) = (_whole(np.asarray(numbers)) for numbers in (x, w, [b]))
    return x_whole.dot(w_whole) * b_unit + b_whole[0] * x_unit * w_unit, x_unit * w_unit * b_unit


def _whole(numbers: npt.NDArray[Any]) -> tuple[npt.NDArray[np.object_], int]:
    """Return numbers as Python integers divided by one common denominator."""
    values, places = np.unique(numbers, return_inverse=True)  # many inputs, but few different ones
    fractions = exact(values)
    denominator = math.lcm(*(number.denominator for number in fractions))
    whole = fractions * denominator
    whole[:] = [int(number) for number in whole]
    return whole[places].reshape(numbers.shape), denominator
