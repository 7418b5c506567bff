"""Signs beside digits: decimal points, commas, minus signs and slashes, told from digits by size, shape and place.

They are connected components of the foreground. A sign stands alone: a mark right above or below a part of a digit
belongs to the digit. The network does not see signs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nndigits.models.arrays.types import Array, Integers
from nndigits.models.images.components import Components
from nndigits.models.strings.deslant import relative_slant
from nndigits.models.strings.text_lines import typical_height

MIN_DIGIT = 0.6
"""Components of at least this share of the line's typical height are digits, or slashes. Lower ones may be signs."""

MAX_POINT, MAX_COMMA, MAX_MINUS = 0.3, 0.5, 1.3
"""The sides of a point, the height of a comma and the width of a minus sign at most, in heights of the digit beside it.
A comma is as narrow as a point."""

MAX_MINUS_HEIGHT, MIN_MINUS_ASPECT = 0.3, 1.7
"""The height of a minus sign at most, in the same unit, and its width at least, in its own height."""

LOW, MIDDLE = 0.65, (0.2, 0.8)
"""The middle of a point or comma lies below the first share of the height of the digit beside it, and that of a minus
sign between the last two."""

NEAR, MAX_OVERLAP = 0.25, 0.3
"""A mark belongs to a digit that has foreground above or below more than this share of its columns, this near."""

MIN_SLASH, MIN_SLASH_SLANT, MAX_SLASH_STROKE = 1.15, 0.15, 0.18
"""A slash is this much higher than all digits of its line. It is slanted by more columns for a row up than they are,
and its area is at most this share of its squared height."""


@dataclass(frozen=True)
class Sign:
    """A sign, ``.``, ``,``, ``-`` or ``/``, and its left, top, right and bottom, right and bottom exclusive."""

    text: str
    box: tuple[int, int, int, int]


def find_signs(parts: Components, lines: Sequence[Integers]) -> dict[int, Sign]:
    """Return the signs among the components of some text lines, by component. There are none without digits."""
    edges = np.stack([parts.left, parts.top, parts.right, parts.bottom], axis=1)
    return {
        part: Sign(text, (int(left), int(top), int(right), int(bottom)))
        for line in lines
        for part, text in _signs_of_line(parts, line)
        for left, top, right, bottom in [edges[part]]
    }


def without_components(foreground: Array, parts: Components, removed: Sequence[int]) -> Array:
    """Return a foreground, ``(height, width)``, without some of its components and their soft edges."""
    kept, gone = foreground.copy(), np.zeros(len(parts) + 1, bool)
    gone[[part + 1 for part in removed]] = gone[0] = True
    for part in removed:
        window = np.s_[
            max(0, parts.top[part] - 1) : parts.bottom[part] + 1, max(0, parts.left[part] - 1) : parts.right[part] + 1
        ]
        kept[window][gone[parts.labels[window]]] = 0
    return kept


def _signs_of_line(parts: Components, line: Integers) -> list[tuple[int, str]]:
    """Return the components of a line that are signs, and which."""
    heights = parts.bottom - parts.top
    tall = line[heights[line] >= MIN_DIGIT * typical_height(heights[line])]
    slashes = _slashes(parts, tall)
    digits = np.setdiff1d(tall, slashes)
    found = [(part, "/") for part in slashes]
    for part in np.setdiff1d(line, tall).tolist():
        away = np.maximum(parts.left[digits] - parts.right[part], parts.left[part] - parts.right[digits])
        beside = int(digits[away.argmin()])
        if not _belongs_to_digit(parts, part, digits) and (text := _sign(parts, part, beside)):
            found.append((part, text))
    return found


def _sign(parts: Components, part: int, beside: int) -> str:
    """Return which sign a component is beside a digit, or nothing."""
    unit = float(parts.bottom[beside] - parts.top[beside])
    height, width = (parts.bottom[part] - parts.top[part]) / unit, (parts.right[part] - parts.left[part]) / unit
    middle = ((parts.top[part] + parts.bottom[part]) / 2 - parts.top[beside]) / unit
    if MIN_MINUS_ASPECT * height <= width <= MAX_MINUS and height <= MAX_MINUS_HEIGHT:
        return "-" if MIDDLE[0] <= middle <= MIDDLE[1] else ""
    if middle < LOW or height > MAX_COMMA or width > MAX_POINT:
        return ""
    if height <= MAX_POINT:
        return "."
    return ","


def _belongs_to_digit(parts: Components, part: int, digits: Integers) -> bool:
    """Return whether a part of a digit lies right above or below a component."""
    near = int(NEAR * (parts.bottom[digits] - parts.top[digits]).max())
    rows = slice(max(0, parts.top[part] - near), parts.bottom[part] + near)
    labels = parts.labels[rows, parts.left[part] : parts.right[part]]
    covered = np.isin(labels, digits + 1).any(axis=0)
    return bool(covered.mean() > MAX_OVERLAP)


def _slashes(parts: Components, tall: Integers) -> list[int]:
    """Return which of the tall components of a line are slashes."""
    heights = (parts.bottom - parts.top)[tall]
    strokes = [parts.labels[_window(parts, part)] == part + 1 for part in tall.tolist()]
    thin = np.array([stroke.sum() for stroke in strokes]) <= MAX_SLASH_STROKE * heights**2
    highest = heights[~thin].max(initial=0)
    if not highest:
        return []
    slants = np.array([relative_slant(stroke.astype(np.float32)) for stroke in strokes])
    usual = np.median(slants[~thin])
    is_slash = thin & (heights >= MIN_SLASH * highest) & (slants > usual + MIN_SLASH_SLANT)
    return [int(part) for part in tall[is_slash]]


def _window(parts: Components, part: int) -> tuple[slice, slice]:
    return slice(parts.top[part], parts.bottom[part]), slice(parts.left[part], parts.right[part])
