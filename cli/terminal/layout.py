"""How text fits the terminal, and its colours.

Prose wraps between words, and pictures stand as many in a row as fit. Colours carry meaning: errors, warnings, the
diagonal of a confusion matrix, the best row of a table. There are none in a pipe or a file, with NO_COLOR, or on a
terminal that does not know them.
"""

import os
import re
import sys
import unicodedata
from collections.abc import Sequence
from typing import Literal, TextIO

from nndigits.stages.words.escaping import printable

LEAST, USUAL = 60, 80
"""Columns: the fewest that anything is made to fit, and those of a file or a pipe."""

WORD = re.compile(r"(?:`[^`]*`|(?<=\d) (?=%)|\S)+")
"""What is not broken: a word, `a command`, a number and its %."""


PIECE = re.compile(r"[\u4e00-\u9fff\uff00-\uffef“][，。；：、！？）”》]*|[^\u4e00-\u9fff\uff00-\uffef“]+")
"""What is not broken of a word: a Chinese character with the punctuation behind it, or what is not Chinese."""


def cell_width(text: str) -> int:
    """Return the columns that a text takes; a Chinese character takes two."""
    return len(text) if text.isascii() else sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in text)


def width(stream: TextIO | None = None) -> int:
    """Return the columns of the terminal behind a stream (stdout), or of COLUMNS; 80 if there is no terminal."""
    given = os.environ.get("COLUMNS", "")
    if given.isdigit():
        return max(LEAST, int(given))
    try:
        return max(LEAST, os.get_terminal_size((stream or sys.stdout).fileno()).columns or USUAL)
    except (OSError, ValueError):  # not a terminal, or closed
        return USUAL


def wrap(text: str, columns: int, commands: Sequence[str] = ()) -> list[str]:
    """Break text between words into lines of at most so many columns; a longer word keeps a line of its own.

    Line breaks in the text are escaped: it may hold a file's name. The lines of an item that begins with a dash are
    indented below it. Commands stand behind the text, ``Next:  nn train    nn eval``, and stay whole. Where they do not
    fit, each has a line of its own.
    """
    text = printable(text)
    together = "  ".join([text, "    ".join(map(printable, commands))]) if commands else text
    if cell_width(together) <= columns:
        return [together]
    words = text.lstrip(" ")
    indent = " " * (len(text) - len(words))
    hanging = indent + "  " * words.startswith("- ")
    return [*_wrap_prose(words, columns, indent, hanging), *(f"{indent}  {printable(one)}" for one in commands)]


def rows(blocks: Sequence[list[str]], columns: int, gap: str = "  ") -> list[str]:
    """Put blocks of lines, such as pictures, side by side, as many as fit; an empty line follows each row."""
    fitting: list[list[list[str]]] = []
    for block in blocks:
        if not fitting or sum(len(one[0]) + len(gap) for one in fitting[-1]) + len(block[0]) > columns:
            fitting.append([])
        fitting[-1].append(block)
    return [line for row in fitting for line in [*(gap.join(parts).rstrip() for parts in zip(*row, strict=True)), ""]]


def _wrap_prose(prose: str, columns: int, indent: str, hanging: str) -> list[str]:
    lines = [indent]
    for word in WORD.findall(prose):
        for number, piece in enumerate([word] if word.isascii() else PIECE.findall(word)):
            space = " " if lines[-1].strip() and not number else ""
            if lines[-1].strip() and cell_width(lines[-1]) + len(space) + cell_width(piece) > columns:
                lines.append(hanging)
                space = ""
            lines[-1] += space + piece
    return lines


Style = Literal["", "error", "warning", "good", "best"]

CODES = {"error": "1;31", "warning": "33", "good": "32", "best": "1;32"}


def coloured(text: str, style: Style, stream: TextIO) -> str:
    """Return the text in the colour of a style, if the stream has colours."""
    has_colours = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream.isatty()
    return f"\x1b[{CODES[style]}m{text}\x1b[0m" if style and text and has_colours else text
