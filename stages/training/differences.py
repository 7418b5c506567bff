"""Which differences between combinations are noise: each is compared with the best one.

With several seeds, a paired t-test over the seeds that both have. It takes the seed's influence as it was measured, and
also that of the validation images, as far as it differs between runs. With one seed, only the sampling error of the
validation images is known, and the two accuracies are taken as independent, which is more than their true error, since
the images are the same. The seed's own influence is then left out.

Many comparisons are made at once, so the p-values are corrected by Holm's method (1979): at most 5 % of sweeps whose
combinations are all alike would call any of them worse.
"""

import math
from collections.abc import Mapping, Sequence
from statistics import mean, stdev
from typing import Literal

LEVEL = 0.05

Against = Literal["", "best", "not told apart", "worse"]
Scores = Mapping[int, int]
"""Seed -> correct validation images."""


def compare_with_best(combinations: Sequence[Scores], total: int) -> list[Against]:
    """Compare each combination with the first, which is the best; ``total`` is the number of validation images."""
    if not combinations or not total:
        return [""] * len(combinations)
    best, *others = combinations
    found: list[Against] = ["best"]
    for p in holm([p_value(best, other, total) for other in others]):
        found.append("worse" if p < LEVEL else "not told apart")
    return found


def p_value(best: Scores, other: Scores, total: int) -> float:
    """Return how probable a difference of this size, in either direction, is between equal combinations."""
    common = sorted(set(best) & set(other))
    if not common:
        return 1.0
    differences = [best[seed] - other[seed] for seed in common]
    if len(common) > 1:
        return _paired_t(differences)
    first, second = best[common[0]] / total, other[common[0]] / total
    error = math.sqrt((first * (1 - first) + second * (1 - second)) / total)
    return math.erfc(abs(first - second) / error / math.sqrt(2)) if error else float(first == second)


def holm(values: Sequence[float]) -> list[float]:
    """Return p-values that are corrected for their number, in the same order.

    >>> holm([0.01, 0.5, 0.02])
    [0.03, 0.5, 0.04]
    """
    corrected, largest = [0.0] * len(values), 0.0
    for rank, at in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        largest = max(largest, min(1.0, (len(values) - rank) * values[at]))
        corrected[at] = largest
    return corrected


def _paired_t(differences: Sequence[int]) -> float:
    """Return the two-sided p-value of the mean of differences being 0."""
    from scipy.special import stdtr

    error = stdev(differences) / math.sqrt(len(differences))
    if not error:
        return float(not mean(differences))
    return 2 * float(stdtr(len(differences) - 1, -abs(mean(differences)) / error))
