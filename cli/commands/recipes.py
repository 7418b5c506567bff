"""`nn recipes`: named sets of training flags."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.completion import recipes as complete
from nndigits.cli.terminal.output import Output, program
from nndigits.cli.terminal.tables import Column, table

if TYPE_CHECKING:
    from nndigits.stages.runs.recipe import Recipe

BEYOND = re.compile(r"[;:,(]| of the ")
"""What follows in an expected accuracy is for `nn recipes NAME`."""


def recipes(
    output: Output,
    name: Annotated[str | None, typer.Argument(help="Print this recipe.", autocompletion=complete)] = None,
) -> None:
    """List the recipes with their expected accuracy and training time.

    A recipe is a file of training flags. To change one: `nn recipes best > mine.toml`, edit it, then
    `nn train --recipe ./mine.toml`.
    """
    from nndigits.stages.runs import recipe as stage

    if name is None:
        known = stage.recipes()
        output.result(known, lambda output: _render(known, output))
    else:
        output.result(stage.read(name), lambda output: output.line(*stage.lines(stage.text(name))))


def _render(known: "list[Recipe]", output: Output) -> None:
    if output.quiet:
        output.line(*(recipe.name for recipe in known))
        return
    rows = table("recipe", Column("accuracy", left=True), "time", Column("network", left=True))
    for recipe in known:
        rows.add_row(recipe.name, BEYOND.split(recipe.expected)[0].strip(), recipe.takes, recipe.title)
    output.table(rows)
    output.note("Next:", f"{program()} train --recipe {known[0].name}", f"{program()} recipes {known[-1].name}")


COMMAND = Command("recipes", recipes, "recipes improved-100")
