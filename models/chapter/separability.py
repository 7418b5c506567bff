"""Which truth tables one perceptron can do: those whose ones a straight line (or plane) parts from the zeros.

Weights that do a table prove that it can be done. That it cannot is proved by two inputs with answer 1 and two with
answer 0 that have the same sum: whatever the weights, the two pairs weigh the same together, yet the first pair
would have to weigh more than twice the threshold and the second at most that.
"""

from collections.abc import Sequence
from itertools import combinations_with_replacement, product
from typing import NamedTuple

import numpy as np

from nn.models.arrays.types import Array
from nn.models.chapter.perceptron import all_inputs

LARGEST = 3
"""Weights from -3 to 3 do every table of two, three or four inputs that any weights do."""


class Weights(NamedTuple):
    """A perceptron's weights ``(n,)`` and bias."""

    w: Array
    b: float


class Contradiction(NamedTuple):
    """Numbers of two inputs with answer 1, and of two with answer 0, that have the same sum."""

    ones: tuple[int, int]
    zeros: tuple[int, int]


def smallest_weights(table: Sequence[int]) -> Weights | None:
    """The smallest whole weights, with a bias half-way between, that do a table of 2**n outputs; or nothing."""
    n = len(table).bit_length() - 1
    x, wanted = all_inputs(n), np.array(table)
    candidates = sorted(product(range(-LARGEST, LARGEST + 1), repeat=n), key=lambda w: (sum(map(abs, w)), w))
    for candidate in candidates:
        w = np.array(candidate, float)
        sums = x @ w
        least = sums[wanted == 1].min(initial=np.inf)
        most = sums[wanted == 0].max(initial=-np.inf)
        if most < least:
            b = 0.5 - least if np.isfinite(least) else -0.5 - most
            return Weights(w, float(b))
    return None


def contradiction(table: Sequence[int]) -> Contradiction | None:
    """Two ones and two zeros of a table of 2**n outputs that have the same sum, or nothing."""
    x = all_inputs(len(table).bit_length() - 1)
    pairs: dict[bytes, list[tuple[int, int]]] = {}
    places = range(len(table))
    for pair in combinations_with_replacement([place for place in places if table[place]], 2):
        pairs.setdefault((x[pair[0]] + x[pair[1]]).tobytes(), []).append(pair)
    for pair in combinations_with_replacement([place for place in places if not table[place]], 2):
        ones = pairs.get((x[pair[0]] + x[pair[1]]).tobytes())
        if ones:
            return Contradiction(ones[0], pair)
    return None
