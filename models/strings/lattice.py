"""The best path through a lattice of candidates, by dynamic programming over the slices of a line.

The best path up to a cut is the best, over all candidates that end there, of the best path up to the candidate's start
plus the candidate's own score. Each candidate on a path is either a digit or skipped as a non-digit.
"""

from collections.abc import Sequence

import numpy as np

from nndigits.models.arrays.types import Array, Integers


class NoPath(ValueError):
    """No sequence of candidates covers a line."""


class TooManyDigits(ValueError):
    """Some lines cannot hold the wanted number of digits."""


class Lattice:
    """The best path through ``count`` slices for each number of digits.

    Parameters
    ----------
    spans
        ``(m, 2)``: the first slice of each candidate, and the slice after its last.
    digit_scores, non_digit_scores
        The score that each candidate adds to a path as a digit and as a non-digit, ``(m,)``.

    Attributes
    ----------
    scores
        The score of the best path with 0, 1, 2, ... digits, ``(count + 1,)``; minus infinity where there is no path.
    """

    def __init__(self, spans: Integers, digit_scores: Array, non_digit_scores: Array, count: int) -> None:
        self._spans, self._count = spans, count
        self._candidates = np.stack([non_digit_scores, digit_scores])
        best = np.full((count + 1, count + 1), -np.inf)
        best[0, 0] = 0
        self._back: dict[tuple[int, int], tuple[int, bool]] = {}
        for number in np.argsort(spans[:, 1], kind="stable").tolist():
            first, last = spans[number].tolist()
            for is_digit, score in ((False, float(non_digit_scores[number])), (True, float(digit_scores[number]))):
                reached = best[first, : first + 1] + score  # at most one digit per slice
                here = best[last, int(is_digit) : first + 1 + is_digit]
                for digits in np.flatnonzero(reached > here).tolist():
                    here[digits] = reached[digits]
                    self._back[last, digits + is_digit] = (number, is_digit)
        self.scores: Array = best[count]

    @property
    def max_digits(self) -> int:
        """The largest number of digits of any path."""
        return int(np.flatnonzero(np.isfinite(self.scores)).max())

    def digits(self, wanted: int | None = None) -> list[int]:
        """Return the candidates that are digits on ``path(wanted)``."""
        return [number for number, is_digit, _ in self.path(wanted) if is_digit]

    def path(self, wanted: int | None = None) -> list[tuple[int, bool, float]]:
        """Return all candidates of the best path from left to right, whether each is a digit or skipped, and its score.

        With ``wanted``, it is the best path with this number of digits, which must exist. Raises NoPath if no candidate
        covers some slice: its marks are faint, and too wide with either neighbour.
        """
        left = int(self.scores.argmax()) if wanted is None else wanted
        if not np.isfinite(self.scores[left]):
            raise NoPath("no sequence of candidates covers a line")
        path: list[tuple[int, bool, float]] = []
        end = self._count
        while end:
            number, is_digit = self._back[end, left]
            path.append((number, is_digit, float(self._candidates[int(is_digit), number])))
            left -= is_digit
            end = int(self._spans[number, 0])
        return path[::-1]


def distribute_digits(lattices: Sequence[Lattice], wanted: int) -> list[int]:
    """Return the number of digits of each line that maximises the sum of scores for ``wanted`` digits in all.

    Raises TooManyDigits if the lines cannot hold that number.
    """
    sums = [np.zeros(1)]
    for lattice in lattices:
        longer = np.full(len(sums[-1]) + len(lattice.scores) - 1, -np.inf)
        for digits, score in enumerate(lattice.scores.tolist()):
            here = longer[digits : digits + len(sums[-1])]
            np.maximum(here, sums[-1] + score, out=here)
        sums.append(longer[: wanted + 1])
    if not (wanted < len(sums[-1]) and np.isfinite(sums[-1][wanted])):
        raise TooManyDigits(
            f"the picture has room for at most {sum(lattice.max_digits for lattice in lattices)} digits"
        )
    counts: list[int] = []
    for lattice, before in zip(reversed(lattices), reversed(sums[:-1]), strict=True):
        own = lattice.scores[: wanted + 1]
        others = np.append(before, np.full(max(0, wanted + 1 - len(before)), -np.inf))[wanted::-1][: len(own)]
        counts.append(int(np.argmax(own + others)))
        wanted -= counts[-1]
    return counts[::-1]
