"""The result of `nn train --find-eta` as text: the cost over eta, and the learning rate that it proposes."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from nn.cli.terminal.output import Output, program

if TYPE_CHECKING:
    from nn.stages.find_eta import EtaReport

WIDTH, HEIGHT = 72, 14


def print_report(report: "EtaReport", output: Output) -> None:
    """Print the curve and the proposed eta; with --quiet, only the eta."""
    if not output.quiet:
        output.line(f"{report.what}: mean cost per image as eta grows\n")
        for line in curve_lines(report.costs):
            output.line(line)
        first, last = f"{report.etas[0]:g}", f"{report.etas[-1]:.3g}"
        output.line(f"{'':<8} eta {first}{last:>{WIDTH - len(first) - 4}}\n")
        output.line(
            f"The cost falls fastest at eta {report.steepest:.2g}; "
            f"a tenth of the eta of least cost is {report.tenth:.2g}."
        )
    output.line(f"Proposed: --eta {report.proposed:g}")
    output.note(f"Next:  {program()} train --eta {report.proposed:g}, with the other flags unchanged")


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
