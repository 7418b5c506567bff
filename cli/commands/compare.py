"""`nn compare`: everything that reads digits, side by side."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nn.cli.flags.options import ARTIFACTS, COMPARE, DATA, Data, Json, Quiet
from nn.cli.flags.train_flags import parse_hidden
from nn.cli.terminal.output import Output, program, table
from nn.cli.terminal.progress import bar
from nn.stages.store.errors import Interrupted

if TYPE_CHECKING:
    from nn.stages.comparison.compare import CompareReport


def compare(
    folder: Annotated[Path, typer.Argument(help="Where the networks and baselines lie.", readable=False)] = ARTIFACTS,
    seeds: Annotated[
        int, typer.Option(help="Train each network from so many seeds, for a mean and a spread; 0 for none.")
    ] = 0,
    hidden: Annotated[
        list[str] | None,
        typer.Option(help="Of which networks: 30, or 100,30 for two layers. Repeatable.  [default: 30 and 100]"),
    ] = None,
    epochs: Annotated[int, typer.Option(help="How often they go through the training images.")] = 30,
    data: Data = DATA,
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", help="Where to write the figures as JSON; a Markdown table goes beside.", readable=False
        ),
    ] = COMPARE,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Set all networks and baselines of a folder side by side, beside the book's figures.

    What has not been evaluated is evaluated now. With --seeds, finished runs are kept when interrupted.
    """
    from nn.stages.comparison.compare import compare as stage

    output = Output(as_json=json, quiet=quiet)
    networks = [parse_hidden(text) for text in hidden or ("30", "100")]
    finished: set[str] = set()

    with bar(output) as advance:

        def on_run(name: str, done: int, total: int) -> None:
            advance(f"Training {name}: epoch {min(done, total - 1)}", done, total)
            if done == total:
                finished.add(name)
                output.note(f"Run {len(finished)} of {seeds * len(networks)}: {name}")

        try:
            report = stage(folder, data, out, runs=seeds, networks=networks, epochs=epochs, on_run=on_run)
        except Interrupted as stop:
            kept = f"interrupted: {len(finished)} runs are finished and kept"
            hint = f"Go on with:  {program()} {shlex.join(sys.argv[1:])}"
            raise Interrupted(stop.exit_code - 128, f"{kept}. {hint}") from None
    output.result(report, lambda output: _render(report, output))


def _render(report: "CompareReport", output: Output) -> None:
    from nn.stages.comparison.table import COLUMNS, NOTE, cells

    for why in report.passed_over:
        output.warn(f"Passed over: {why}")
    output.line(f"{report.dataset_title}, test images\n")
    lines = table(*COLUMNS)
    for entry in report.entries:
        lines.add_row(*cells(entry, with_book=report.has_book_figures))
    output.table(lines)
    if output.quiet:
        return
    output.line(f"\n{NOTE}")
    if not report.has_book_figures:
        output.line(f"These are images of {report.dataset_title}, not MNIST: the book's figures do not apply to them.")
    output.note(f"Written: {report.out} and {report.markdown}")
    missing = [entry.book.command for entry in report.entries if entry.book and not entry.runs]
    if any(missing):
        output.note("Not here yet:  " + "    ".join(filter(None, missing)))
