"""The perceptron learning rule (Rosenblatt): weights change only after mistakes.

After each input, w -> w + eta (target - output) x and b -> b + eta (target - output). A correct output changes nothing.
After a wrong 0 the weights of active inputs increase, after a wrong 1 they decrease. If the table is linearly
separable, the rule converges after finitely many mistakes. Otherwise it never stops. Weights are exact fractions:
with rounded ones, a sum that should be 0 can be above it, and the rule would stop at weights that are wrong.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy.typing as npt

from nndigits.models.chapter.perceptron import Exact, exact, perceptron


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
