"""A data set as `nn show` prints it: the number of images of each class, and some of them drawn."""

from typing import TYPE_CHECKING

from nndigits.cli.terminal.draw import captioned
from nndigits.cli.terminal.layout import width
from nndigits.cli.terminal.output import Output
from nndigits.cli.terminal.tables import Table, table
from nndigits.stages.words.classes import are_digits, noun, short

if TYPE_CHECKING:
    from nndigits.stages.show import ShowReport


def render_counts(report: "ShowReport", output: Output) -> None:
    """Print the number of images of each class: a row for each split, or with many classes for each class."""
    if not report.counts:
        return
    counts = table("images", *report.classes, "total")
    for split, row in report.counts.items():
        counts.add_row(split, *(f"{count:,}" for count in row), f"{sum(row):,}")
    output.line()
    output.table(counts if are_digits(report.classes) or counts.fits(width()) else _by_class(report))
    output.line()


def _by_class(report: "ShowReport") -> Table:
    """Return a row for each class, with its number of images in each split."""
    rows = table(noun(report.classes), *report.counts, "total")
    for name, *row in zip(report.classes, *report.counts.values(), strict=True):
        rows.add_row(short(name), *(f"{count:,}" for count in row), f"{sum(row):,}")
    rows.add_row("total", *(f"{sum(row):,}" for row in report.counts.values()), "")
    return rows


def render_digits(report: "ShowReport", output: Output) -> None:
    """Draw the digits; with a distortion, each before its distorted versions."""
    if not report.digits:
        return
    if report.distortion is not None:
        output.line(f"Distortion: {report.distortion} (seed {report.seed})", "")
    per_row = max(2, width() // (len(report.digits[0].picture[0]) + 2))
    drawn = [
        captioned(digit.picture, f"{digit.split} #{digit.index}: {short(report.classes[digit.label])}")
        for digit in report.digits
    ]
    if report.distortion is None:
        output.pictures(drawn)
        return
    for first, digit in zip(drawn, report.digits, strict=True):
        output.pictures([first, *(captioned(version, "") for version in digit.distorted[: per_row - 1])])
