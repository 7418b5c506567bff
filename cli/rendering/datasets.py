"""A data set as `nn show` prints it: the number of images of each digit, and some of them drawn."""

from typing import TYPE_CHECKING

from nn.cli.terminal.draw import captioned
from nn.cli.terminal.layout import width
from nn.cli.terminal.output import Output
from nn.cli.terminal.tables import table

if TYPE_CHECKING:
    from nn.stages.show import ShowReport


def render_counts(report: "ShowReport", output: Output) -> None:
    """Print a row for each split, with the number of images of each digit."""
    if not report.counts:
        return
    classes = len(next(iter(report.counts.values())))
    counts = table("images", *map(str, range(classes)), "total")
    for split, row in report.counts.items():
        counts.add_row(split, *(f"{count:,}" for count in row), f"{sum(row):,}")
    output.line()
    output.table(counts)
    output.line()


def render_digits(report: "ShowReport", output: Output) -> None:
    """Draw the digits; with a distortion, each before its distorted versions."""
    if not report.digits:
        return
    if report.distortion is not None:
        output.line(f"Distortion: {report.distortion} (seed {report.seed})", "")
    per_row = max(2, width() // (len(report.digits[0].picture[0]) + 2))
    drawn = [captioned(digit.picture, f"{digit.split} #{digit.index}: {digit.label}") for digit in report.digits]
    if report.distortion is None:
        output.pictures(drawn)
        return
    for first, digit in zip(drawn, report.digits, strict=True):
        output.pictures([first, *(captioned(version, "") for version in digit.distorted[: per_row - 1])])
