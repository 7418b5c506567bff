"""`nn report`: a page that shows what happened in a folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndigits.cli.flags import completion
from nndigits.cli.flags.command import Command
from nndigits.cli.flags.options import ARTIFACTS, DATA, REPORT, Json, Quiet, or_default
from nndigits.cli.terminal.evaluation import score
from nndigits.cli.terminal.hints import judgement
from nndigits.cli.terminal.output import Output

if TYPE_CHECKING:
    from nndigits.stages.pages.report import PageReport


def report(
    folder: Annotated[
        Path,
        typer.Argument(help="The folder with data, networks, baselines and their results.", readable=False),
    ] = ARTIFACTS,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="FILE",
            help="The data set, made by nn fetch.  [default: data.npz in the folder]",
            readable=False,
            autocompletion=completion.artifacts(*completion.DATA_SETS),
        ),
    ] = None,
    weights: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The network that the report is about.  [default: the one with the best validation accuracy]",
            readable=False,
            autocompletion=completion.classifiers,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="The page.  [default: report.html in the folder]", readable=False
        ),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write a page, complete in one file, that shows what happened in a folder.

    It has the accuracy, the learning curves, the confusion matrix, the mistakes, the calibration, the first layer, a
    comparison, and how everything was made. Open it with a double click; it needs no network.
    """
    from nndigits.stages.pages.report import report as stage

    output = Output(as_json=json, quiet=quiet)
    page = or_default(out, folder / REPORT.name, "page")
    result = stage(folder, data or folder / DATA.name, page, weights=weights)
    output.result(result, lambda output: _render(result, output))


def _render(report: "PageReport", output: Output) -> None:
    for why in report.passed_over:
        output.warn(f"Skipped: {why}")
    output.prose(score(report, "test"))
    for sentence in (*report.other_data, judgement(report.verdict, report.classes, report.path)):
        if sentence:
            output.warn(sentence)
    output.note(f"Page:      {report.out}. Open it in a browser.")


COMMAND = Command("report", report, "report -o report.html")
