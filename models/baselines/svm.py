"""A support vector machine for ten digits: a binary classifier for each pair of digits, and a vote (chapter 1).

The chapter uses scikit-learn's default, which is libsvm. This module gives the same decisions in a fraction of the time
(see ``binary_svm.py``). Each of the 45 pairs votes for one of its two digits. The prediction is the digit with most
votes, or the smallest of several, as in libsvm. The pairs are independent: ``binary_svm.fit`` trains each, in any order
and on any machine, and ``assemble`` joins them.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from nndigits.models.arrays.types import Array, Bytes, Doubles, Integers
from nndigits.models.baselines import binary_svm
from nndigits.models.baselines.binary_svm import BinarySVM
from nndigits.models.baselines.rbf_kernel import ROWS, expansion, points, used_pixels

Digits = tuple[int, int]

SCREENING_AXES, PCA_IMAGES = 40, 5000
"""The principal axes for screening, and the approximate number of images they are computed from."""

BATCH = 2 * ROWS
"""Images that one thread evaluates at a time."""


@dataclass(frozen=True)
class SVM:
    """Support vectors and their coefficients, in the layout of libsvm.

    Attributes
    ----------
    support
        The support vectors of all pairs, ``(s, height, width)`` bytes: those of digit 0, then of 1, and so on.
    counts
        The number of support vectors of each digit, ``(classes,)``.
    coefficients
        ``(classes - 1, s)``: for a support vector of digit d, row r is its coefficient against the r-th other digit.
    intercepts
        b of each pair, ``(pairs,)``: 0 and 1, 0 and 2, ..., 8 and 9.
    threads
        The number of threads for prediction. The outputs do not depend on it.
    """

    support: Bytes = field(repr=False)
    counts: Integers = field(repr=False)
    coefficients: Doubles = field(repr=False)
    intercepts: Doubles = field(repr=False)
    c: float
    gamma: float
    threads: int = 1

    def __str__(self) -> str:
        return f"SVM, RBF kernel, C = {self.c:g}, gamma = {self.gamma:.5g}"

    @property
    def classes(self) -> int:
        """The number of classes."""
        return len(self.counts)

    def decisions(self, images: Bytes) -> Doubles:
        """Return f of each image for each pair, ``(n, pairs)``. A positive value predicts the pair's first digit."""
        return self._by_batch(images, len(self.intercepts), lambda decisions: decisions)

    def outputs(self, images: Bytes) -> Array:
        """Return the votes for each digit, ``(n, classes)``, plus a fraction for the winner as its confidence.

        The fraction is m / (1 + m) for the smallest f, m, among the winner's pairs. It changes no prediction.
        """
        return self._by_batch(images, self.classes, self._votes)

    def _by_batch(self, images: Bytes, columns: int, of: Callable[[Doubles], Doubles]) -> Doubles:
        """Return ``of`` the decisions, ``(n, columns)``, computed for a batch of images at a time."""
        pixels = used_pixels(self.support)
        support, weights = points(self.support, pixels), self._weights()

        def decide(start: int) -> Doubles:
            batch = points(images[start : start + BATCH], pixels)
            return of(expansion(batch, support, weights, self.gamma) + self.intercepts)

        with ThreadPoolExecutor(self.threads) as pool:
            return np.concatenate([np.empty((0, columns)), *pool.map(decide, range(0, len(images), BATCH))])

    def _votes(self, decisions: Doubles) -> Doubles:
        """Return the votes, ``(n, classes)``, for decisions, ``(n, pairs)``."""
        votes = np.zeros((len(decisions), self.classes))
        smallest = np.full((len(decisions), self.classes), np.inf)
        for (a, b), f in zip(combinations(range(self.classes), 2), decisions.T, strict=True):
            votes[:, a] += f > 0
            votes[:, b] += f <= 0
            np.minimum(smallest[:, a], f, out=smallest[:, a])
            np.minimum(smallest[:, b], -f, out=smallest[:, b])
        rows = np.arange(len(decisions))
        winner = votes.argmax(axis=1)
        margin = np.maximum(smallest[rows, winner], 0)
        votes[rows, winner] += margin / (1 + margin)
        return votes

    def _weights(self) -> Doubles:
        """Return the coefficients with a column for each pair, ``(s, pairs)``."""
        ends = np.cumsum(self.counts)
        rows_of = [slice(end - count, end) for end, count in zip(ends, self.counts, strict=True)]
        weights = np.zeros((len(self.support), len(self.intercepts)))
        for column, (a, b) in enumerate(combinations(range(self.classes), 2)):
            weights[rows_of[a], column] = self.coefficients[b - 1, rows_of[a]]
            weights[rows_of[b], column] = self.coefficients[a, rows_of[b]]
        return weights


def screening_axes(images: Bytes) -> Array:
    """Return the principal axes that all pairs are screened with, ``(pixels, axes)``, given the training images."""
    return binary_svm.principal_axes(images[:: max(1, len(images) // PCA_IMAGES)], SCREENING_AXES)


def assemble(
    pairs: Mapping[Digits, BinarySVM], images: Bytes, labels: Integers, classes: int, *, c: float, gamma: float
) -> tuple[SVM, Integers]:
    """Assemble the pairs; return the machine and the indices of its support vectors in the images, ``(s,)``.

    A digit without images loses each of its pairs.
    """
    images_of = [np.flatnonzero(labels == digit) for digit in range(classes)]
    coefficients: Doubles = np.zeros((classes - 1, len(images)))
    intercepts = []
    for a, b in combinations(range(classes), 2):
        pair = pairs.get((a, b))
        intercepts.append(pair.intercept if pair else 1.0 if len(images_of[a]) else -1.0)
        if pair:
            of_a = int(np.searchsorted(pair.support, len(images_of[a])))
            coefficients[b - 1, images_of[a][pair.support[:of_a]]] = pair.coefficients[:of_a]
            coefficients[a, images_of[b][pair.support[of_a:] - len(images_of[a])]] = pair.coefficients[of_a:]
    is_support = np.count_nonzero(coefficients, axis=0) > 0
    support = np.concatenate([indices[is_support[indices]] for indices in images_of])
    counts = np.array([np.count_nonzero(is_support[indices]) for indices in images_of])
    machine = SVM(images[support], counts, coefficients[:, support], np.array(intercepts), c, gamma)
    return machine, support
