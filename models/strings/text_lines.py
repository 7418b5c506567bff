"""Text lines: connected components of the foreground, grouped by line of writing.

From left to right, each tall component joins the line whose last component overlaps it vertically, so a line may rise
or fall. Small components, such as a comma or the detached bar of a 5, join the nearest line. Those that stand above or
below all lines are grouped again, among themselves, as the lines of a page may be written in different sizes. Last,
lines that lie near each other are one line if no digit stands above another: digits may wander up and down, and a
staircase is one line.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from nndigits.models.arrays.types import Array, Integers
from nndigits.models.images.components import Components, Mask, components

FOREGROUND_THRESHOLD = 0.35
"""Pixels above this belong to a component. Fainter edges would connect digits that stand close."""

MIN_HEIGHT_FRACTION = 0.6
"""The smallest height of a component that can begin a line, as a share of the typical height."""

MIN_VERTICAL_OVERLAP = 0.35
"""A component joins a line if they share at least this much of the height of the shorter component."""

MIN_DISTANCE = 0.15
"""A small component stands above or below a line if it is this far from the line's nearest one, in heights of that."""

MIN_LINE_FRACTION = 0.25
"""The smallest height of a line of small components, as a share of the typical height. Lower ones are specks."""

MAX_COMPONENTS = 1000

MIN_SHARED_COLUMNS = 0.3
"""Of two components, one stands above the other if they share this much of the columns of the narrower one."""

MAX_STEP = 1.5
"""Lines are one line only if neighbouring components, one of each, are at most this many heights of the taller one
apart, up or down."""

MOST_JOINED = 100
"""The most lines that are compared with each other."""


def group_into_lines(foreground: Array) -> tuple[Components, list[Integers]]:
    """Return the components of a foreground, ``(height, width)``, and the indices of those of each line.

    The lines are in order from the top down. Raises ValueError if there are more than MAX_COMPONENTS components.
    """
    parts = components(foreground > FOREGROUND_THRESHOLD)
    if not len(parts):
        return parts, []
    if len(parts) > MAX_COMPONENTS:
        raise ValueError(f"it has {len(parts):,} separate marks, expected at most {MAX_COMPONENTS:,}")
    lines = _joined(parts, _lines(parts, np.argsort(parts.left, kind="stable")))
    lines.sort(key=lambda line: float(np.mean(parts.top[line] + parts.bottom[line])))
    return parts, [np.sort(np.array(line)) for line in lines]


def _joined(parts: Components, lines: list[list[int]]) -> list[list[int]]:
    """Join lines of which no digit stands above another, the nearest first; very many lines stay as they are."""
    if len(lines) > MOST_JOINED:
        return lines
    known = dict(enumerate(lines))
    digits = {name: np.array(line)[are_tall(parts, line)] for name, line in known.items()}
    steps = {pair: _step(parts, digits[pair[0]], digits[pair[1]]) for pair in combinations(known, 2)}
    while steps and steps[nearest := min(steps, key=steps.__getitem__)] <= MAX_STEP:
        one, other = nearest
        known[one], digits[one] = known[one] + known.pop(other), np.append(digits[one], digits.pop(other))
        steps = {pair: step for pair, step in steps.items() if other not in pair}
        for pair in steps:
            if one in pair:
                steps[pair] = _step(parts, digits[pair[0]], digits[pair[1]])
    return list(known.values())


def are_tall(parts: Components, line: Sequence[int] | Integers) -> Mask:
    """Return which components of a line are as high as digits, ``(n,)``."""
    height = (parts.bottom - parts.top)[line]
    is_tall: Mask = height >= MIN_HEIGHT_FRACTION * typical_height(height)
    return is_tall


def _step(parts: Components, one: Integers, other: Integers) -> float:
    """Return the largest step up or down between neighbouring digits, one of each line, in heights of the taller one.

    It is infinite if a digit of one line stands above one of the other.
    """
    left, right = parts.left, parts.right
    shared = np.minimum.outer(right[one], right[other]) - np.maximum.outer(left[one], left[other])
    if (shared > MIN_SHARED_COLUMNS * np.minimum.outer((right - left)[one], (right - left)[other])).any():
        return float("inf")
    both = np.append(one, other)
    order = np.argsort((left + right)[both], kind="stable")
    before, after = both[order[:-1]], both[order[1:]]
    changes = np.isin(before, one) != np.isin(after, one)
    top, bottom = parts.top, parts.bottom
    apart = np.maximum(top[after] - bottom[before], top[before] - bottom[after])
    return float((apart / np.maximum((bottom - top)[before], (bottom - top)[after]))[changes].max())


def _lines(parts: Components, order: Integers) -> list[list[int]]:
    """Group components, sorted by their left edges, into lines."""
    typical, is_tall = typical_height((parts.bottom - parts.top)[order]), are_tall(parts, order)
    tall, small = order[is_tall], order[~is_tall]
    lines: list[list[int]] = []
    for part in tall:
        overlaps = [_vertical_overlap(parts, part, line[-1]) for line in lines]
        if overlaps and max(overlaps) >= MIN_VERTICAL_OVERLAP:
            lines[int(np.argmax(overlaps))].append(int(part))
        else:
            lines.append([int(part)])
    tall_parts = [list(line) for line in lines]
    apart = np.array([part for part in small if all(_is_apart(parts, part, line) for line in tall_parts)], int)
    smaller = [
        line
        for line in (_lines(parts, apart) if len(apart) else [])
        if len(line) > 1 and typical_height((parts.bottom - parts.top)[line]) >= MIN_LINE_FRACTION * typical
    ]
    for part in np.setdiff1d(small, [part for line in smaller for part in line]):
        lines[int(np.argmin([_distance(parts, part, line) for line in tall_parts]))].append(int(part))
    return lines + smaller


def typical_height(heights: Integers) -> float:
    """Return the typical height of a digit: the median of all heights, weighted by height."""
    order = np.argsort(heights)
    cumulative = np.cumsum(heights[order])
    return float(heights[order[np.searchsorted(cumulative, cumulative[-1] / 2)]])


def _vertical_overlap(parts: Components, one: int, other: int) -> float:
    """Return the number of rows that two components share, as a share of the shorter one's height."""
    both = min(parts.bottom[one], parts.bottom[other]) - max(parts.top[one], parts.top[other])
    return float(both) / float(min(parts.bottom[one] - parts.top[one], parts.bottom[other] - parts.top[other]))


def _is_apart(parts: Components, part: int, line: list[int]) -> bool:
    """Return whether a component is clearly above or below that of a line which is nearest to its left or right."""
    across, down = _gaps(parts, part, line)
    nearest = int(np.argmin(across))
    beside = line[nearest]
    return bool(down[nearest] > MIN_DISTANCE * (parts.bottom[beside] - parts.top[beside]))


def _distance(parts: Components, part: int, line: list[int]) -> float:
    """Return the distance of a component from the nearest one of a line. Vertical distances count twice."""
    across, down = _gaps(parts, part, line)
    return float((2 * down + across).min())


def _gaps(parts: Components, part: int, line: list[int]) -> tuple[Integers, Integers]:
    """Return the columns and the rows between a component and each one of a line; 0 where they overlap."""
    across = np.maximum(parts.left[line] - parts.right[part], parts.left[part] - parts.right[line])
    down = np.maximum(parts.top[line] - parts.bottom[part], parts.top[part] - parts.bottom[line])
    return np.maximum(across, 0), np.maximum(down, 0)
