"""Drawings in a terminal: pictures in half blocks, or in ASCII if the encoding has no blocks, and curves of dots."""

import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nndigits.stages.store.texts import Picture


VISIBLE = 80
"""Pixels of at least this grey (of 255) are drawn."""

BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
LETTERS = " .:*#"


def picture_lines(picture: "Picture") -> list[str]:
    """Draw a picture, one line for two rows of pixels."""
    rows = [*picture, (0,) * len(picture[0])] if len(picture) % 2 else list(picture)
    pairs = zip(rows[::2], rows[1::2], strict=True)
    if _can_print("▀▄█"):
        return [
            "".join(BLOCKS[above >= VISIBLE, below >= VISIBLE] for above, below in zip(*pair, strict=True))
            for pair in pairs
        ]
    return ["".join(_letter(above, below) for above, below in zip(*pair, strict=True)) for pair in pairs]


def captioned(picture: "Picture", caption: str) -> list[str]:
    """Draw a picture below a caption, all lines padded to the same width."""
    width = max(len(picture[0]), len(caption))
    return [line.ljust(width) for line in [caption, *picture_lines(picture)]]


def _letter(above: int, below: int) -> str:
    return LETTERS[(above + below) * (len(LETTERS) - 1) // 510]


def _can_print(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


WIDTH, HEIGHT = 72, 14  # columns and rows of a curve


def curve_lines(heights: Sequence[float], width: int = WIDTH, rows: int = HEIGHT) -> list[str]:
    """Draw a curve as text: one dot per column, at the mean height of its stretch of the curve."""
    ends = [len(heights) * column // width for column in range(width + 1)]
    stretches = [heights[first : max(first + 1, behind)] for first, behind in pairwise(ends)]
    means = [sum(stretch) / len(stretch) for stretch in stretches]
    low, high = min(means), max(means)
    places = [round((high - mean) / ((high - low) or 1) * (rows - 1)) for mean in means]
    lines = ["".join("•" if place == row else " " for place in places).rstrip() for row in range(rows)]
    labels = {0: f"{high:.3g}", rows - 1: f"{low:.3g}"}
    return [f"{labels.get(row, ''):>7}  {line}".rstrip() for row, line in enumerate(lines)]
