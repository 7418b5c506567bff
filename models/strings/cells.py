"""The cells of a line, and which of them are numbers.

Where the paper between two marks is wider than a digit is high, a cell ends: a column of a table, or the label beside a
field. A cell is a number if its candidates are clearly better as digits than as anything else. Printed words, barcodes
and patterns are not: the network rejects too many of their pieces.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from nndigits.models.arrays.types import Box
from nndigits.models.strings.segmentation import HEIGHT, TextLine
from nndigits.models.strings.signs import Sign

MIN_WIDTH, MIN_GAP = 0.6, 1.1
"""The width of a mark at least, around its middle, and that of the paper between two cells, in heights of a digit."""

MIN_SCORE = 1.2
"""The score that each candidate of a number adds at least, but the first, in nats."""


def cells(
    line: TextLine, path: Iterable[tuple[int, bool, float]], signs: Iterable[Sign], *, is_any_text: bool
) -> list[list[int | Sign]]:
    """Return the cells of a line from left to right: the candidates that are its digits, and its signs.

    ``path`` is the best path through the line (``Lattice.path``). Cells that are no number are left out, unless
    ``is_any_text``.
    """
    height = HEIGHT / line.scale
    marks: list[tuple[Box, int | Sign | None, float | None]] = [(sign.box, sign, None) for sign in signs]
    marks += [(line.box(number), number if is_digit else None, score) for number, is_digit, score in path]
    found: list[list[int | Sign]] = []
    scores: list[list[float]] = []
    end = -np.inf
    for box, mark, score in sorted(marks, key=lambda mark: mark[0][0] + mark[0][2]):
        middle, half = (box[0] + box[2]) / 2, max(box[2] - box[0], MIN_WIDTH * height) / 2
        if middle - half > end + MIN_GAP * height:
            found.append([])
            scores.append([])
        end = max(end, middle + half)
        if mark is not None:
            found[-1].append(mark)
        if score is not None:
            scores[-1].append(score)
    return [
        cell
        for cell, own in zip(found, scores, strict=True)
        if any(isinstance(mark, int) for mark in cell) and (is_any_text or _is_number(own))
    ]


def _is_number(scores: Sequence[float]) -> bool:
    """Return whether candidates with these scores are a number."""
    return sum(scores) >= MIN_SCORE * (len(scores) - 1)
