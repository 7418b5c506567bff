"""Successive halving: all combinations get a few epochs, and the best third of them three times as many, and so on.

This finds a good combination with a fraction of the epochs, because most bad ones show it early (Jamieson and Talwalkar
2016). Those that learn slowly at first and well later are lost. A run that goes on continues from its checkpoint, so it
ends in the same bytes as one that was never stopped.
"""

from collections.abc import Mapping, Sequence
from statistics import mean

FACTOR = 3
"""Of three combinations, one goes on, with three times the epochs."""


def rungs(epochs: int, combinations: int) -> list[int]:
    """Return the numbers of epochs after which the worst are stopped, and last all epochs.

    >>> rungs(30, 40)
    [2, 4, 10, 30]
    >>> rungs(30, 2)
    [30]
    """
    found = [epochs]
    while combinations >= FACTOR and found[0] > 1:
        found.insert(0, -(-found[0] // FACTOR))
        combinations //= FACTOR
    return found


def score(correct: Sequence[int], keep: str) -> int:
    """Return how good a run is after these epochs: its best on validation, or its last, as it keeps its weights."""
    return (max(correct) if keep == "best" else correct[-1]) if correct else -1


def survivors(scores: Mapping[int, Sequence[int]]) -> list[int]:
    """Return the combinations that go on, in order, given the scores of the runs of each; of equals, the first."""
    kept = max(1, len(scores) // FACTOR)
    ranked = sorted(scores, key=lambda one: (-mean(scores[one]), one))
    return sorted(ranked[:kept])
