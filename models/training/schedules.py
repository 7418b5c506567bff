"""How the learning rate changes as learning goes on: large steps to get there, small ones to settle.

A schedule is a function of progress, from 0 at the first mini-batch to 1 after the last, to the factor on eta. One is
told by the validation images instead: it halves whenever they stop improving.

A new schedule is a function and a row of SCHEDULES.
"""

import math
from collections.abc import Callable, Sequence

Schedule = Callable[[float], float]

MOST_HALVINGS = 10
"""The book: halve "until the learning rate is a factor of 1,024 (or 1,000) times lower than the initial value"."""


def constant(progress: float) -> float:
    """The chapter's: always the same."""
    return 1.0


def linear(progress: float) -> float:
    """Falls steadily to nothing."""
    return 1 - progress


def cosine(progress: float) -> float:
    """Falls slowly at both ends (Loshchilov and Hutter 2017, equation 5, without restarts)."""
    return (1 + math.cos(math.pi * progress)) / 2


def one_cycle(progress: float) -> float:
    """Rises from a 25th for three tenths of the way and falls to nothing, both like a cosine (Smith and Topin 2018)."""
    top, low = 0.3, 1 / 25
    if progress < top:
        return low + (1 - low) * (1 - cosine(progress / top))
    return cosine((progress - top) / (1 - top))


SCHEDULES: dict[str, Schedule] = {
    "constant": constant,
    "linear": linear,
    "cosine": cosine,
    "one-cycle": one_cycle,
    "halve": constant,  # and see ``halvings``
}


def factor(schedule: Schedule, progress: float, warm_up: float = 0.0) -> float:
    """The factor on eta: rises from 0 for a share ``warm_up`` of the way, then follows the schedule over the rest.

    >>> [factor(linear, progress, warm_up=0.2) for progress in (0.1, 0.2, 0.6, 1.0)]
    [0.5, 1.0, 0.5, 0.0]
    """
    if progress < warm_up:
        return progress / warm_up * schedule(0.0)
    return schedule((progress - warm_up) / (1 - warm_up))


def halvings(correct: Sequence[int], patience: int) -> int:
    """How often eta has been halved: whenever ``patience`` epochs in a row brought no new best (chapter 3).

    ``correct`` has the right answers on the validation images after each epoch so far. After a halving the wait
    begins anew.

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
    """For how many epochs there has been no new best: early stopping waits for no more than its patience.

    >>> epochs_without_best([90, 92, 91, 92])
    2
    """
    return len(correct) - 1 - correct.index(max(correct)) if correct else 0
