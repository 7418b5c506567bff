"""`nn recipes`: named sets of training flags."""

from typing import TYPE_CHECKING, Annotated

import typer

from nndigits.cli.flags.command import Command
from nndigits.cli.flags.completion import recipes as complete
from nndigits.cli.flags.options import Json, Quiet
from nndigits.cli.terminal.layout import width, wrap
from nndigits.cli.terminal.output import Output, program

if TYPE_CHECKING:
    from nndigits.stages.runs.recipe import Recipe


NAME = 15  # columns


def recipes(
    name: Annotated[str | None, typer.Argument(help="Print this recipe.", autocompletion=complete)] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """List the recipes with their expected accuracy, training time and source.

    A recipe is a file of training flags. To change one: `nn recipes best > mine.toml`, edit it, then
    `nn train --recipe ./mine.toml`.
    """
    from nndigits.stages.runs import recipe as stage

    output = Output(as_json=json, quiet=quiet)
    if name is None:
        output.result(stage.recipes(), lambda output: _render(stage.recipes(), output))
    else:
        output.result(stage.read(name), lambda output: output.line(*stage.lines(stage.text(name))))


def _render(known: "list[Recipe]", output: Output) -> None:
    for recipe in known:
        if output.quiet:
            output.line(recipe.name)
            continue
        name = recipe.name
        for text in (recipe.title, recipe.expected, f"in {recipe.takes}; {recipe.source}"):
            for line in wrap(text, width() - NAME):
                output.line(f"{name:<{NAME}}{line}")
                name = ""
    output.note("Next:", f"{program()} train --recipe {known[0].name}", f"{program()} recipes {known[-1].name}")


COMMAND = Command("recipes", recipes, "recipes improved-100")
