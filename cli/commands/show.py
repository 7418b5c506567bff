"""`nn show`: describe a file and what it was made from."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nn.cli.commands.evaluate import render_confusion
from nn.cli.flags.command import Command
from nn.cli.flags.options import Distort, Json, Plot, Quiet, Split
from nn.cli.flags.spelling import Spelling
from nn.cli.rendering import datasets, provenance, tables, training
from nn.cli.terminal.output import Output, table
from nn.cli.terminal.verdict import score
from nn.stages.datasets.known_sets import known_set
from nn.stages.store.errors import UsageError

if TYPE_CHECKING:
    from nn.stages.inspection.results import EvalResult
    from nn.stages.show import ShowReport


def show(
    file: Annotated[Path, typer.Argument(help="File written by nn: .npz, .json or .csv.", readable=False)],
    split: Annotated[Split, typer.Option(help="For a data set: the images to draw from.")] = "test",
    index: Annotated[list[int] | None, typer.Option(help="For a data set: draw this image. Repeatable.")] = None,
    distort: Distort = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the distortions.")] = 0,
    plot: Plot = None,
    recipe: Annotated[bool, typer.Option("--recipe", help="For weights: print the recipe that made them.")] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Describe a file, its contents and what it was made from; draw digits of a data set."""
    from nn.stages.show import show as stage

    if plot is not None:
        from nn.stages.figures import plot as pictures

        pictures.check(plot)
    output = Output(as_json=json, quiet=quiet)
    if recipe:
        if plot or index or distort:
            raise typer.BadParameter("draws nothing; leave out --plot, --index and --distort", param_hint="--recipe")
        from nn.stages.runs import recipe as recipes

        text = recipes.recipe_of(file)
        output.result({"recipe": text}, lambda output: output.line(text.rstrip("\n")))
        return
    report = stage(file, split=split, indices=tuple(index or ()), distort=distort, seed=seed)
    if plot is not None:
        if report.figure is None:
            raise UsageError(
                f"--plot: {file} holds no images to draw; give a data set, and a --split that is not empty"
            )
        pictures.save(report.figure, plot)
    output.result(report, lambda output: _render(report, output))
    if plot is not None:
        output.note(f"Picture:   {plot}")


def _render(report: "ShowReport", output: Output) -> None:
    if report.result is not None:
        output.line(f"{report.path}: {score(report.result, report.result.split)}")
    else:
        output.line(f"{report.path}: {report.title}")
    if output.quiet:
        return
    for sentence in report.words:
        output.line(sentence)
    _render_contents(report, output)
    provenance.render_provenance(report, output)


def _render_contents(report: "ShowReport", output: Output) -> None:
    """Print what the kind of file has."""
    if report.arrays and report.table is None:
        output.line()
    if report.arrays and not report.layers and report.table is None:
        _render_arrays(report, output)
    training.render_layers(report, output)
    training.render_pictures(report, output)
    datasets.render_counts(report, output)
    datasets.render_digits(report, output)
    if report.epochs is not None:
        training.render_epochs(report.epochs, output)
    if report.result is not None:
        output.line()
        render_confusion(report.result, output)
        _render_mistakes(report.result, output)
    if report.entries:
        _render_comparison(report, output)
    if report.table is not None:
        tables.render_table(report.table, output)


def _render_arrays(report: "ShowReport", output: Output) -> None:
    arrays = table("array", "type", "shape")
    for array in report.arrays:
        arrays.add_row(array.name, array.dtype, " x ".join(f"{length:,}" for length in array.shape) or "scalar")
    output.table(arrays)


def _render_mistakes(result: "EvalResult", output: Output) -> None:
    if result.mistakes:
        output.line("\nMost confident mistakes:\n")
    for mistake in result.mistakes:
        output.line(f"  #{mistake.index}: {mistake.label}, read as {mistake.answer} (output {mistake.output:.2f})")


def _render_comparison(report: "ShowReport", output: Output) -> None:
    from nn.stages.comparison.saved import entries
    from nn.stages.comparison.table import COLUMNS, cells

    known = known_set(report.made["dataset"])
    lines = table(*COLUMNS)
    for entry in entries(report.path, report.entries):
        lines.add_row(*cells(entry, with_book=known is not None and known.has_book_figures))
    output.line()
    output.table(lines)
    output.line("\nTimes are not in the file: `nn compare` prints them, and compare.md has them.")


COMMAND = Command("show", show, "show artifacts/data.npz --index 7 --distort 'rotate 10'", Spelling)
