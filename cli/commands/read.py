"""`nn read`: read a picture of several digits."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndigits.cli.flags import completion
from nndigits.cli.flags.command import Command
from nndigits.cli.flags.options import COMES_WITH_NN, Json, Plot, Quiet
from nndigits.cli.terminal.hints import in_words, offer_other
from nndigits.cli.terminal.output import Output
from nndigits.stages.store.environment import PRETRAINED
from nndigits.stages.words.classes import are_digits, short
from nndigits.stages.words.nouns import counted
from nndigits.stages.words.numbers import percent

if TYPE_CHECKING:
    from nndigits.stages.read import ReadReport

CONFIDENT = 0.9
"""Digits of lower confidence are listed."""


def read(
    file: Annotated[
        Path,
        typer.Argument(
            help="A picture of digits, on one line or several; - for standard input.",
            readable=False,
            autocompletion=completion.files(*completion.PICTURES),
        ),
    ],
    weights: Annotated[
        list[Path] | None,
        typer.Option(
            help=f"Weights of nn train. Repeat for an ensemble.  [default: {COMES_WITH_NN}]",
            readable=False,
            autocompletion=completion.networks,
        ),
    ] = None,
    length: Annotated[int | None, typer.Option(min=1, help="Number of digits, if known.")] = None,
    signs: Annotated[
        bool, typer.Option("--signs", help="Read decimal points, commas, minus signs and slashes, too.")
    ] = False,
    plot: Plot = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read a picture of several digits, touching or not, on one line or several.

    Each line is cut in more places than there are digits. The network classifies every candidate between two cuts, and
    the most probable sequence of candidates is the text.
    """
    from nndigits.stages.read import figure
    from nndigits.stages.read import read as stage

    output = Output(as_json=json, quiet=quiet)
    paths = weights or [PRETRAINED]
    if plot is not None:
        from nndigits.stages.figures import plot as plots

        plots.check(plot, file, *paths)
    report = stage(file, paths, length=length, signs=signs)
    if plot is not None:
        plots.save(figure(report), plot)
    output.result(report, lambda output: _render(report, output))
    if plot is not None:
        output.note(f"Picture:   {plot}")


def _render(report: "ReadReport", output: Output) -> None:
    output.line(*report.text.split("\n"))
    digits = [digit for line in report.lines for digit in line]
    if not digits:
        output.warn("No digits found." if are_digits(report.classes) else "Nothing found.")
    symbol = "digit" if are_digits(report.classes) else "symbol"
    for place, digit in enumerate(digits, 1):
        if digit.probability < CONFIDENT:
            (left, top, *_), best, other = digit.box, report.classes[digit.digit], report.classes[digit.runner_up]
            output.note(
                f"Not sure: {symbol} {place} of {len(digits)}: {short(best)}, {percent(digit.probability, 1)} "
                f"(or {short(other)}, {percent(digit.runner_up_probability, 1)}), at pixel ({left}, {top})"
            )
    output.note(
        f"Classifier: {report.what} ({in_words(report.weights)}), scored {counted(report.scored, 'candidate')}."
    )
    weak = not report.has_reject_class and are_digits(report.classes)
    if weak:
        output.note("It was not trained on non-digits, and may read halves or pairs of digits as digits.")
    offer_other(output, "read", report.weights, [report.path], weak=weak)


COMMAND = Command("read", read, "read strip.png --plot boxes.png")
