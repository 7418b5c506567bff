"""The best way through candidates: dynamic programming over the slices that they are made of.

The best reading up to a cut is the best, over all candidates that end there, of the best reading up to where the
candidate begins and the candidate's own score. Each candidate may be a digit, or be left out as no digit.
"""

from collections.abc import Sequence

import numpy as np

from nn.models.arrays.types import Array, Integers


class Lattice:
    """The best reading of ``count`` slices with each number of digits.

    Parameters
    ----------
    spans
        ``(m, 2)``: the slice that each candidate begins with, and the one behind its last.
    as_digit, as_nothing
        What each adds to the score of a way, as a digit and as left out, ``(m,)``.

    Attributes
    ----------
    scores
        The score of the best way with 0, 1, 2, ... digits, ``(count + 1,)``; minus infinity where there is none.
    """

    def __init__(self, spans: Integers, as_digit: Array, as_nothing: Array, count: int) -> None:
        self._spans, self._count = spans, count
        best = np.full((count + 1, count + 1), -np.inf)
        best[0, 0] = 0
        self._came: dict[tuple[int, int], tuple[int, bool]] = {}
        for number in np.argsort(spans[:, 1], kind="stable").tolist():
            first, last = spans[number].tolist()
            for is_digit, own in ((False, float(as_nothing[number])), (True, float(as_digit[number]))):
                reached = best[first, : first + 1] + own  # no more digits than slices
                here = best[last, int(is_digit) : first + 1 + is_digit]
                for digits in np.flatnonzero(reached > here).tolist():
                    here[digits] = reached[digits]
                    self._came[last, digits + is_digit] = (number, is_digit)
        self.scores: Array = best[count]

    @property
    def most(self) -> int:
        """The most digits that there can be."""
        return int(np.flatnonzero(np.isfinite(self.scores)).max())

    def digits(self, wanted: int | None = None) -> list[int]:
        """The candidates that are digits on the best way, from left to right: ``wanted`` of them, or as many as it has.

        There must be a way with so many.
        """
        left = int(self.scores.argmax()) if wanted is None else wanted
        path: list[int] = []
        end = self._count
        while end:
            number, is_digit = self._came[end, left]
            if is_digit:
                path.append(number)
                left -= 1
            end = int(self._spans[number, 0])
        return path[::-1]


def distribute_digits(lattices: Sequence[Lattice], wanted: int) -> list[int]:
    """How many digits each of several lines has, so that there are ``wanted`` in all and the scores' sum is greatest.

    Raises ValueError where so many cannot be had.
    """
    sums = [np.zeros(1)]
    for lattice in lattices:
        longer = np.full(len(sums[-1]) + len(lattice.scores) - 1, -np.inf)
        for digits, score in enumerate(lattice.scores.tolist()):
            here = longer[digits : digits + len(sums[-1])]
            np.maximum(here, sums[-1] + score, out=here)
        sums.append(longer[: wanted + 1])
    if not (wanted < len(sums[-1]) and np.isfinite(sums[-1][wanted])):
        raise ValueError(f"there is ink for at most {sum(lattice.most for lattice in lattices)} digits")
    shares: list[int] = []
    for lattice, before in zip(reversed(lattices), reversed(sums[:-1]), strict=True):
        own = lattice.scores[: wanted + 1]
        others = np.append(before, np.full(max(0, wanted + 1 - len(before)), -np.inf))[wanted::-1][: len(own)]
        shares.append(int(np.argmax(own + others)))
        wanted -= shares[-1]
    return shares[::-1]
