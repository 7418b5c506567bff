"""Linear separability: which truth tables a single perceptron can compute.

A table is linearly separable if a line (or plane) separates its ones from its zeros. Weights that compute the table
prove it. The proof of the contrary is two inputs with output 1 and two with output 0 that have the same sum. Whatever
the weights, both pairs have the same total weighted sum, but the first must exceed twice the threshold and the second
must not.
"""

from collections.abc import Sequence
from itertools import combinations_with_replacement, product
from typing import NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.perceptron import all_inputs

MAX_WEIGHT = 3
"""Integer weights from -3 to 3 compute every linearly separable table of two, three or four inputs."""


class Weights(NamedTuple):
    """A perceptron's weights ``(n,)`` and bias."""

    w: Array
    b: float


class Contradiction(NamedTuple):
    """The rows of two inputs with output 1, and of two with output 0, that have the same sum."""

    ones: tuple[int, int]
    zeros: tuple[int, int]


def smallest_weights(table: Sequence[int]) -> Weights | None:
    """Return the smallest integer weights, with a bias half-way, that compute a table of 2**n outputs, or None."""
    n = len(table).bit_length() - 1
    x, targets = all_inputs(n), np.array(table)
    candidates = sorted(product(range(-MAX_WEIGHT, MAX_WEIGHT + 1), repeat=n), key=lambda w: (sum(map(abs, w)), w))
    for candidate in candidates:
        w = np.array(candidate, float)
        sums = x @ w
        smallest_one = sums[targets == 1].min(initial=np.inf)
        largest_zero = sums[targets == 0].max(initial=-np.inf)
        if largest_zero < smallest_one:
            b = 0.5 - smallest_one if np.isfinite(smallest_one) else -0.5 - largest_zero
            return Weights(w, float(b))
    return None


def contradiction(table: Sequence[int]) -> Contradiction | None:
    """Return two ones and two zeros of a table of 2**n outputs whose inputs have the same sum, or None."""
    x = all_inputs(len(table).bit_length() - 1)
    pairs: dict[bytes, list[tuple[int, int]]] = {}
    rows = range(len(table))
    for pair in combinations_with_replacement([row for row in rows if table[row]], 2):
        pairs.setdefault((x[pair[0]] + x[pair[1]]).tobytes(), []).append(pair)
    for pair in combinations_with_replacement([row for row in rows if not table[row]], 2):
        ones = pairs.get((x[pair[0]] + x[pair[1]]).tobytes())
        if ones:
            return Contradiction(ones[0], pair)
    return None
