"""A demonstration as a reader sees it in a terminal: what it is, the idea, figures, a drawing, and what was found."""

from textwrap import wrap
from typing import TYPE_CHECKING

from nn.cli.terminal.output import table, table_lines

if TYPE_CHECKING:
    from nn.stages.demos.shared.demo import Cell, Demo, Table
    from nn.stages.demos.shared.index import Entry

WIDTH = 88  # columns of running text


def demo_lines(entry: "Entry", demo: "Demo") -> list[str]:
    """Write a demonstration as lines."""
    lines = [*wrap(f"{entry.name}: {entry.line} ({entry.section})", WIDTH), "", *wrap(demo.idea, WIDTH)]
    for figures in demo.tables:
        lines += ["", *_table_lines(figures)]
    if demo.drawing:
        lines += ["", *(line.rstrip() for line in demo.drawing)]
    return [*lines, "", *(line for finding in demo.findings for line in wrap(finding, WIDTH))]


def _table_lines(figures: "Table") -> list[str]:
    made = table(*figures.columns)
    for row in figures.rows:
        made.add_row(*map(_cell, row))
    return [*wrap(figures.title, WIDTH), *(f"  {line}" for line in table_lines(made))]


def _cell(value: "Cell") -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
