"""`nn show`: describe a file and what it was made from."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndigits.cli.commands.compare import render_entries
from nndigits.cli.commands.evaluation_text import render_confusion, score
from nndigits.cli.commands.show_text import (
    render_counts,
    render_digits,
    render_epochs,
    render_layers,
    render_pictures,
    render_provenance,
    render_table,
)
from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.completion import OURS, files
from nndigits.cli.terminal.options import Distort, Plot, Split, names
from nndigits.cli.terminal.output import Output
from nndigits.cli.terminal.tables import table
from nndigits.stages.datasets.known_sets import known_set
from nndigits.stages.words.classes import called
from nndigits.stages.words.numbers import fixed

if TYPE_CHECKING:
    from nndigits.stages.figures.figure import Figure
    from nndigits.stages.results.evaluations import EvalResult
    from nndigits.stages.results.show import ShowReport


def show(
    output: Output,
    files: Annotated[list[Path], names("Files written by nn: data, weights, results, pages.", complete=files(*OURS))],
    split: Annotated[
        Split | None, typer.Option(help="For a data set: the images to draw from.  [default: test]")
    ] = None,
    index: Annotated[list[int] | None, typer.Option(help="For a data set: draw this image. Repeatable.")] = None,
    distort: Distort = None,
    seed: Annotated[int | None, typer.Option(min=0, help="With --distort: its seed.  [default: 0]")] = None,
    plot: Plot = None,
    recipe: Annotated[bool, typer.Option("--recipe", help="For weights: print the recipe that made them.")] = False,
) -> None:
    """Describe a file, its contents and what it was made from; draw digits of a data set.

    --plot draws the images of a data set, the weights of a network's first layer, or the learning curves of one history
    or several.
    """
    from nndigits.stages.results.show import show as stage

    output.will_draw(plot, *files)
    if seed is not None and distort is None:
        raise typer.BadParameter("needs --distort, which is random", param_hint="--seed")
    if recipe:
        if plot or index or distort or split:
            raise typer.BadParameter(
                "draws nothing; leave out --plot, --index, --split and --distort", param_hint="--recipe"
            )
        if len(files) > 1:
            raise typer.BadParameter("prints the recipe of one file", param_hint="--recipe")
        from nndigits.stages.runs.recipe import lines, recipe_of

        text = recipe_of(files[0])
        output.result({"recipe": text}, lambda output: output.line(*lines(text)))
        return
    reports = [stage(file, split=split, indices=tuple(index or ()), distort=distort, seed=seed or 0) for file in files]
    output.draw(lambda: _figure(reports))
    output.result(reports[0] if len(reports) == 1 else reports, lambda output: _render_all(reports, output))


def _figure(reports: "list[ShowReport]") -> "Figure":
    """Return a figure of the images of a data set, or of what other files hold."""
    from nndigits.stages.results.show_figures import figure_of

    own = reports[0].figure if len(reports) == 1 else None
    return figure_of([report.path for report in reports]) if own is None else own


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
        render_provenance(report, output)


def _render_contents(report: "ShowReport", output: Output) -> None:
    """Print what the kind of file has."""
    if report.arrays and report.table is None:
        output.line()
    if report.arrays and not report.layers and report.table is None:
        _render_arrays(report, output)
    render_layers(report, output)
    render_pictures(report, output)
    render_counts(report, output)
    render_digits(report, output)
    if report.run is not None:
        render_epochs(report.run, output)
    if report.result is not None:
        output.line()
        render_confusion(report.result, output)
        _render_mistakes(report.result, output)
    if report.entries:
        _render_comparison(report, output)
    if report.table is not None:
        render_table(report.table, output)


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
    from nndigits.stages.results.comparison import entries

    known = known_set(report.made["dataset"])
    output.line()
    render_entries(entries(report.path, report.entries), output, with_book=known is not None and known.has_book_figures)
    output.line()
    output.prose("Times are not in the file: `nn compare` prints them, and compare.md has them.")


COMMAND = Command("show", show, "show artifacts/data.npz --index 7 --distort 'rotate 10'")
