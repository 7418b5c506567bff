"""What `nn show` prints: layers and epochs of a run, images of a data set, tables, and what a file was made from."""

from typing import TYPE_CHECKING

from nndigits.cli.terminal.layout import width
from nndigits.cli.terminal.output import Output
from nndigits.cli.terminal.tables import Table, table
from nndigits.cli.terminal.text_pictures import captioned, curve_lines
from nndigits.stages.datasets.known_sets import known_set
from nndigits.stages.words.classes import are_digits, noun, short
from nndigits.stages.words.numbers import fixed, share

if TYPE_CHECKING:
    from nndigits.stages.results.folder import InputFile
    from nndigits.stages.results.run_files import Epoch, EpochsReport
    from nndigits.stages.results.show import ShowReport
    from nndigits.stages.results.tables import TableReport


MOST_EPOCHS = 30
"""Of a longer run, only some epochs are printed: the first, the best, the last, and others at equal distances."""

CURVE_HEIGHT = 10


def render_layers(report: "ShowReport", output: Output) -> None:
    """Print a row for each trainable layer, and the number of all parameters."""
    if not report.layers:
        return
    layers = table("layer", "parameters", "mean", "std dev")
    for layer in report.layers:
        layers.add_row(layer.layer, f"{layer.numbers:,}", fixed(layer.mean, 3), fixed(layer.spread, 3))
    layers.add_row("total", f"{sum(layer.numbers for layer in report.layers):,}", "", "")
    output.table(layers)


def render_pictures(report: "ShowReport", output: Output) -> None:
    """Draw the weights of the first neurons."""
    if not report.pictures:
        return
    output.line()
    output.prose(f"Weights of the first {len(report.pictures)} neurons; what is drawn raises the neuron's output:")
    output.line()
    output.pictures([captioned(one, f"#{number}") for number, one in enumerate(report.pictures)])


def render_epochs(report: "EpochsReport", output: Output) -> None:
    """Print the curve of the validation accuracy, or of the cost if there is none, and a row for each epoch."""
    if not report.epochs:
        return
    if all(epoch.total for epoch in report.epochs):
        what, heights = "Validation accuracy in %", [100 * epoch.correct / epoch.total for epoch in report.epochs]
    else:
        what, heights = "Mean cost", [epoch.cost for epoch in report.epochs]
    if len(heights) > 1:
        output.line("", f"{what}, epoch 0 to {report.epochs[-1].epoch}:", "")
        width = min(72, 2 * len(heights))
        for line in curve_lines(heights, width, CURVE_HEIGHT):
            output.line(line)
    rows = table("epoch", "cost", "validation", "")
    for epoch in report.epochs:
        if _is_printed(epoch.epoch, report):
            best = "kept" if epoch.epoch == report.kept_epoch else ""
            rows.add_row(str(epoch.epoch), fixed(epoch.cost, 5), _correct(epoch), best)
    output.line()
    output.table(rows)


def _is_printed(number: int, report: "EpochsReport") -> bool:
    step = -(-len(report.epochs) // MOST_EPOCHS)
    return number % step == 0 or number in (report.kept_epoch, len(report.epochs) - 1)


def _correct(epoch: "Epoch") -> str:
    if not epoch.total:
        return f"{epoch.correct:,}" if epoch.correct else ""
    return share(epoch.correct, epoch.total)


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


DIGITS = 8
"""Digits of a hash that are printed; --json has all."""


def render_provenance(report: "ShowReport", output: Output) -> None:
    """Print the hash of a file, its data set, the files that it was made from, and the versions.

    Only a data artifact can be compared with a known data set. Other files state what they were made from.
    """
    made = report.made
    rows = {"sha256": (report.sha256 or "")[:DIGITS]}
    if made:
        known = known_set(made["dataset"])
        name = known.title if known else f"{made['dataset']['name']} (not a known set)"
        stated = ", as stated in this file" if known and report.kind != "dataset" else ""
        rows["data set"] = f"{name}{stated}"
        rows["versions"] = ", ".join(f"{name} {version}" for name, version in made["versions"].items())
    rows["made from"] = ", ".join(_input(one) for one in report.inputs)
    output.line()
    for name, value in rows.items():
        if value:
            output.prose(f"  {name}: {value}")


def _input(one: "InputFile") -> str:
    if one.path is None:
        return f"{one.role} {one.sha256[:DIGITS]} (not in this folder)"
    return f"{one.path.name} ({one.sha256[:DIGITS]})"
