"""`nn status`: which files are fresh, stale or missing, the leading network, and what to type next."""

from pathlib import Path
from typing import Annotated

import typer

from nndigits.cli.flags.options import ARTIFACTS, names
from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.output import Output, fail
from nndigits.stages.store.errors import InputError


def status(
    output: Output,
    folder: Annotated[Path, names("Folder of the data set, networks and baselines.", "FOLDER")] = ARTIFACTS,
    check: Annotated[bool, typer.Option("--check", help="Exit with code 1 if a file is stale or unreadable.")] = False,
) -> None:
    """Say which files are fresh, stale or missing, how good the leading network is, and what to type next.

    A file is fresh if everything it was made from still has the sha256 that it names. Dates are not looked at.
    """
    from nndigits.cli.terminal.status_text import render
    from nndigits.stages.results.status import status as stage

    if (folder != ARTIFACTS or check) and not folder.exists():
        raise InputError(f"{folder}: no such folder. Name the one that `nn fetch` and `nn train` wrote to")
    report = stage(folder)
    output.result(report, lambda output: render(report, output))
    wrong = [file.path.name for file in report.states if file.state in ("stale", "unreadable")]
    if check and wrong:
        fail(f"{folder}: stale or unreadable: {', '.join(wrong)}", 1)
        raise typer.Exit(1)


COMMAND = Command("status", status, "status --check")
