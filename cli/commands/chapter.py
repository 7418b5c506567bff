"""`nn chapter`: the chapter as a page."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.options import ARTIFACTS, DATA, data, out
from nndigits.cli.terminal.output import Output
from nndigits.cli.terminal.progress import bar

if TYPE_CHECKING:
    from nndigits.stages.chapter.chapter import ChapterReport

PAGE = ARTIFACTS / "chapter.html"


def chapter(
    output: Output,
    data: Annotated[Path | None, data("Data set of the demonstrations.", f"{DATA} if it is there, else MNIST")] = None,
    out: Annotated[Path | None, out("Where to write the page.", PAGE)] = None,
    solutions: Annotated[
        bool,
        typer.Option(
            "--solutions/--no-solutions",
            help="Put the solutions of the exercises into the page, and the demonstrations that solve one.",
        ),
    ] = True,
) -> None:
    """Write the chapter as a page: its demonstrations, figures that you can change, and exercises.

    It is in English and Chinese. The page is one file. Open it with a double click; it needs no network. Without
    solutions, it still says whether an answer is right.
    """
    from nndigits.stages.chapter.chapter import chapter as stage

    with bar(output, "Preparing") as advance:
        result = stage(out or PAGE, data=data or DATA, with_solutions=solutions, progress=advance)
    output.result(result, lambda output: _render(result, output))


def _render(report: "ChapterReport", output: Output) -> None:
    for why in report.passed_over:
        output.warn(f"Left out: {why}")
    output.prose(
        f"The chapter with {report.demonstrations} demonstrations, of {report.dataset} -> {report.out} "
        f"({report.bytes / 1e6:.1f} MB)"
    )
    output.note("Open it in a browser.")


COMMAND = Command("chapter", chapter, "chapter -o chapter.html")
