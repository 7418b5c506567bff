"""Pictures in a terminal: one line of half blocks for two rows of pixels, or ASCII if the encoding has no blocks."""

import sys
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
