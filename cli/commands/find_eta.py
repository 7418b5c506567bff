"""`nn train --find-eta`: a learning-rate range test, its curve, and the learning rate it proposes."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from nn.cli.terminal.output import Output
from nn.cli.terminal.progress import bar

if TYPE_CHECKING:
    from nn.stages.find_eta import EtaReport
    from nn.stages.runs.parameters import Parameters

WIDTH, HEIGHT = 72, 14


def find(
    data: Path, parameters: "Parameters", picture: Path | None, output: Output, next_command: Callable[[float], str]
) -> None:
    """Run the range test, draw the cost over eta, and propose an eta and the command that trains with it."""
    from nn.stages.figures import plot
    from nn.stages.find_eta import figure, find_eta

    if picture is not None:
        plot.check(picture)
    with bar(output) as advance:
        report = find_eta(data, parameters, lambda done, total: advance("Generating negatives", done, total))
    if picture is not None:
        plot.save(figure(report), picture)
    output.result(report, lambda output: _render(report, output, next_command))
    if picture is not None:
        output.note(f"Picture:   {picture}")


def _render(report: "EtaReport", output: Output, next_command: Callable[[float], str]) -> None:
    if not output.quiet:
        output.line(f"{report.network}: mean cost per image as eta grows\n")
        for line in curve_lines(report.costs):
            output.line(line)
        first, last = f"{report.etas[0]:g}", f"{report.etas[-1]:.3g}"
        output.line(f"{'':<8} eta {first}{last:>{WIDTH - len(first) - 4}}\n")
        output.line(
            f"The cost falls fastest at eta {report.steepest:.2g}; "
            f"a tenth of the eta of least cost is {report.tenth:.2g}."
        )
    output.line(f"Proposed: --eta {report.proposed:g}")
    output.note(f"Next:  {next_command(report.proposed)}")


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
