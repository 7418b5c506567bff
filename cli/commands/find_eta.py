"""`nn find-eta`: a learning rate proposed by a learning-rate range test."""

from typing import TYPE_CHECKING, Any

import typer

from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.layout import width
from nndigits.cli.terminal.options import DATA, Data, Plot, Recipe
from nndigits.cli.terminal.output import Output, call
from nndigits.cli.terminal.progress import bar
from nndigits.cli.terminal.text_pictures import curve_lines
from nndigits.cli.terminal.train_flags import FLAGS, TrainCommand, read, words

if TYPE_CHECKING:
    from nndigits.stages.training.find_eta import EtaReport

WIDTH, LABEL = 72, 9  # columns of the curve, and left of it


def find_eta(output: Output, recipe: Recipe = None, data: Data = DATA, plot: Plot = None, **given: Any) -> None:
    """Propose an --eta for nn train by a learning-rate range test.

    It trains briefly with a growing eta, and draws the cost over it. The weights are discarded. The flags of nn train
    say what would be trained.
    """
    from nndigits.stages.figures.learning_curves import range_test_figure
    from nndigits.stages.runs import recipe as recipes
    from nndigits.stages.training.find_eta import find_eta as stage

    if "eta" in given:
        raise typer.BadParameter("is what this command proposes; leave it out", param_hint="--eta")
    chosen = recipes.read(recipe).parameters if recipe else {}
    with recipes.blamed(recipe, chosen, given):
        parameters = recipes.parameters(chosen, read(given))
        output.will_draw(plot, data, recipes.path_of(recipe) if recipe else None)
        with bar(output, "Training with a growing eta") as advance:
            report = stage(data, parameters, lambda done, total: advance("Generating negatives", done, total))
    output.draw(lambda: range_test_figure(report))
    output.result(report, lambda output: _render(report, output))
    own = [] if recipe is None else ["--recipe", recipe]
    output.note("Next:", call("train", *own, *words({**given, "eta": report.proposed}), data=data))


def _render(report: "EtaReport", output: Output) -> None:
    """Print the curve and the proposed eta; with --quiet, only the eta."""
    if not output.quiet:
        output.line(f"{report.what}: mean cost per image as eta grows", "")
        columns = min(WIDTH, width() - LABEL)
        output.line(*curve_lines(report.costs, columns))
        first, last = f"{report.etas[0]:g}", f"{report.etas[-1]:.3g}"
        output.line(f"{'':<{LABEL}}eta {first}{last:>{columns - len(first) - 4}}", "")
        output.prose(
            f"The cost falls fastest at eta {report.steepest:.2g}; "
            f"a tenth of the eta of least cost is {report.tenth:.2g}."
        )
    output.line(f"Proposed: --eta {report.proposed:g}")


COMMAND = Command("find-eta", find_eta, "find-eta --recipe improved-100", FLAGS, TrainCommand)
