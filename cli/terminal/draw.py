"""Pictures in a terminal: two rows of pixels in one row of half blocks, or letters where those do not print."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nn.stages.store.reports import Picture

INK = 80
"""From this grey on (of 255), a pixel is drawn."""

BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
LETTERS = " .:*#"


def picture_lines(picture: "Picture") -> list[str]:
    """Draw a picture, a line for two rows of pixels."""
    rows = [*picture, (0,) * len(picture[0])] if len(picture) % 2 else list(picture)
    pairs = zip(rows[::2], rows[1::2], strict=True)
    if _can_print("▀▄█"):
        return [
            "".join(BLOCKS[above >= INK, below >= INK] for above, below in zip(*pair, strict=True)) for pair in pairs
        ]
    return ["".join(_letter(above, below) for above, below in zip(*pair, strict=True)) for pair in pairs]


def captioned(picture: "Picture", caption: str) -> list[str]:
    """Draw a picture with a line above it, cut or filled to the picture's width."""
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
