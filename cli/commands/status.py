"""`nn status`: which files are fresh, stale or missing, the leading network, and what to type next."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.layout import Style
from nndigits.cli.terminal.options import ARTIFACTS, DATA, WEIGHTS, names
from nndigits.cli.terminal.output import Output, call, fail, in_folder, program
from nndigits.cli.terminal.tables import Column, table
from nndigits.cli.terminal.typer_command import flag_of
from nndigits.stages.store.errors import InputError
from nndigits.stages.words.nouns import listed
from nndigits.stages.words.numbers import percent, share
from nndigits.stages.words.values import typed

if TYPE_CHECKING:
    from nndigits.stages.results.freshness import FileStatus
    from nndigits.stages.results.status import NextStep, StatusReport

LONGEST = 44
"""Letters of the column that describes a file; a longer description is cut, a reason is not."""

STYLES: dict[str, Style] = {"stale": "warning", "unfinished": "warning", "unreadable": "error"}
"""The colours of states that ask for something."""


def status(
    output: Output,
    folder: Annotated[Path, names("Folder of the data set, networks and baselines.", "FOLDER")] = ARTIFACTS,
    check: Annotated[bool, typer.Option("--check", help="Exit with code 1 if a file is stale or unreadable.")] = False,
) -> None:
    """Say which files are fresh, stale or missing, how good the leading network is, and what to type next.

    A file is fresh if everything it was made from still has the sha256 that it names. Dates are not looked at.
    """
    from nndigits.stages.results.status import status as stage

    if (folder != ARTIFACTS or check) and not folder.exists():
        raise InputError(f"{folder}: no such folder. Name the one that `nn fetch` and `nn train` wrote to")
    report = stage(folder)
    output.result(report, lambda output: render(report, output))
    wrong = [file.path.name for file in report.states if file.state in ("stale", "unreadable")]
    if check and wrong:
        fail(f"{folder}: stale or unreadable: {', '.join(wrong)}", 1)
        raise typer.Exit(1)


def render(report: "StatusReport", output: Output) -> None:
    """Print the state of the folder in one line, then its files, and the next command."""
    output.prose(_headline(report))
    if output.quiet:
        return
    reasons = {file.path: file.why for file in report.states}
    rows = [file for file in report.states if _is_listed(file, reasons)]
    lines = table("file", Column("state", left=True), "test", Column("", left=True))
    for file in rows:
        name = file.path.name if file.belongs_to is None else f"  {file.path.name}"
        lines.add_row(name, file.state, _accuracy(file), _description(file), styles={1: STYLES.get(file.state, "")})
    output.line()
    output.table(lines)
    if any(file.state == "stale" for file in report.states):
        output.line()
        output.prose(
            "Stale: what it was made from has changed since, or a newer file is not in it (compared by sha256)."
        )
    output.line()
    output.prose(*_next(report))


def _headline(report: "StatusReport") -> str:
    if not report.dataset:
        damaged = any(file.kind == "unknown" and file.path.name == "data.npz" for file in report.states)
        return f"{report.folder}: {'data.npz cannot be read' if damaged else 'no data set yet'}"
    data = report.dataset_title
    if report.leader is None:
        figures = any(file.kind == "eval" for file in report.states)
        state = "all figures are stale" if figures else "nothing is evaluated yet"
        return f"{report.folder}: {data}; {state}"
    leader = report.leader
    names, correct = listed(path.name for path in leader.weights), share(leader.correct, leader.total)
    return (
        f"{report.folder}: {data}. Leading network: {correct} {leader.split} images, "
        f"{percent(leader.accuracy)}, by {names} ({_cut(leader.what)})"
    )


def _is_listed(file: "FileStatus", reasons: dict[Path, str]) -> bool:
    """Whether a file has a line of its own.

    What belongs to weights has one only if something is wrong with it, and not the same as with the weights. The
    confusion matrix goes with the figures.
    """
    if file.kind == "confusion":
        return file.state == "unreadable"
    if file.belongs_to is None:
        return True
    return file.state != "fresh" and file.why != reasons[file.belongs_to]


def _accuracy(file: "FileStatus") -> str:
    return percent(file.accuracies["test"]) if "test" in file.accuracies else ""


def _description(file: "FileStatus") -> str:
    return _cut(file.what) if file.state == "fresh" else in_folder(file.why.split(". ")[0])


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3].rstrip(', ')}..."


def _next(report: "StatusReport") -> tuple[str, ...]:
    """Return the words before the next commands, and the commands."""
    if report.next.step != "show":
        return "Next:", next_command(report.next)
    fresh = "All is fresh. " if all(file.state == "fresh" for file in report.states) else ""
    return f"{fresh}Try next:", call("show", report.next.path or WEIGHTS), f"{program()} recipes"


def next_command(step: "NextStep") -> str:
    """Return the command line of a step, as it can be typed."""
    data = step.data or DATA
    match step.step:
        case "fetch":
            return call("fetch", *_unless(DATA, "-o", data))
        case "eval":
            return call("eval", weights=[step.path or WEIGHTS], data=data)
        case "compare":
            folder = data.parent
            elsewhere = [] if folder == ARTIFACTS else [folder]
            return call("compare", *elsewhere, data=data)
    flags = [word for name, value in step.parameters.items() for word in (flag_of(name), typed(value))]
    resume = ["--resume"] if step.step == "resume" else []
    return call("train", *flags, *resume, *_unless(WEIGHTS, "-o", step.path or WEIGHTS), data=data)


def _unless(usual: Path, flag: str, path: Path) -> list[str | Path]:
    return [] if path == usual else [flag, path]


COMMAND = Command("status", status, "status --check")
