"""`nn baseline`: simple classifiers to compare a network with."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndigits.cli.commands import baseline_svm
from nndigits.cli.commands.evaluation_text import verdict_lines
from nndigits.cli.terminal.command import Command, Json, Quiet, add, own_output
from nndigits.cli.terminal.options import ARTIFACTS, DATA, Data, out
from nndigits.cli.terminal.output import Output, program
from nndigits.cli.terminal.tables import Column, table
from nndigits.cli.terminal.text_pictures import captioned
from nndigits.cli.terminal.usage_errors import SuggestingGroup
from nndigits.stages.words.classes import noun, short
from nndigits.stages.words.numbers import percent, share

if TYPE_CHECKING:
    from nndigits.stages.classifiers.simple_baselines import DarknessReport

app = typer.Typer(cls=SuggestingGroup, rich_markup_mode=None)


@app.callback(invoke_without_command=True, epilog="Example:  nn baseline darkness && nn eval artifacts/darkness.npz")
def baseline(context: typer.Context, json: Json = False, quiet: Quiet = False) -> None:
    """Train and evaluate simple classifiers to compare a network with.

    They are random guesses, the average darkness and a support vector machine. Without a command, list them with the
    book's accuracies.
    """
    if output := own_output(context, json, quiet):
        from nndigits.stages.results import entries

        output.result(entries.FIGURES, _render_overview)


def _render_overview(output: Output) -> None:
    from nndigits.stages.results import entries

    output.prose("The chapter's baselines, with their accuracy on the 10,000 test images of MNIST:")
    output.line()
    what = {
        entries.RANDOM: "a random digit for each image",
        entries.DARKNESS: "the digit whose mean darkness is closest",
        entries.SVM: "a support vector machine with the library's defaults",
        entries.SVM_TUNED: "the same with tuned C and gamma",
        entries.NETWORK_30: "the chapter's network, for comparison",
    }
    rows = table("command", "the book", Column("method", left=True))
    for figure, text in what.items():
        rows.add_row(figure.command, figure.says, text)
    output.table(rows)
    nn = program()
    output.note()
    output.note("Try next:", f"{nn} baseline darkness", f"{nn} compare")


RANDOM, DARKNESS = ARTIFACTS / "random.npz", ARTIFACTS / "darkness.npz"


def random(
    output: Output,
    seed: Annotated[int, typer.Option(help="Seed of the guesses.")] = 0,
    data: Data = DATA,
    out: Annotated[Path | None, out("Where to write the baseline.", RANDOM)] = None,
) -> None:
    """Guess each digit at random."""
    from nndigits.stages.classifiers.simple_baselines import guess as stage

    report = stage(data, out or RANDOM, seed=seed)
    output.result(report, lambda output: verdict_lines(report.verdict, output, report.out, data, "10 %"))


def darkness(
    output: Output, data: Data = DATA, out: Annotated[Path | None, out("Where to write the means.", DARKNESS)] = None
) -> None:
    """Classify each image by its darkness, as the digit with the closest mean."""
    from nndigits.stages.classifiers.simple_baselines import darkness as stage

    report = stage(data, out or DARKNESS)
    output.result(report, lambda output: _render_darkness(report, data, output))


def _render_darkness(report: "DarknessReport", data: Path, output: Output) -> None:
    if not output.quiet:
        names = report.verdict.classes
        means = table(noun(names), "mean darkness")
        for name, mean in zip(names, report.means, strict=True):
            means.add_row(name, f"{mean:.1f}")
        output.prose(
            f"Mean darkness of {report.train:,} training images, in fully black pixels out of {report.pixels}:"
        )
        output.line()
        output.table(means)
        output.line()
        drawn = [
            captioned(one.picture, f"{short(names[one.label])}: darkness {one.darkness:.1f}") for one in report.examples
        ]
        output.pictures(drawn)
    verdict_lines(report.verdict, output, report.out, data, f"{share(2225, 10_000)}, {percent(0.2225)}")


add(app, Command("random", random, "baseline random --seed 1"))
add(app, Command("darkness", darkness, "baseline darkness --json"))
add(app, baseline_svm.SUBCOMMAND)

COMMAND = Command("baseline", app)
