"""Which truth tables a single perceptron can compute, and the rule by which it learns them (Rosenblatt).

A table is linearly separable if a line (or plane) separates its ones from its zeros. Weights that compute the table
prove it. The proof of the contrary is two inputs with output 1 and two with output 0 that have the same sum. Whatever
the weights, both pairs have the same total weighted sum, but the first must exceed twice the threshold and the second
must not.

The rule changes weights only after mistakes: after each input, w -> w + eta (target - output) x and
b -> b + eta (target - output). After a wrong 0 the weights of active inputs increase, after a wrong 1 they decrease. If
the table is linearly separable, the rule converges after finitely many mistakes. Otherwise it never stops. Weights are
exact fractions: with rounded ones, a sum that should be 0 can be above it, and the rule would stop at weights that are
wrong.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.neurons import Exact, all_inputs, exact, perceptron

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


class Update(NamedTuple):
    """One training step: the input's row, the output, the target, and the weights ``(n,)`` and bias after it."""

    epoch: int
    row: int
    output: int
    target: int
    w: Exact
    b: Fraction


def train(
    x: npt.ArrayLike, targets: Sequence[int], w: npt.ArrayLike, b: float, *, eta: float, epochs: int
) -> list[Update]:
    """Train on the inputs ``(m, n)`` in order, for at most ``epochs`` epochs or until one has no mistakes."""
    inputs, weights = exact(x), exact(w)
    bias, rate = exact([b, eta])
    updates: list[Update] = []
    for epoch in range(1, epochs + 1):
        mistakes = 0
        for row, target in enumerate(targets):
            output = int(perceptron(inputs[row : row + 1], weights, bias)[0])
            error = target - output
            weights, bias = weights + rate * error * inputs[row], bias + rate * error
            mistakes += abs(error)
            updates.append(Update(epoch, row, output, target, weights, bias))
        if not mistakes:
            break
    return updates


def mistakes_by_epoch(updates: list[Update]) -> list[int]:
    """Return the number of mistakes in each epoch."""
    counts = [0] * updates[-1].epoch
    for update in updates:
        counts[update.epoch - 1] += update.output != update.target
    return counts


def first_return(start: tuple[npt.ArrayLike, float], updates: list[Update]) -> tuple[int, int] | None:
    """Return the first two epochs that end with equal weights (0 is the start), or None.

    From then on, training repeats forever.
    """
    last_updates = {update.epoch: update for update in updates}
    seen = {(*exact(start[0]), *exact([start[1]])): 0}
    for epoch, update in last_updates.items():
        key = (*update.w, update.b)
        if key in seen:
            return seen[key], epoch
        seen[key] = epoch
    return None
