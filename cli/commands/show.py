"""`nn show`: describe a file and what it was made from."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndigits.cli.commands.compare import render_entries
from nndigits.cli.flags import completion
from nndigits.cli.flags.command import Command
from nndigits.cli.flags.options import Distort, Json, Plot, Quiet, Split
from nndigits.cli.flags.spelling import Spelling
from nndigits.cli.rendering import datasets, provenance, tables, training
from nndigits.cli.rendering.confusion import render_confusion
from nndigits.cli.terminal.output import Output
from nndigits.cli.terminal.tables import table
from nndigits.cli.terminal.verdict import score
from nndigits.stages.datasets.known_sets import known_set
from nndigits.stages.words.classes import called
from nndigits.stages.words.numbers import fixed

if TYPE_CHECKING:
    from nndigits.stages.inspection.results import EvalResult
    from nndigits.stages.show import ShowReport


def show(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Files written by nn: .npz, .json or .csv.",
            readable=False,
            autocompletion=completion.files(*completion.OURS),
        ),
    ],
    split: Annotated[Split, typer.Option(help="For a data set: the images to draw from.")] = "test",
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
    from nndigits.stages.show import show as stage

    if plot is not None:
        from nndigits.stages.figures import plot as pictures

        pictures.check(plot, *files)
    output = Output(as_json=json, quiet=quiet)
    if recipe:
        if plot or index or distort:
            raise typer.BadParameter("draws nothing; leave out --plot, --index and --distort", param_hint="--recipe")
        if len(files) > 1:
            raise typer.BadParameter("prints the recipe of one file", param_hint="--recipe")
        from nndigits.stages.runs.of_weights import recipe_of
        from nndigits.stages.runs.recipe import lines

        text = recipe_of(files[0])
        output.result({"recipe": text}, lambda output: output.line(*lines(text)))
        return
    reports = [stage(file, split=split, indices=tuple(index or ()), distort=distort, seed=seed) for file in files]
    if plot is not None:
        _draw(reports, plot)
    output.result(reports[0] if len(reports) == 1 else reports, lambda output: _render_all(reports, output))
    if plot is not None:
        output.note(f"Picture:   {plot}")


def _draw(reports: "list[ShowReport]", picture: Path) -> None:
    """Draw the images of a data set, or what other files hold."""
    from nndigits.stages.figures import plot
    from nndigits.stages.figures.of_files import figure_of

    own = reports[0].figure if len(reports) == 1 else None
    plot.save(figure_of([report.path for report in reports]) if own is None else own, picture)


def _render_all(reports: "list[ShowReport]", output: Output) -> None:
    for number, report in enumerate(reports):
        if number and not output.quiet:
            output.line()
        _render(report, output)


def _render(report: "ShowReport", output: Output) -> None:
    if report.result is not None:
        output.prose(f"{report.path}: {score(report.result, report.result.split)}")
    else:
        output.prose(f"{report.path}: {report.what}")
    for sentence in () if output.quiet else report.words:
        output.prose(sentence)
    _render_contents(report, output)
    if not output.quiet:
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
    if report.run is not None:
        training.render_epochs(report.run, output)
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
        output.line("", "Most confident mistakes:", "")
    for mistake in result.mistakes:
        label, answer = (called(result.classes[one], result.classes) for one in (mistake.label, mistake.answer))
        output.line(f"  #{mistake.index}: {label}, read as {answer} (output {fixed(mistake.output, 2)})")


def _render_comparison(report: "ShowReport", output: Output) -> None:
    from nndigits.stages.comparison.saved import entries

    known = known_set(report.made["dataset"])
    output.line()
    render_entries(entries(report.path, report.entries), output, with_book=known is not None and known.has_book_figures)
    output.line()
    output.prose("Times are not in the file: `nn compare` prints them, and compare.md has them.")


COMMAND = Command("show", show, "show artifacts/data.npz --index 7 --distort 'rotate 10'", Spelling)
