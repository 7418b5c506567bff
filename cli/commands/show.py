"""`nn show`: describe a file and what it was made from."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nn.cli.flags.command import Command
from nn.cli.flags.options import Distort, Json, Plot, Quiet, Split
from nn.cli.flags.spelling import Spelling
from nn.cli.terminal.draw import captioned
from nn.cli.terminal.layout import width
from nn.cli.terminal.output import Output
from nn.cli.terminal.tables import table
from nn.stages.datasets.known_sets import known_set

if TYPE_CHECKING:
    from nn.stages.show import ShowReport


def show(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Files written by nn: .npz, .json or .csv.", readable=False),
    ],
    split: Annotated[Split, typer.Option(help="For a data set: the images to draw from.")] = "train",
    index: Annotated[list[int] | None, typer.Option(help="For a data set: draw this image. Repeatable.")] = None,
    distort: Distort = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the distortions.")] = 0,
    plot: Plot = None,
    recipe: Annotated[bool, typer.Option("--recipe", help="For weights: print the recipe that made them.")] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Describe a file, its contents and what it was made from; draw digits of a data set.

    --plot draws the images of a data set, the weights of a network's first layer, or the learning curves of one history
    or several.
    """
    from nn.stages.show import show as stage

    if plot is not None:
        from nn.stages.figures import plot as pictures

        pictures.check(plot, *files)
    output = Output(as_json=json, quiet=quiet)
    if recipe:
        if plot or index or distort:
            raise typer.BadParameter("draws nothing; leave out --plot, --index and --distort", param_hint="--recipe")
        if len(files) > 1:
            raise typer.BadParameter("prints the recipe of one file", param_hint="--recipe")
        from nn.stages.runs import recipe as recipes

        text = recipes.recipe_of(files[0])
        output.result({"recipe": text}, lambda output: output.line(text.rstrip("\n")))
        return
    reports = [stage(file, split=split, indices=tuple(index or ()), distort=distort, seed=seed) for file in files]
    if plot is not None:
        _draw(reports, plot)
    output.result(reports[0] if len(reports) == 1 else reports, lambda output: _render_all(reports, output))
    if plot is not None:
        output.note(f"Picture:   {plot}")


def _draw(reports: "list[ShowReport]", picture: Path) -> None:
    """Draw the images of a data set, or what other files hold."""
    from nn.stages.figures import plot
    from nn.stages.figures.of_files import figure_of

    own = reports[0].figure if len(reports) == 1 else None
    plot.save(figure_of([report.path for report in reports]) if own is None else own, picture)


def _render_all(reports: "list[ShowReport]", output: Output) -> None:
    for number, report in enumerate(reports):
        if number and not output.quiet:
            output.line()
        _render(report, output)


def _render(report: "ShowReport", output: Output) -> None:
    made = report.made
    output.line(f"{report.path}: {report.kind}")
    if output.quiet:
        return
    rows = {
        "sha256": report.sha256,
        "dataset": made["dataset"]["name"] + ("" if known_set(made["dataset"]) else " (unverified)"),
        "parameters": _pairs(made["parameters"]),
        "made from": _pairs(made["inputs"]),
        "about": _pairs({key: value for key, value in made["about"].items() if key != "random_state"}),
        "versions": _pairs(made["versions"]),
    }
    for name, value in rows.items():
        if value:
            output.line(f"  {name:<11} {value}")
    if report.arrays:
        _render_arrays(report, output)
    if report.layers:
        _render_layers(report, output)
    if report.counts:
        _render_counts(report, output)
    _render_digits(report, output)


def _pairs(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {_value(value)}" for name, value in values.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return f"({_pairs(value)})"
    return ",".join(map(str, value)) or "none" if isinstance(value, list) else str(value)


def _render_arrays(report: "ShowReport", output: Output) -> None:
    arrays = table("array", "type", "shape")
    for array in report.arrays:
        arrays.add_row(array.name, array.dtype, " x ".join(f"{length:,}" for length in array.shape) or "scalar")
    output.table(arrays)


def _render_layers(report: "ShowReport", output: Output) -> None:
    layers = table("layer", "parameters", "mean", "std dev")
    for layer in report.layers:
        layers.add_row(layer.layer, f"{layer.numbers:,}", f"{layer.mean:.3f}", f"{layer.spread:.3f}")
    output.table(layers)


def _render_counts(report: "ShowReport", output: Output) -> None:
    classes = len(next(iter(report.counts.values())))
    counts = table("images", *map(str, range(classes)), "total")
    for split, row in report.counts.items():
        counts.add_row(split, *(f"{count:,}" for count in row), f"{sum(row):,}")
    output.table(counts)


def _render_digits(report: "ShowReport", output: Output) -> None:
    if not report.digits:
        return
    if report.distortion is not None:
        output.line(f"Distortion: {report.distortion} (seed {report.seed})\n")
    per_row = max(2, width() // (len(report.digits[0].picture[0]) + 2))
    drawn = [captioned(digit.picture, f"{digit.split} #{digit.index}: {digit.label}") for digit in report.digits]
    if report.distortion is None:
        output.pictures(drawn)
        return
    for first, digit in zip(drawn, report.digits, strict=True):
        output.pictures([first, *(captioned(version, "") for version in digit.distorted[: per_row - 1])])


COMMAND = Command("show", show, "show artifacts/data.npz --index 7 --distort 'rotate 10'", Spelling)
