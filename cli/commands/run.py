"""`nn run`: the whole pipeline as `make run` does it: the commands fetch, train and eval, where there is no make."""

import io
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import Annotated, Any

import typer

from nndigits.cli.commands import evaluate as eval_command
from nndigits.cli.commands import fetch as fetch_command
from nndigits.cli.commands import train as train_command
from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.options import DATA, WEIGHTS, Recipe, Split, file
from nndigits.cli.terminal.output import Output, again
from nndigits.cli.terminal.train_flags import FLAGS, TrainCommand, read
from nndigits.stages.store.errors import Interrupted


def run(
    output: Output,
    recipe: Recipe = None,
    dataset: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Data set, as of nn fetch.  [default: the one that is there, or mnist]"),
    ] = None,
    source: Annotated[Path | None, file("Data set in files, as of nn fetch.", "--from", metavar="PATH")] = None,
    validation: Annotated[
        int | None, typer.Option(help="Validation images.  [default: a sixth of the training images]")
    ] = None,
    split: Annotated[Split, typer.Option(help="Images to classify.")] = "test",
    **given: Any,
) -> None:
    """Fetch, train and evaluate, without what is up to date: the same files as of make run.

    The data set is fetched if there is none, or if a flag names one. The network is trained unless it was trained with
    these flags, this data and these versions; an interrupted run continues. --json prints the document of nn eval.
    """
    from nndigits.stages.datasets import data_artifact
    from nndigits.stages.runs import recipe as recipes
    from nndigits.stages.runs.checkpoint import is_written
    from nndigits.stages.store.result_files import figures_path

    chosen = recipes.read(recipe).parameters if recipe else {}
    parameters = recipes.parameters(chosen, read(given))
    with redirect_stdout(io.StringIO()) if output.as_json else nullcontext():  # one document, that of the evaluation
        if any(one is not None for one in (dataset, source, validation)) or not data_artifact.is_usable(DATA):
            fetch_command.fetch(output, dataset=dataset, source=source, validation=validation)
        else:
            output.note(f"Up to date: {DATA}")
        if is_written(WEIGHTS, parameters, data_artifact.load(DATA)):
            output.note(f"Up to date: {WEIGHTS}")
        else:
            try:
                train_command.train(output, recipe, **given)
            except Interrupted as stop:
                raise Interrupted(stop.exit_code - 128, str(stop), again() if stop.command else "") from None
    eval_command.evaluate(output, split=split, plot=figures_path([WEIGHTS], split).with_suffix(".png"))


COMMAND = Command("run", run, "run --hidden 100 --epochs 10 --seed 1", FLAGS, TrainCommand)
