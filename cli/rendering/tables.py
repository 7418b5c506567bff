"""Tables as `nn show` prints them: rows of a CSV, of a baseline, of a comparison."""

from typing import TYPE_CHECKING

from nndigits.cli.terminal.output import Output
from nndigits.cli.terminal.tables import table
from nndigits.stages.words.numbers import fixed

if TYPE_CHECKING:
    from nndigits.stages.inspection.tables import TableReport


def render_table(report: "TableReport", output: Output) -> None:
    """Print the rows below their columns."""
    lines = table(*report.columns)
    for row in report.rows:
        lines.add_row(*map(_cell, row))
    output.line()
    output.table(lines)


def _cell(value: str | int | float) -> str:
    if isinstance(value, float):
        return fixed(value, 2)
    return f"{value:,}" if isinstance(value, int) else value
