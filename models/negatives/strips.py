"""Strips composed from single digits, and the ground truth: which candidates of a line are its digits.

The foreground of each digit is kept apart, so its position in the line is known. Where digits overlap, the strip is the
maximum of their foregrounds, and they share a slice, so not every digit can have its most similar candidate. The digits
are therefore the path through all slices with the highest similarity. A candidate that is nearly as similar as the
chosen one is left unlabelled.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nndigits.models.arrays.types import Array, Integers
from nndigits.models.strings.lattice import Lattice
from nndigits.models.strings.segmentation import TextLine

MIN_SIMILARITY = 0.4
"""A candidate on the best path is its digit above this similarity."""

MAX_NON_DIGIT_RATIO = 0.8
"""A candidate with at least this share of the similarity of the chosen one is left unlabelled."""

MAX_SECOND_DIGIT = 0.5
"""A candidate that holds more than this share of each of two digits is a non-digit, whatever its similarity."""

SKIP_PENALTY = 2.0
"""Subtracted from a path for each digit's foreground that it skips, in units of log-similarity."""


def compose(digits: Sequence[Array], gaps: Sequence[int], drops: Sequence[int]) -> Array:
    """Lay cropped digits, each ``(h, w)``, in a row, and return each alone on it: ``(digits, height, width)``.

    Parameters
    ----------
    gaps
        Empty columns between neighbouring digits, ``(digits - 1,)``. Negative gaps overlap.
    drops
        The offset of each digit below the common centre line, in rows, ``(digits,)``.
    """
    lefts = [0]
    for digit, gap in zip(digits, gaps, strict=False):
        lefts.append(lefts[-1] + max(digit.shape[1] + gap, 1))
    tops = [drop - len(digit) // 2 for digit, drop in zip(digits, drops, strict=True)]
    height = max(top + len(digit) for top, digit in zip(tops, digits, strict=True)) - min(tops)
    width = max(left + digit.shape[1] for left, digit in zip(lefts, digits, strict=True))
    layers: Array = np.zeros((len(digits), height, width), np.float32)
    for layer, digit, top, left in zip(layers, digits, tops, lefts, strict=True):
        layer[top - min(tops) : top - min(tops) + len(digit), left : left + digit.shape[1]] = digit
    return layers


def touching_gap(first: Array, second: Array) -> int:
    """Return the gap at which two digits, composed with no drop, touch on the row where they are closest."""
    height = max(len(first), len(second))
    distances = np.zeros(height)
    for digit in (first[:, ::-1], second):
        mask = np.zeros((height, digit.shape[1]), bool)
        top = height // 2 - len(digit) // 2
        mask[top : top + len(digit)] = digit > 0.5
        distances += np.where(mask.any(axis=1), mask.argmax(axis=1), np.inf)
    return -int(distances.min()) if np.isfinite(distances.min()) else 0


@dataclass(frozen=True)
class GroundTruth:
    """The labels of a line's candidates.

    Attributes
    ----------
    digits
        The candidate of each digit that the cuts separate, by the digit's index in the line.
    non_digits
        The candidates that are no digit.
    similarity
        The similarity of each candidate to its most similar digit, from 0 to 1, ``(m,)``.
    """

    digits: dict[int, int]
    non_digits: Integers
    similarity: Array


def ground_truth(line: TextLine, layers: Array) -> GroundTruth:
    """Label the candidates of a line; ``layers`` has each of its digits alone, ``(digits, height, width)``."""
    foreground = line.foreground_per_slice(layers.max(axis=0))
    coverage, similarities = overlap(line, layers, foreground)
    similarity = similarities.max(axis=1)
    path = _best_path(line, similarity, foreground, len(layers))
    digits = {
        digit: candidate for digit, candidate in enumerate(path) if similarities[candidate, digit] > MIN_SIMILARITY
    }
    reached = np.full(len(layers), MIN_SIMILARITY)
    reached[list(digits)] = similarity[list(digits.values())]
    dissimilar = (similarities < MAX_NON_DIGIT_RATIO * reached).all(axis=1)
    non_digit = dissimilar | (np.count_nonzero(coverage > MAX_SECOND_DIGIT, axis=1) > 1)
    non_digit[list(digits.values())] = False
    return GroundTruth(digits, np.flatnonzero(non_digit), similarity)


def overlap(line: TextLine, layers: Array, foreground: Array) -> tuple[Array, Array]:
    """Return the share of each digit that a candidate covers, and their similarity, ``(m, digits)`` each.

    ``foreground`` is that of all digits by slice. The similarity is the smaller of two shares: how much of the digit
    the candidate covers, and how much of the candidate is the digit.
    """
    own = np.stack([line.foreground_per_slice(layer) for layer in layers])
    common = _sum_per_candidate(line, own)
    coverage = (common / np.maximum(own.sum(axis=1)[:, None], 1e-6)).T
    return coverage, np.minimum(coverage, (common / np.maximum(_sum_per_candidate(line, foreground), 1e-6)).T)


def _sum_per_candidate(line: TextLine, per_slice: Array) -> Array:
    """Return sums over the slices of each candidate, ``(..., m)``, for values by slice, ``(..., n)``."""
    sums = np.concatenate([np.zeros((*per_slice.shape[:-1], 1)), per_slice.cumsum(axis=-1)], axis=-1)
    first, last = line.spans.T
    found: Array = sums[..., last] - sums[..., first]
    return found


def _best_path(line: TextLine, similarity: Array, foreground: Array, digits: int) -> list[int]:
    """Return the most similar candidates that make up the line, one for each digit, or none if there is no path."""
    skipped_digits = _sum_per_candidate(line, foreground) * digits / np.maximum(foreground.sum(), 1e-6)
    lattice = Lattice(line.spans, np.log(np.maximum(similarity, 1e-3)), -SKIP_PENALTY * skipped_digits, line.count)
    return lattice.digits(digits) if digits in np.flatnonzero(np.isfinite(lattice.scores)) else []
