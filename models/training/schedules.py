"""Learning-rate schedules: large steps at first, small steps at the end.

A schedule maps the progress of training, from 0 at the first mini-batch to 1 after the last, to a factor on eta. The
schedule ``halve`` depends on the validation accuracy instead: it halves eta when that stops improving.

A new schedule is a function and a row of SCHEDULES.
"""

import math
from collections.abc import Callable, Sequence

Schedule = Callable[[float], float]

MOST_HALVINGS = 10
"""The book: halve "until the learning rate is a factor of 1,024 (or 1,000) times lower than the initial value"."""


def constant(progress: float) -> float:
    """A constant learning rate, as in the chapter."""
    return 1.0


def linear(progress: float) -> float:
    """Fall linearly from 1 to 0."""
    return 1 - progress


def cosine(progress: float) -> float:
    """Fall from 1 to 0 along a half cosine (Loshchilov and Hutter 2017, equation 5, without restarts)."""
    return (1 + math.cos(math.pi * progress)) / 2


def one_cycle(progress: float) -> float:
    """Rise from 1/25 to 1 in the first 30 %, then fall to 0, both along a cosine (Smith and Topin 2018)."""
    top, low = 0.3, 1 / 25
    if progress < top:
        return low + (1 - low) * (1 - cosine(progress / top))
    return cosine((progress - top) / (1 - top))


SCHEDULES: dict[str, Schedule] = {
    "constant": constant,
    "linear": linear,
    "cosine": cosine,
    "one-cycle": one_cycle,
    "halve": constant,  # and ``halvings``
}


def factor(schedule: Schedule, progress: float, warm_up: float = 0.0) -> float:
    """Return the factor on eta: it rises from 0 until progress ``warm_up``, then follows the schedule.

    >>> [factor(linear, progress, warm_up=0.2) for progress in (0.1, 0.2, 0.6, 1.0)]
    [0.5, 1.0, 0.5, 0.0]
    """
    if progress < warm_up:
        return progress / warm_up * schedule(0.0)
    return schedule((progress - warm_up) / (1 - warm_up))


def halvings(correct: Sequence[int], patience: int) -> int:
    """Return how often eta has been halved: after every ``patience`` epochs in a row without a new best (chapter 3).

    ``correct`` holds the number of correct predictions on the validation images after each epoch. The count of epochs
    restarts after a halving.

    >>> halvings([90, 91, 91, 90, 92, 92, 92, 92], patience=2)
    2
    """
    best, waited, count = -1, 0, 0
    for now in correct:
        waited = 0 if now > best else waited + 1
        best = max(best, now)
        if waited == patience:
            waited, count = 0, count + 1
    return count


def epochs_without_best(correct: Sequence[int]) -> int:
    """Return the number of epochs since the best one; early stopping compares it with its patience.

    >>> epochs_without_best([90, 92, 91, 92])
    2
    """
    return len(correct) - 1 - correct.index(max(correct)) if correct else 0
