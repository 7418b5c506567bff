"""The perceptron learning rule (Rosenblatt): weights change only after mistakes.

After each input, w -> w + eta (target - output) x and b -> b + eta (target - output). A correct output changes nothing.
After a wrong 0 the weights of active inputs increase, after a wrong 1 they decrease. If the table is linearly
separable, the rule converges after finitely many mistakes. Otherwise it never stops.
"""

from typing import NamedTuple

import numpy as np

from nn.models.arrays.types import Array
from nn.models.chapter.perceptron import perceptron


class Update(NamedTuple):
    """One training step: the input's row, the output, the target, and the weights ``(n,)`` and bias after it."""

    epoch: int
    row: int
    output: int
    target: int
    w: Array
    b: float


def train(x: Array, targets: Array, w: Array, b: float, *, eta: float, epochs: int) -> list[Update]:
    """Train on the inputs ``(m, n)`` in order, for at most ``epochs`` epochs or until one has no mistakes."""
    updates: list[Update] = []
    for epoch in range(1, epochs + 1):
        mistakes = 0
        for row, (inputs, target) in enumerate(zip(x, targets, strict=True)):
            output = int(perceptron(inputs[None], w, b)[0])
            error = int(target) - output
            w, b = w + eta * error * inputs, b + eta * error
            mistakes += abs(error)
            updates.append(Update(epoch, row, output, int(target), w, b))
        if not mistakes:
            break
    return updates


def mistakes_by_epoch(updates: list[Update]) -> list[int]:
    """Return the number of mistakes in each epoch."""
    counts = [0] * updates[-1].epoch
    for update in updates:
        counts[update.epoch - 1] += update.output != update.target
    return counts


def first_return(start: tuple[Array, float], updates: list[Update]) -> tuple[int, int] | None:
    """Return the first two epochs that end with equal weights (0 is the start), or None.

    From then on, training repeats forever.
    """
    last_updates = {update.epoch: update for update in updates}
    seen: dict[bytes, int] = {(np.append(start[0], start[1]) + 0.0).tobytes(): 0}
    for epoch, update in last_updates.items():
        key = (np.append(update.w, update.b) + 0.0).tobytes()  # + 0.0 makes -0.0 the same as 0.0
        if key in seen:
            return seen[key], epoch
        seen[key] = epoch
    return None
