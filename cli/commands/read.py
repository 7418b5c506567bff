"""`nn read`: which digits stand on a strip?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nn.cli.flags.options import READER, WEIGHTS, Json, Plot, Quiet
from nn.cli.terminal.output import Output, program

if TYPE_CHECKING:
    from nn.stages.read import DigitReport, ReadReport

SURE = 0.9
"""Below this, a digit is named."""


def read(
    file: Annotated[
        Path, typer.Argument(help="A picture of digits, on one line or several; - for standard input.", readable=False)
    ],
    weights: Annotated[
        list[Path] | None,
        typer.Option(
            help="What was trained; repeat it for a vote.  [default: artifacts/reader.npz, or weights.npz]",
            readable=False,
        ),
    ] = None,
    length: Annotated[int | None, typer.Option(min=1, help="How many digits there are, where you know it.")] = None,
    plot: Plot = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read a strip of digits: touching or not, slanted, uneven, on one line or several.

    The ink is cut in more places than there are digits; the network reads all the pieces, and the surest way through
    them is the text.
    """
    from nn.stages.read import figure
    from nn.stages.read import read as stage

    output = Output(as_json=json, quiet=quiet)
    if plot is not None:
        from nn.stages.figures import plot as plots
        from nn.stages.store.files import check_output

        plots.check(plot)
        check_output(plot, file)
    report = stage(file, weights or [READER if READER.exists() else WEIGHTS], length=length)
    if plot is not None:
        plots.save(figure(report), plot)
    output.result(report, lambda output: _render(report, output))
    if plot is not None:
        output.note(f"Picture:   {plot}")


def _render(report: "ReadReport", output: Output) -> None:
    output.line(report.text)
    digits = [digit for line in report.lines for digit in line]
    if not digits:
        output.warn("No digits here.")
    for place, digit in enumerate(digits, 1):
        if digit.confidence < SURE:
            output.note(f"Not sure: digit {place} of {len(digits)}, {_doubt(digit)}")
    where = ", ".join(map(str, report.weights))
    output.note(f"Read by {report.what} ({where}), which was shown {report.candidates} pieces.")
    if not report.rejects:
        nn = program()
        output.note(
            "It has never seen what is no digit, and takes halves and pairs for some.\n"
            f"Better:  {nn} train --recipe reader -o {READER}"
        )


def _doubt(digit: "DigitReport") -> str:
    left, top, *_ = digit.box
    other = f"or a {digit.runner_up}, {digit.runner_up_confidence:.1%}"
    return f"a {digit.value}, {digit.confidence:.1%} ({other}), at {left}, {top}"
