"""`nn compare`: all networks and baselines in one table."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nndigits.cli.commands.hints import judgement
from nndigits.cli.terminal import signals
from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.completion import folders
from nndigits.cli.terminal.options import ARTIFACTS, DATA, WIDE, Plot, data, names, out
from nndigits.cli.terminal.output import Output, again, call
from nndigits.cli.terminal.progress import bar
from nndigits.cli.terminal.tables import Column, table
from nndigits.cli.terminal.train_flags import parse_hidden
from nndigits.stages.store.errors import Interrupted
from nndigits.stages.words.nouns import counted

if TYPE_CHECKING:
    from nndigits.stages.compare import CompareReport
    from nndigits.stages.results.entries import BookFigure, Entry


TABLE = "compare.json"


def compare(
    output: Output,
    folder: Annotated[Path, names("Folder of the networks and baselines.", "FOLDER", folders)] = ARTIFACTS,
    seeds: Annotated[
        int,
        typer.Option(help="Train each network from this many seeds, for a mean and a standard deviation; 0 for none."),
    ] = 0,
    hidden: Annotated[
        list[str] | None,
        typer.Option(
            metavar="N[,N...]",
            help="With --seeds, hidden layers of a network: 30, or 100,30 for two. Repeatable.  [default: 30 and 100]",
        ),
    ] = None,
    epochs: Annotated[int | None, typer.Option(help="With --seeds, epochs to train.  [default: 30]")] = None,
    data: Annotated[
        Path | None, data("The data set, made by nn fetch.", f"data.npz in the folder if it is there, else {DATA}")
    ] = None,
    out: Annotated[
        Path | None,
        out("Where to write the results as JSON, and a Markdown table beside them.", f"{TABLE} in the folder"),
    ] = None,
    plot: Plot = None,
) -> None:
    """Compare all networks and baselines of a folder with each other and with the book.

    Those without an evaluation are evaluated first. With --seeds, an interruption keeps the finished runs. --plot draws
    the accuracies with their intervals, beside the book's.
    """
    from nndigits.stages.compare import compare as stage

    if not seeds and (hidden or epochs is not None):
        raise typer.BadParameter("needs --seeds, with which it trains", param_hint="--hidden" if hidden else "--epochs")
    target = out or folder / TABLE
    data = data or _data_of(folder)
    networks = [parse_hidden(text) for text in hidden or ("30", "100")]
    finished = 0
    output.will_draw(plot, data, target)

    with bar(output, "Evaluating") as advance:

        def on_run(name: str, done: int, total: int) -> None:
            nonlocal finished
            finished = done
            advance(f"Trained {name}", done, total)
            output.note(f"Run {done} of {total}: {name}")

        def draw(report: "CompareReport") -> None:
            from nndigits.stages.figures.accuracy_figures import comparison_figure

            title, with_book = report.dataset_title, report.has_book_figures
            output.draw(lambda: comparison_figure(report.entries, title, with_book=with_book))

        try:
            report = stage(
                folder,
                data,
                target,
                runs=seeds,
                networks=networks,
                epochs=30 if epochs is None else epochs,
                on_run=on_run,
                while_training=signals.deferred,
                before_saving=draw,
            )
        except Interrupted as stop:
            kept = f"interrupted: {counted(finished, 'finished run')} kept"
            raise Interrupted(stop.exit_code - 128, f"{kept}. Continue with:", again()) from None
    output.result(report, lambda output: _render(report, folder, data, output))


def _data_of(folder: Path) -> Path:
    """Return the data set that a folder has, whatever is in that file, or else the usual one."""
    own = folder / DATA.name
    return own if os.path.lexists(own) else DATA


LAYOUT: dict[str, Any] = {
    "file": {"left": True},
    "classifier": {"left": True, "rank": 1, "cut": 23},
    "the book": {"rank": 2},
    "correct": {"rank": 3},
    "95 % interval": {"rank": 4},
    "training, s": {"rank": 5},
    "parameters": {"rank": 6},
    "reading, s": {"rank": 7},
    "size": {"rank": 8},
}
"""How the columns of the table give way on a narrow terminal: the highest rank first."""


def _render(report: "CompareReport", folder: Path, data: Path, output: Output) -> None:
    from nndigits.stages.results.comparison import NOTE

    for why in report.passed_over:
        output.warn(f"Skipped: {why}")
    for sentence in report.other_data:
        output.warn(sentence)
    output.line(f"Test images of {report.dataset_title}:", "")
    render_entries(report.entries, output, with_book=report.has_book_figures)
    if output.quiet:
        return
    output.line()
    output.prose(NOTE)
    if not report.has_book_figures:
        output.prose(f"These are images of {report.dataset_title}, not MNIST: the book's figures do not apply.")
    output.note(f"Written: {report.out} and {report.markdown}")
    for entry in report.entries:
        for file, verdict in entry.verdicts.items():
            output.note(judgement(verdict, report.classes, Path(file)))
    _suggest(report, folder, data, output)


def render_entries(entries: "Sequence[Entry]", output: Output, *, with_book: bool) -> None:
    """Print a row for each classifier; without the book, none for what only the book has."""
    from nndigits.stages.results.comparison import COLUMNS, cells

    lines = table(*(Column(title, **LAYOUT.get(title, {})) for title in COLUMNS))
    best = max((entry.correct for entry in entries if entry.correct is not None), default=None)
    for entry in entries:
        if not entry.runs and not with_book:
            continue
        row = cells(entry, with_book=with_book)
        lines.add_row(*row, style="best" if best is not None and entry.correct == best else "")
    output.table(lines)


def _suggest(report: "CompareReport", folder: Path, data: Path, output: Output) -> None:
    """Print the commands that make the classifiers of the chapter that are missing."""
    if not report.missing:
        return
    commands = [_command(figure, folder, data) for figure in report.missing]
    output.note("For the missing rows:", *commands)
    if any("--hidden 100" in command for command in commands):
        output.note(
            "From some seeds, a network of 100 hidden neurons does not learn every digit: nn train then says so, and "
            "another --seed helps."
        )


def _command(figure: "BookFigure", folder: Path, data: Path) -> str:
    """Return the command that makes a classifier in the compared folder, and replaces no file there."""
    target = folder / figure.file
    if target.exists():
        target = target.with_name(f"chapter-{target.name}")
    default = ARTIFACTS / figure.file if figure.file != WIDE.name else None
    out: list[str | Path] = [] if target == default else ["-o", target]
    return call(figure.command.removeprefix("nn "), *out, data=data)


COMMAND = Command("compare", compare, "compare --seeds 3 --hidden 30 --hidden 100")
