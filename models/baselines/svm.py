"""A support vector machine that tells ten digits apart: one for each pair of digits, and a vote (chapter 1).

The chapter takes scikit-learn's, which is libsvm's, "out of the box"; the same machine is learned here in a
fraction of the time (``one_against_one.py`` and what it imports say how). An image is given to all 45 pairs, each
votes for one of its two digits, and the digit with most votes is the answer, the smaller of equals as in libsvm.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from nn.models.arrays.types import Array, Bytes, Integers
from nn.models.baselines.rbf_kernel import ROWS, expansion, points, used_pixels
from nn.models.baselines.smo import Reals

PIECE = 2 * ROWS
"""Images that are read by one thread at a time."""


@dataclass(frozen=True)
class SVM:
    """Support vectors and their weights, laid out as libsvm does it.

    Attributes
    ----------
    support
        Images with a weight in any pair, ``(s, height, width)`` bytes: those of digit 0, then of 1, and so on.
    counts
        How many of them are of each digit, ``(classes,)``.
    coefficients
        ``(classes - 1, s)``: row r of an image of digit d is its weight against the r-th of the other digits.
    intercepts
        b of each pair: 0 and 1, 0 and 2, ..., 8 and 9.
    threads
        How many threads read images; the answers do not depend on it.
    """

    support: Bytes = field(repr=False)
    counts: Integers = field(repr=False)
    coefficients: Reals = field(repr=False)
    intercepts: Reals = field(repr=False)
    c: float
    gamma: float
    threads: int = 1

    def __str__(self) -> str:
        return f"SVM, RBF kernel, C = {self.c:g}, gamma = {self.gamma:.5g}"

    @property
    def classes(self) -> int:
        """How many digits it tells apart."""
        return len(self.counts)

    def decisions(self, images: Bytes) -> Reals:
        """f of each image for each pair, ``(n, pairs)``: positive says the pair's first digit."""
        pixels = used_pixels(self.support)
        support, weights = points(self.support, pixels), self._weights()

        def read(start: int) -> Reals:
            piece = points(images[start : start + PIECE], pixels)
            return expansion(piece, support, weights, self.gamma) + self.intercepts

        with ThreadPoolExecutor(self.threads) as pool:
            pieces = list(pool.map(read, range(0, len(images), PIECE)))
        return np.concatenate([np.empty((0, len(self.intercepts))), *pieces])

    def outputs(self, images: Bytes) -> Array:
        """The votes for each digit, ``(n, classes)``; the winner has a fraction more, the larger the surer.

        The fraction is made of the smallest f among the winner's pairs, m / (1 + m), so that it changes no answer.
        """
        decisions = self.decisions(images)
        votes = np.zeros((len(images), self.classes))
        least = np.full((len(images), self.classes), np.inf)
        for (a, b), f in zip(combinations(range(self.classes), 2), decisions.T, strict=True):
            votes[:, a] += f > 0
            votes[:, b] += f <= 0
            np.minimum(least[:, a], f, out=least[:, a])
            np.minimum(least[:, b], -f, out=least[:, b])
        each = np.arange(len(images))
        winner = votes.argmax(axis=1)
        margin = np.maximum(least[each, winner], 0)
        votes[each, winner] += margin / (1 + margin)
        return votes

    def _weights(self) -> Reals:
        """The coefficients with a column for each pair, ``(s, pairs)``."""
        ends = np.cumsum(self.counts)
        of = [slice(end - count, end) for end, count in zip(ends, self.counts, strict=True)]
        weights = np.zeros((len(self.support), len(self.intercepts)))
        for column, (a, b) in enumerate(combinations(range(self.classes), 2)):
            weights[of[a], column] = self.coefficients[b - 1, of[a]]
            weights[of[b], column] = self.coefficients[a, of[b]]
        return weights
