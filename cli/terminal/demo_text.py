"""A demonstration as text: its title, idea, tables, drawing and findings."""

from textwrap import wrap
from typing import TYPE_CHECKING

from nn.cli.terminal.output import table, table_lines

if TYPE_CHECKING:
    from nn.stages.demos.shared.demo import Cell, Demo, Table
    from nn.stages.demos.shared.index import Entry

WIDTH = 88  # columns of prose


def demo_lines(entry: "Entry", demo: "Demo") -> list[str]:
    """Return the lines of a demonstration."""
    lines = [*wrap(f"{entry.name}: {entry.line} ({entry.section})", WIDTH), "", *wrap(demo.idea, WIDTH)]
    for data in demo.tables:
        lines += ["", *_table_lines(data)]
    if demo.drawing:
        lines += ["", *(line.rstrip() for line in demo.drawing)]
    return [*lines, "", *(line for finding in demo.findings for line in wrap(finding, WIDTH))]


def _table_lines(data: "Table") -> list[str]:
    formatted = table(*data.columns)
    for row in data.rows:
        formatted.add_row(*map(_cell, row))
    return [*wrap(data.title, WIDTH), *(f"  {line}" for line in table_lines(formatted))]


def _cell(value: "Cell") -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
