"""Signs beside digits: points, commas, colons, plus, minus and equals signs, slashes and fraction bars.

A mark is a connected component of the foreground, or two small ones of which one stands above the other. A softmax over
a few of its measurements, relative to the digits around it, tells which sign it is, or that it is none. The network
does not see signs. The weights are fitted on strips of training images with drawn signs (``benchmarks/fit_signs.py``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array, Box, Integers
from nndigits.models.images.components import Components
from nndigits.models.strings.text_lines import are_tall

NEIGHBOURS, NEAR = 4, 0.25
"""Marks are measured against this many of the nearest tall components. What is above or below a mark within this share
of their height covers it."""

SIGNS = "+,-./:="

WEIGHTS = {
    "+": (14.0, -6.7, 0.4, -3.2, -1.4, -0.3, -3.4, 0.4, -27.6, 1.2, 6.9),
    ",": (-9.4, -2.8, -4.7, 26.9, -1.7, -0.6, -4.9, 3.5, -0.6, -2.1, 0.7),
    "-": (-5.6, -9.4, 2.9, 13.6, 0.7, -1.0, -16.7, -4.2, -2.4, -4.4, -9.1),
    ".": (15.8, -5.8, 1.4, 11.2, 0.7, -0.5, 3.1, 20.8, -2.6, 0.4, 4.1),
    "/": (-7.8, 12.4, -3.0, 2.0, 0.2, -1.2, -3.9, -11.6, 12.8, -17.8, -6.4),
    ":": (-34.5, 4.5, -6.8, 4.2, -0.2, -0.6, -5.6, -4.4, 3.5, 15.6, 1.8),
    "=": (-2.5, -5.0, 4.3, 9.0, -0.4, -0.9, -12.7, 5.2, 12.3, 7.7, -5.1),
    "digit": (19.4, 2.7, 4.0, -20.2, 0.5, 1.5, 14.0, 0.6, -1.9, 1.6, -16.1),
    "one": (7.2, 7.3, -1.9, -21.9, -1.2, 1.5, 15.2, -5.0, 6.2, -5.2, -8.6),
    "piece": (3.5, 2.8, 3.5, -21.6, 2.7, 2.1, 14.8, -5.4, 0.3, 2.9, 31.8),
}
MIN_BAR_ASPECT, BAR_MARGIN = 3, 0.2
"""A fraction bar is at least this many times as wide as high. Lines as wide as it end within this share of its width
beyond its ends."""


@dataclass(frozen=True)
class Sign:
    """A sign, one of ``+ , - . / : =``, and its left, top, right and bottom, right and bottom exclusive."""

    text: str
    box: Box


class Fraction(NamedTuple):
    """A fraction: the number of the line above, the bar, and the number of the line below."""

    above: int
    bar: Sign
    below: int


def find_signs(parts: Components, line: Integers, *, slashes: bool) -> list[tuple[int, Sign]]:
    """Return the components of a text line that are of signs, and the sign of each; ``slashes`` only if asked for.

    There are no signs without digits.
    """
    found: list[tuple[int, Sign]] = []
    tall, marks = find_marks(parts, line)
    for mark in marks:
        others = np.setdiff1d(tall, mark)
        if len(others):
            measured = measurements(parts, mark, others)
            text = max(WEIGHTS, key=lambda name: float(measured @ WEIGHTS[name]))
            if text in SIGNS and (slashes or text != "/"):
                found += [(part, Sign(text, _box(parts, mark))) for part in mark.tolist()]
    return found if len(np.setdiff1d(tall, [part for part, _ in found])) else []


def find_marks(parts: Components, line: Integers) -> tuple[Integers, list[Integers]]:
    """Return the tall components of a text line, and all its marks: each of those, and each of the small ones.

    Two small ones are one mark if one stands above the other.
    """
    is_tall = are_tall(parts, line)
    small = line[~is_tall]
    marks: list[list[int]] = []
    for part in small[np.argsort(parts.left[small], kind="stable")].tolist():
        above = [mark for mark in marks if len(mark) == 1 and parts.right[mark[0]] > parts.left[part]]
        if above:
            above[0].append(part)
        else:
            marks.append([part])
    return line[is_tall], [*line[is_tall][:, None], *map(np.array, marks)]


def measurements(parts: Components, mark: Integers, tall: Integers) -> Array:
    """Return what tells signs apart, ``(11,)``: 1 and ten measurements of a mark among other, tall components.

    They are the logarithms of its height and width in heights of the nearest digits; its middle, from 0 at their top to
    1 at their foot; the squares of the three; the logarithm of its area by that of its squared diagonal; the share
    of its area in the corners, which is small for a plus; its number of components; and the share of its columns in
    which a digit is right above or below it.
    """
    left, top, right, bottom = _box(parts, mark)
    away = np.maximum(parts.left[tall] - right, left - parts.right[tall])
    near = tall[np.argsort(away, kind="stable")[:NEIGHBOURS]]
    head, foot = np.median(parts.top[near]), np.median(parts.bottom[near])
    unit = max(foot - head, 1)
    own = np.isin(parts.labels[top:bottom, left:right], mark + 1)
    rows, columns = (-(-length // 3) for length in own.shape)
    corners = sum(own[y, x].sum() for y in np.s_[:rows, -rows:] for x in np.s_[:columns, -columns:])
    reach = int(NEAR * unit)
    covered = np.isin(parts.labels[max(0, top - reach) : bottom + reach, left:right], tall + 1).any(axis=0)
    height, width = np.log((bottom - top) / unit), np.log((right - left) / unit)
    thin = np.log(own.sum() / float((bottom - top) ** 2 + (right - left) ** 2))
    middle = ((top + bottom) / 2 - head) / unit
    squares = height**2, width**2, middle**2
    return np.array([1, height, width, middle, *squares, thin, corners / own.sum(), len(mark), covered.mean()])


def find_fractions(parts: Components, lines: Sequence[Integers]) -> tuple[list[Integers], list[Fraction]]:
    """Return the text lines without the bars of fractions, and the fractions.

    A bar lies right below one line and right above another, neither of which is wider. It is not a line by itself.
    """
    rest, fractions = list(lines), []
    for number, line in enumerate(lines):
        for part in line[(parts.right - parts.left)[line] >= MIN_BAR_ASPECT * (parts.bottom - parts.top)[line]]:
            bar = _box(parts, np.array([part]))
            reach = BAR_MARGIN * (bar[2] - bar[0])
            near: dict[bool, int] = {}
            for other, group in enumerate(lines):
                if len(own := group[group != part]):
                    left, top, right, bottom = _box(parts, own)
                    is_above = top + bottom < bar[1] + bar[3]
                    gap = bar[1] - bottom if is_above else top - bar[3]
                    if bar[0] - reach <= left and right <= bar[2] + reach and 0 <= gap <= bottom - top:
                        near[is_above] = other
            if len(near) == 2 and len(rest[number]) > 1:
                rest[number] = rest[number][rest[number] != part]
                fractions.append(Fraction(near[True], Sign("/", bar), near[False]))
    return rest, fractions


def _box(parts: Components, mark: Sequence[int] | Integers) -> Box:
    """Return the left, top, right and bottom of some components."""
    left, top = int(parts.left[mark].min()), int(parts.top[mark].min())
    return left, top, int(parts.right[mark].max()), int(parts.bottom[mark].max())
