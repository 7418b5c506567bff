"""`nn baseline`: simple classifiers to compare a network with."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndigits.cli.commands.baseline_svm import svm
from nndigits.cli.flags.command import Command, NamedValues
from nndigits.cli.flags.options import DARKNESS, DATA, RANDOM, Data, Json, Quiet, or_default, refuse_before
from nndigits.cli.flags.usage_errors import SuggestingGroup
from nndigits.cli.terminal.draw import captioned
from nndigits.cli.terminal.evaluation import verdict_lines
from nndigits.cli.terminal.output import Output, program
from nndigits.cli.terminal.tables import Column, table
from nndigits.stages.words.classes import noun, short
from nndigits.stages.words.numbers import percent, share

if TYPE_CHECKING:
    from nndigits.stages.baselines.average_darkness import DarknessReport

app = typer.Typer(cls=SuggestingGroup, rich_markup_mode=None)


@app.callback(invoke_without_command=True, epilog="Example:  nn baseline darkness && nn eval artifacts/darkness.npz")
def baseline(context: typer.Context, json: Json = False, quiet: Quiet = False) -> None:
    """Train and evaluate simple classifiers to compare a network with.

    They are random guesses, the average darkness and a support vector machine. Without a command, list them with the
    book's accuracies.
    """
    if context.invoked_subcommand is None:
        from nndigits.stages.results import book

        Output(as_json=json, quiet=quiet).result(book.FIGURES, _render_overview)
    else:
        refuse_before(context.invoked_subcommand, json, quiet)


def _render_overview(output: Output) -> None:
    from nndigits.stages.results import book

    output.prose("The chapter's baselines, with their accuracy on the 10,000 test images of MNIST:")
    output.line()
    what = {
        book.RANDOM: "a random digit for each image",
        book.DARKNESS: "the digit whose mean darkness is closest",
        book.SVM: "a support vector machine with the library's defaults",
        book.SVM_TUNED: "the same with tuned C and gamma",
        book.NETWORK_30: "the chapter's network, for comparison",
    }
    rows = table("command", "the book", Column("method", left=True))
    for figure, text in what.items():
        rows.add_row(figure.command, figure.says, text)
    output.table(rows)
    nn = program()
    output.note()
    output.note("Try next:", f"{nn} baseline darkness", f"{nn} compare")


def random(
    seed: Annotated[int, typer.Option(help="Seed of the guesses.")] = 0,
    data: Data = DATA,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help=f"Where to write the baseline.  [default: {RANDOM}]", readable=False),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Guess each digit at random."""
    from nndigits.stages.baselines.random_guess import guess as stage

    output = Output(as_json=json, quiet=quiet)
    report = stage(data, or_default(out, RANDOM, "random"), seed=seed)
    output.result(report, lambda output: verdict_lines(report.verdict, output, report.out, data, "10 %"))


def darkness(
    data: Data = DATA,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help=f"Where to write the means.  [default: {DARKNESS}]", readable=False),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Classify each image by its darkness, as the digit with the closest mean."""
    from nndigits.stages.baselines.average_darkness import darkness as stage

    output = Output(as_json=json, quiet=quiet)
    report = stage(data, or_default(out, DARKNESS, "darkness"))
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


app.command("random", cls=NamedValues, epilog="Example:  nn baseline random --seed 1")(random)
app.command("darkness", cls=NamedValues, epilog="Example:  nn baseline darkness --json")(darkness)
app.command("svm", cls=NamedValues, epilog="Example:  nn baseline svm --tuned    nn baseline svm --gamma scale")(svm)

COMMAND = Command("baseline", app)
