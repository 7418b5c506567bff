"""`nn report`: a page that shows what happened in a folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndigits.cli.commands.evaluation_text import score
from nndigits.cli.commands.hints import judgement
from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.options import ARTIFACTS, DATA, data, names, out, weights
from nndigits.cli.terminal.output import Output

if TYPE_CHECKING:
    from nndigits.stages.pages.report import PageReport


def report(
    output: Output,
    folder: Annotated[
        Path, names("The folder with data, networks, baselines and their results.", "FOLDER")
    ] = ARTIFACTS,
    data: Annotated[Path | None, data("The data set, made by nn fetch.", "data.npz in the folder")] = None,
    weights: Annotated[
        list[Path] | None, weights("The network that the report is about.", "the one with the best validation accuracy")
    ] = None,
    out: Annotated[Path | None, out("The page.", "report.html in the folder")] = None,
) -> None:
    """Write a page, complete in one file, that shows what happened in a folder.

    It has the accuracy, the learning curves, the confusion matrix, the mistakes, the calibration, the first layer, a
    comparison, and how everything was made. Open it with a double click; it needs no network.
    """
    from nndigits.stages.pages.report import report as stage

    if weights and len(weights) > 1:
        raise typer.BadParameter("names one network: a report is about one", param_hint="--weights")
    page = out or folder / "report.html"
    result = stage(folder, data or folder / DATA.name, page, weights=weights[0] if weights else None)
    output.result(result, lambda output: _render(result, output))


def _render(report: "PageReport", output: Output) -> None:
    for why in report.passed_over:
        output.warn(f"Skipped: {why}")
    output.prose(score(report, "test"))
    for sentence in (*report.other_data, judgement(report.verdict, report.classes, report.path)):
        if sentence:
            output.warn(sentence)
    output.note(f"Network:   {report.path}")
    output.note(f"Page:      {report.out}. Open it in a browser.")


COMMAND = Command("report", report, "report -o report.html")
