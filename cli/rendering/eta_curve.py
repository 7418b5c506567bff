"""The result of `nn train --find-eta` as text: the cost over eta, and the learning rate that it proposes."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from nndigits.cli.terminal.layout import width
from nndigits.cli.terminal.output import Output

if TYPE_CHECKING:
    from nndigits.stages.find_eta import EtaReport

WIDTH, HEIGHT, LABEL = 72, 14, 9  # columns and rows of the curve, columns left of it


def print_report(report: "EtaReport", output: Output, next_command: Callable[[float], str]) -> None:
    """Print the curve, the proposed eta and the command that trains with it; with --quiet, only the eta."""
    if not output.quiet:
        output.line(f"{report.what}: mean cost per image as eta grows", "")
        columns = min(WIDTH, width() - LABEL)
        for line in curve_lines(report.costs, columns):
            output.line(line)
        first, last = f"{report.etas[0]:g}", f"{report.etas[-1]:.3g}"
        output.line(f"{'':<{LABEL}}eta {first}{last:>{columns - len(first) - 4}}", "")
        output.prose(
            f"The cost falls fastest at eta {report.steepest:.2g}; "
            f"a tenth of the eta of least cost is {report.tenth:.2g}."
        )
    output.line(f"Proposed: --eta {report.proposed:g}")
    output.note("Next:", next_command(report.proposed))


def curve_lines(heights: Sequence[float], width: int = WIDTH, rows: int = HEIGHT) -> list[str]:
    """Draw a curve as text: one dot per column, at the mean height of its stretch of the curve."""
    ends = [len(heights) * column // width for column in range(width + 1)]
    stretches = [heights[first : max(first + 1, behind)] for first, behind in pairwise(ends)]
    means = [sum(stretch) / len(stretch) for stretch in stretches]
    low, high = min(means), max(means)
    places = [round((high - mean) / ((high - low) or 1) * (rows - 1)) for mean in means]
    lines = ["".join("•" if place == row else " " for place in places).rstrip() for row in range(rows)]
    labels = {0: f"{high:.3g}", rows - 1: f"{low:.3g}"}
    return [f"{labels.get(row, ''):>7}  {line}".rstrip() for row, line in enumerate(lines)]
