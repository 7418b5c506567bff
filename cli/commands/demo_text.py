"""A demonstration as text: its title, idea, tables, drawing and findings."""

from collections.abc import Callable, Sequence
from itertools import groupby
from textwrap import dedent
from typing import TYPE_CHECKING

from nndigits.cli.terminal.layout import cell_width, wrap
from nndigits.cli.terminal.tables import table
from nndigits.stages.demos.shared.texts import Say, cell_text, sentence

if TYPE_CHECKING:
    from nndigits.stages.demos.shared.demo import Demo
    from nndigits.stages.demos.shared.index import Entry
    from nndigits.stages.demos.shared.texts import Table

MOST = 88  # columns of prose; longer lines are hard to read
INDENT = 2

say = Say("shared")

Tell = Callable[[str], str]
"""Returns a text in the language of the reader: ``str`` for English, ``chinese`` for Chinese."""


def demo_lines(entry: "Entry", demo: "Demo", columns: int, tell: Tell = str) -> list[str]:
    """Return the lines of a demonstration, fitted to so many columns."""

    def prose(text: str) -> list[str]:
        return wrap(tell(sentence(text)), min(columns, MOST))

    in_the_book = say("in-the-book", section=entry.section)
    lines = [*prose(say("headline", name=entry.name, line=entry.line, book=in_the_book)), "", *prose(demo.idea)]
    for data in demo.tables:
        lines += ["", *prose(data.title), *_table_lines(data, columns, tell)]
    if demo.drawing:
        lines += ["", *_drawing_lines([tell(line) for line in demo.drawing], columns)]
    return [*lines, "", *(line for finding in demo.findings for line in prose(finding))]


def _drawing_lines(drawing: Sequence[str], columns: int) -> list[str]:
    """Return a drawing, part by part, with wrapped captions; a part that is too wide is replaced by its width."""
    lines: list[str] = []
    prose = min(columns, MOST)
    for _, part in groupby((line.rstrip() for line in drawing), key=lambda line: not line):
        for is_drawn, kept in groupby(part, key=_is_drawn):
            text = list(kept)
            lines += _fitted(text, columns) if is_drawn else [line for one in text for line in wrap(one, prose)]
    return lines


def _is_drawn(line: str) -> bool:
    """Whether a line is part of a drawing; a caption begins with a word or a number and has no columns."""
    return not line[:1].isalnum() or "  " in line


def _fitted(drawn: list[str], columns: int) -> list[str]:
    if max(map(cell_width, drawn)) > columns:
        drawn = dedent("\n".join(drawn)).split("\n")
    widest = max(map(cell_width, drawn))
    return drawn if widest <= columns else [f"  (a drawing of {widest} columns, too wide for {columns})"]


def _table_lines(data: "Table", columns: int, tell: Tell) -> list[str]:
    formatted = table(*map(tell, data.columns), least_gap=1)
    for row in data.rows:
        formatted.add_row(*(tell(cell_text(cell)) for cell in row))
    return [(" " * INDENT + line).rstrip() for line in formatted.lines(columns - INDENT)]
