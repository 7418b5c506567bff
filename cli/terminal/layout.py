"""How text fits the terminal: prose wraps between words, a table gives up its least needed column before a number, and
pictures stand as many in a row as fit.
"""

import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import TextIO

LEAST, USUAL = 60, 80
"""Columns: the fewest that anything is made to fit, and those of a file or a pipe."""

WORD = re.compile(r"(?:`[^`]*`|(?<=\d) (?=%)|\S)+")
"""What is not broken: a word, `a command`, a number and its %."""

COMMANDS = re.compile(r" {2,}")


def width(stream: TextIO | None = None) -> int:
    """Return the columns of the terminal behind a stream (stdout), or of COLUMNS; 80 if there is no terminal."""
    given = os.environ.get("COLUMNS", "")
    if given.isdigit():
        return max(LEAST, int(given))
    try:
        return max(LEAST, os.get_terminal_size((stream or sys.stdout).fileno()).columns or USUAL)
    except (OSError, ValueError):  # not a terminal, or closed
        return USUAL


def wrap(text: str, columns: int) -> list[str]:
    """Break text between words into lines of at most so many columns; a longer word keeps a line of its own.

    Two spaces or more set off a command: ``Next:  nn train    nn eval``. Commands stay whole. Where they do not fit
    behind the text, each has a line of its own. The lines of an item that begins with a dash are indented below it.
    """
    return [line for paragraph in text.split("\n") for line in _wrap_paragraph(paragraph, columns)]


def rows(blocks: Sequence[list[str]], columns: int, gap: str = "  ") -> list[str]:
    """Put blocks of lines, such as pictures, side by side, as many as fit; an empty line follows each row."""
    lines: list[str] = []
    row: list[list[str]] = []
    for block in blocks:
        if row and sum(len(one[0]) + len(gap) for one in row) + len(block[0]) > columns:
            lines += [*side_by_side(row, gap), ""]
            row = []
        row.append(block)
    return [*lines, *side_by_side(row, gap), ""] if row else lines


def side_by_side(blocks: Iterable[list[str]], gap: str = "  ") -> list[str]:
    """Join blocks of the same number of lines, left to right."""
    return [gap.join(parts).rstrip() for parts in zip(*blocks, strict=True)]


def one_line(text: str) -> str:
    """Escape control characters and line breaks: a text from a file, and a file's name, may contain any character."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def _wrap_paragraph(text: str, columns: int) -> list[str]:
    if len(text) <= columns:
        return [text]
    words = text.lstrip(" ")
    indent = " " * (len(text) - len(words))
    hanging = indent + "  " * words.startswith("- ")
    prose, *commands = COMMANDS.split(words.rstrip())
    return [*_wrap_prose(prose, columns, indent, hanging), *(f"{indent}  {command}" for command in commands)]


def _wrap_prose(prose: str, columns: int, indent: str, hanging: str) -> list[str]:
    lines = [indent]
    for word in WORD.findall(prose):
        if lines[-1].strip() and len(lines[-1]) + 1 + len(word) > columns:
            lines.append(hanging)
        lines[-1] += (" " if lines[-1].strip() else "") + word
    return lines
