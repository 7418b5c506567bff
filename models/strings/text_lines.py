"""Lines of writing: which connected parts of the ink stand beside each other.

From left to right each tall part joins the line whose last parts stand at its height: a line may rise or fall. What is
small, a comma or the loose bar of a 5, goes to the line that it is nearest to.
"""

import numpy as np

from nn.models.arrays.types import Array, Integers
from nn.models.images.components import Components, components

DARK = 0.35
"""How much ink a pixel has that belongs to a part: faint edges would join digits that stand close."""

TALL = 0.6
"""The least height of a part that can begin a line, as a share of the usual height."""

LEVEL = 0.35
"""Two parts stand beside each other if they share this much of the lower one's height."""


MOST_PARTS = 1000

LAST = 3
"""A part joins the line if it stands beside one of so many of its last: a broken digit has several."""


def group_into_lines(ink: Array) -> tuple[Components, list[Integers]]:
    """The parts of ``(height, width)`` ink, and the numbers, from 1, of those of each line, from the top down.

    Raises ValueError where there are far more than digits.
    """
    parts = components(ink > DARK)
    if not len(parts):
        return parts, []
    if len(parts) > MOST_PARTS:
        raise ValueError(f"it has {len(parts):,} separate marks, at most {MOST_PARTS:,} are looked at")
    height = parts.bottom - parts.top
    tall = height >= TALL * typical_height(height)
    order = np.argsort(parts.left, kind="stable")
    lines: list[list[int]] = []
    for part in order[tall[order]]:
        shared = [max(_shared(parts, part, other) for other in line[-LAST:]) for line in lines]
        if shared and max(shared) >= LEVEL:
            lines[int(np.argmax(shared))].append(int(part))
        else:
            lines.append([int(part)])
    heads = [list(line) for line in lines]
    for part in order[~tall[order]]:
        lines[int(np.argmin([_away(parts, part, line) for line in heads]))].append(int(part))
    lines.sort(key=lambda line: float(np.mean(parts.top[line] + parts.bottom[line])))
    return parts, [np.sort(np.array(line)) + 1 for line in lines]


def typical_height(heights: Integers) -> float:
    """The usual height of a digit: the middle one of all, each counted as often as it is high."""
    order = np.argsort(heights)
    reached = np.cumsum(heights[order])
    return float(heights[order[np.searchsorted(reached, reached[-1] / 2)]])


def _shared(parts: Components, one: int, other: int) -> float:
    """The rows on which both stand, as a share of the lower one's height."""
    both = min(parts.bottom[one], parts.bottom[other]) - max(parts.top[one], parts.top[other])
    return float(both) / float(min(parts.bottom[one] - parts.top[one], parts.bottom[other] - parts.top[other]))


def _away(parts: Components, part: int, line: list[int]) -> float:
    """How far a part is from the nearest of a line: rows count twice, as what lies beside belongs together."""
    down = np.maximum(parts.top[line] - parts.bottom[part], parts.top[part] - parts.bottom[line])
    across = np.maximum(parts.left[line] - parts.right[part], parts.left[part] - parts.right[line])
    return float((2 * np.maximum(down, 0) + np.maximum(across, 0)).min())
