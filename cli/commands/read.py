"""`nn read`: read pictures of several digits."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndigits.cli.commands.hints import in_words, offer_other
from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.completion import PICTURES, files, networks
from nndigits.cli.terminal.options import COMES_WITH_NN, Plot, check_quoted, names, weights
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
    output: Output,
    files: Annotated[
        list[Path],
        names(
            "Pictures of digits, on one line or several; - for standard input, example-page for one of nn.",
            complete=files(*PICTURES),
        ),
    ],
    weights: Annotated[
        list[Path] | None, weights("Weights of nn train. Repeat for an ensemble.", COMES_WITH_NN, networks)
    ] = None,
    length: Annotated[int | None, typer.Option(min=1, help="Number of digits, if known.")] = None,
    signs: Annotated[bool, typer.Option("--signs", help="Read the signs + - = . , : / too, and fractions.")] = False,
    plot: Plot = None,
) -> None:
    """Read pictures of several digits, touching or not, on one line or several.

    Each line is cut in more places than there are digits. The network classifies every candidate between two cuts, and
    the most probable sequence of candidates is the text.
    """
    from nndigits.stages.read import figure, read_all

    check_quoted(files)
    paths = weights or [PRETRAINED]
    if plot is not None and len(files) > 1:
        raise typer.BadParameter("draws one picture; name one", param_hint="--plot")
    output.will_draw(plot, *files, *paths)
    reports = read_all(files, paths, length=length, signs=signs)
    output.draw(lambda: figure(reports[0]))
    output.result(reports[0] if len(reports) == 1 else reports, lambda output: _render(reports, output))


def _render(reports: "list[ReadReport]", output: Output) -> None:
    for report in reports:
        name = f"{report.path}:" if len(reports) > 1 else ""
        lines = report.text.split("\n")
        output.line(*([f"{name} {report.text}"] if name and len(lines) == 1 else [*filter(None, [name]), *lines]))
        _doubts(report, output, f"{name} " if name else "")
    first = reports[0]
    scored = counted(sum(report.scored for report in reports), "candidate")
    output.note(f"Classifier: {in_words(first.what, first.weights)}, scored {scored}.")
    weak = not first.has_reject_class and are_digits(first.classes)
    if weak:
        output.note("It was not trained on non-digits, and may read halves or pairs of digits as digits.")
    offer_other(output, "read", first.weights, [report.path for report in reports], weak=weak)


def _doubts(report: "ReadReport", output: Output, name: str) -> None:
    """Print which digits are uncertain, or that there are none."""
    digits = [digit for line in report.lines for digit in line]
    if not digits:
        output.warn(f"{name}No digits found." if are_digits(report.classes) else f"{name}Nothing found.")
    symbol = "digit" if are_digits(report.classes) else "symbol"
    for place, digit in enumerate(digits, 1):
        if digit.probability < CONFIDENT:
            (left, top, *_), best, other = digit.box, report.classes[digit.digit], report.classes[digit.runner_up]
            output.note(
                f"{name}Not sure: {symbol} {place} of {len(digits)}: {short(best)}, {percent(digit.probability, 1)} "
                f"(or {short(other)}, {percent(digit.runner_up_probability, 1)}), at pixel ({left}, {top})"
            )


COMMAND = Command("read", read, "read example-page --plot boxes.png")
