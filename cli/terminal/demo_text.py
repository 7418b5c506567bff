"""A demonstration as text: its title, idea, tables, drawing and findings."""

from collections.abc import Sequence
from itertools import groupby
from textwrap import dedent
from typing import TYPE_CHECKING

from nndigits.cli.terminal.layout import wrap
from nndigits.cli.terminal.tables import table
from nndigits.stages.demos.shared.texts import cell_text, sentence

if TYPE_CHECKING:
    from nndigits.stages.demos.shared.demo import Demo, Table
    from nndigits.stages.demos.shared.index import Entry

MOST = 88  # columns of prose; longer lines are hard to read
INDENT = 2


def demo_lines(entry: "Entry", demo: "Demo", columns: int) -> list[str]:
    """Return the lines of a demonstration, fitted to so many columns."""
    prose = min(columns, MOST)
    lines = [*wrap(f"{entry.name}: {entry.line} In the book: {entry.section}.", prose), "", *_prose(demo.idea, prose)]
    for data in demo.tables:
        lines += ["", *_prose(data.title, prose), *_table_lines(data, columns)]
    if demo.drawing:
        lines += ["", *_drawing_lines(demo.drawing, columns)]
    return [*lines, "", *(line for finding in demo.findings for line in _prose(finding, prose))]


def _drawing_lines(drawing: Sequence[str], columns: int) -> list[str]:
    """Return a drawing, part by part, with wrapped captions; a part that is too wide is replaced by its width."""
    lines: list[str] = []
    prose = min(columns, MOST)
    for _, part in groupby((line.rstrip() for line in drawing), key=lambda line: not line):
        for is_drawn, kept in groupby(part, key=_is_drawn):
            text = list(kept)
            lines += _fitted(text, columns) if is_drawn else [part for one in text for part in _prose(one, prose)]
    return lines


def _is_drawn(line: str) -> bool:
    """Whether a line is part of a drawing; a caption begins with a word or a number and has no columns."""
    return not line[:1].isalnum() or "  " in line


def _fitted(drawn: list[str], columns: int) -> list[str]:
    if max(map(len, drawn)) > columns:
        drawn = dedent("\n".join(drawn)).split("\n")
    widest = max(map(len, drawn))
    return drawn if widest <= columns else [f"  (a drawing of {widest} columns, too wide for {columns})"]


def _table_lines(data: "Table", columns: int) -> list[str]:
    formatted = table(*data.columns, least_gap=1)
    for row in data.rows:
        formatted.add_row(*map(cell_text, row))
    return [(" " * INDENT + line).rstrip() for line in formatted.lines(columns - INDENT)]


def _prose(text: str, columns: int) -> list[str]:
    return wrap(sentence(text), columns)
