"""A demonstration as a reader sees it in a terminal: what it is, the idea, figures, a drawing, and what was found."""

import sys
from textwrap import wrap
from typing import TYPE_CHECKING

from nn.cli.output import table

if TYPE_CHECKING:
    from nn.stages.demos.demo import Cell, Demo, Table
    from nn.stages.demos.index import Entry

WIDTH = 88  # columns of running text

PLAIN = str.maketrans(
    {
        **dict.fromkeys("─═", "-"),
        **dict.fromkeys("│║", "|"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼", "+"),
        **{"▶": ">", "●": "@", "○": "o", "░": ":", "·": ".", "²": "^2", "×": "x", "σ": "sigma", "√": "sqrt "},
    }
)
"""What stands for a letter or a line where it does not print."""


def demo_lines(entry: "Entry", demo: "Demo") -> list[str]:
    """Write a demonstration as lines."""
    lines = [*wrap(f"{entry.name}: {entry.line} ({entry.section})", WIDTH), "", *wrap(demo.idea, WIDTH)]
    for figures in demo.tables:
        lines += ["", *_table_lines(figures)]
    if demo.drawing:
        lines += ["", *(line.rstrip() for line in demo.drawing)]
    return [*lines, "", *(line for finding in demo.findings for line in wrap(finding, WIDTH))]


def printable(text: str) -> str:
    """The text, with plain signs for lines and boxes where stdout cannot print them."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return text.translate(PLAIN)
    return text


def _table_lines(figures: "Table") -> list[str]:
    from rich.console import Console

    made = table(*figures.columns)
    for row in figures.rows:
        made.add_row(*map(_cell, row))
    console = Console(width=200, highlight=False, markup=False, emoji=False, color_system=None)
    with console.capture() as captured:
        console.print(made)
    return [*wrap(figures.title, WIDTH), *(f"  {line.rstrip()}" for line in captured.get().splitlines())]


def _cell(value: "Cell") -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
