"""Colours, where they carry meaning: errors, warnings, the diagonal of a confusion matrix, the best row of a table.

There are none in a pipe or a file, none with NO_COLOR, and none on a terminal that does not know them.
"""

import os
from typing import Literal, TextIO

Style = Literal["", "error", "warning", "good", "best"]

CODES = {"error": "1;31", "warning": "33", "good": "32", "best": "1;32"}


def has_colours(stream: TextIO) -> bool:
    """Whether to colour what is printed on a stream."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream.isatty()


def coloured(text: str, style: Style, stream: TextIO) -> str:
    """Return the text in the colour of a style, if the stream has colours."""
    return f"\x1b[{CODES[style]}m{text}\x1b[0m" if style and text and has_colours(stream) else text
