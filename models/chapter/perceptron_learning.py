"""How a perceptron can learn from its mistakes: Rosenblatt's rule.

After each input, w -> w + eta (wanted - answer) x and b -> b + eta (wanted - answer): nothing happens after a right
answer; after a wrong 0 the weights of the inputs that were on grow, after a wrong 1 they shrink. If any weights do
the table, the rule finds such weights after finitely many mistakes; if none do, it can never stop.
"""

from typing import NamedTuple

import numpy as np

from nn.models.arrays.types import Array
from nn.models.chapter.perceptron import perceptron


class Update(NamedTuple):
    """One input, what was answered and what was wanted, and the weights ``(n,)`` and bias afterwards."""

    epoch: int
    row: int
    answer: int
    wanted: int
    w: Array
    b: float


def train(x: Array, wanted: Array, w: Array, b: float, *, eta: float, epochs: int) -> list[Update]:
    """Go through the inputs ``(m, n)`` in order, epoch after epoch, until one is without a mistake."""
    told: list[Update] = []
    for epoch in range(1, epochs + 1):
        mistakes = 0
        for row, (inputs, target) in enumerate(zip(x, wanted, strict=True)):
            answer = int(perceptron(inputs[None], w, b)[0])
            error = int(target) - answer
            w, b = w + eta * error * inputs, b + eta * error
            mistakes += abs(error)
            told.append(Update(epoch, row, answer, int(target), w, b))
        if not mistakes:
            break
    return told


def mistakes_by_epoch(told: list[Update]) -> list[int]:
    """How many answers were wrong in each epoch."""
    counts = [0] * told[-1].epoch
    for lesson in told:
        counts[lesson.epoch - 1] += lesson.answer != lesson.wanted
    return counts


def first_return(start: tuple[Array, float], told: list[Update]) -> tuple[int, int] | None:
    """The first two epochs after which the weights are the same to the last bit (0: the start), or nothing.

    From there on everything repeats, for ever.
    """
    ends = {lesson.epoch: lesson for lesson in told}
    seen: dict[bytes, int] = {(np.append(start[0], start[1]) + 0.0).tobytes(): 0}
    for epoch, lesson in ends.items():
        key = (np.append(lesson.w, lesson.b) + 0.0).tobytes()  # + 0.0 makes -0.0 the same as 0.0
        if key in seen:
            return seen[key], epoch
        seen[key] = epoch
    return None
