"""`nn baseline`: what a network has to beat."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nn.cli.commands.baseline_svm import svm
from nn.cli.flags.options import DARKNESS, DATA, RANDOM, Data, Json, Quiet, refuse_before
from nn.cli.terminal.draw import captioned
from nn.cli.terminal.output import Output, program, side_by_side, table
from nn.cli.terminal.verdict import verdict_lines

if TYPE_CHECKING:
    from nn.stages.baselines.average_darkness import DarknessReport

app = typer.Typer(rich_markup_mode=None)


@app.callback(
    invoke_without_command=True, epilog="Example:  nn baseline darkness && nn eval --weights artifacts/darkness.npz"
)
def baseline(context: typer.Context, json: Json = False, quiet: Quiet = False) -> None:
    """What a network has to beat: random guesses, the average darkness, a support vector machine.

    Bare nn baseline lists them with the book's figures.
    """
    if context.invoked_subcommand is None:
        from nn.stages.comparison import book

        Output(as_json=json, quiet=quiet).result(book.FIGURES, _render_overview)
    else:
        refuse_before(context.invoked_subcommand, json, quiet)


def _render_overview(output: Output) -> None:
    from nn.stages.comparison import book

    output.line("What the chapter sets its network beside, of 10,000 test images of MNIST:\n")
    what = {
        book.RANDOM: "an answer drawn at random",
        book.DARKNESS: "the digit whose images are about as dark",
        book.SVM: "a support vector machine as the library comes",
        book.SVM_TUNED: "the same, its two parameters chosen well",
        book.NETWORK_30: "the chapter's network, for comparison",
    }
    rows = table("command", "the book")
    rows.add_column("what it does", no_wrap=True)
    for figure, text in what.items():
        rows.add_row(figure.command, figure.says, text)
    output.table(rows)
    nn = program()
    output.note(f"\nTry next:  {nn} baseline darkness    Then, all side by side:  {nn} compare")


def random(
    seed: Annotated[int, typer.Option(help="Decides which answers are drawn.")] = 0,
    data: Data = DATA,
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write it.", readable=False)] = RANDOM,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Guess: the least that there is to beat."""
    from nn.stages.baselines.random_guess import guess as stage

    output = Output(as_json=json, quiet=quiet)
    report = stage(data, out, seed=seed)
    output.result(report, lambda output: verdict_lines(report.verdict, output, report.out, data, "10 %"))


def darkness(
    data: Data = DATA,
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write the means.", readable=False)] = DARKNESS,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Take an image for the digit whose images are, on average, about as dark."""
    from nn.stages.baselines.average_darkness import darkness as stage

    output = Output(as_json=json, quiet=quiet)
    report = stage(data, out)
    output.result(report, lambda output: _render_darkness(report, data, output))


def _render_darkness(report: "DarknessReport", data: Path, output: Output) -> None:
    if not output.quiet:
        means = table("digit", "mean darkness")
        for digit, mean in enumerate(report.means):
            means.add_row(str(digit), f"{mean:.1f}")
        output.line(f"Ink in {report.train:,} training images, in pixels of {report.pixels} that are all ink:\n")
        output.table(means)
        output.line()
        drawn = [captioned(one.picture, f"a {one.label}: darkness {one.darkness:.1f}") for one in report.examples]
        for line in side_by_side(drawn) if drawn else ():
            output.line(line.rstrip())
        output.line()
    verdict_lines(report.verdict, output, report.out, data, "2225 / 10000, 22.25 %")


app.command("random", epilog="Example:  nn baseline random --seed 1")(random)
app.command("darkness", epilog="Example:  nn baseline darkness --json")(darkness)
app.command("svm", epilog="Example:  nn baseline svm --tuned    nn baseline svm --gamma scale")(svm)
