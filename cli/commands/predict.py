"""`nn predict`: what are the digits that a person wrote?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nn.cli.flags.options import BEST, DATA, WEIGHTS, Data, Json, Quiet, Split
from nn.cli.terminal.draw import captioned
from nn.cli.terminal.output import Output, fail, program
from nn.stages.store.errors import InputError

if TYPE_CHECKING:
    from nn.stages.predict import Prediction, PredictReport

GOOD = 0.99
"""From this share of the validation images on, no better weights are proposed."""


def predict(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Pictures of one digit each, folders of them, or - for standard input.", readable=False),
    ] = None,
    weights: Annotated[
        list[Path] | None,
        typer.Option(help="What was trained; repeat it for a vote.  [default: artifacts/weights.npz]", readable=False),
    ] = None,
    top: Annotated[int, typer.Option(help="How many digits to name for each picture.")] = 2,
    show: Annotated[bool, typer.Option("--show", help="Draw what the network saw.")] = False,
    save_seen: Annotated[Path | None, typer.Option(help="Keep what the network saw, as PNG.", readable=False)] = None,
    index: Annotated[list[int] | None, typer.Option(help="Read this image of the data set. Repeatable.")] = None,
    split: Annotated[Split, typer.Option(help="With --index: of which images.")] = "test",
    data: Data = DATA,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read pictures of your own digits: photographs, scans, drawings, whatever their size, paper and ink."""
    from nn.stages.predict import predict as stage
    from nn.stages.predict import predict_from

    if bool(files) == bool(index):
        raise typer.BadParameter("name either pictures, a folder or - for standard input, or --index of a data set")
    output, by = Output(as_json=json, quiet=quiet), weights or [WEIGHTS]
    if files:
        report = stage(files, by, top=top, seen=save_seen)
    else:
        report = predict_from(data, index or (), by, split=split, top=top, seen=save_seen)
    unreadable = [one.unreadable for one in report.predictions if one.unreadable]
    if len(unreadable) == len(report.predictions) == 1:
        raise InputError(unreadable[0])
    output.result(report, lambda output: _render(report, output, show))
    for message in unreadable:
        fail(message)
    if unreadable:
        raise typer.Exit(InputError.exit_code)


def _render(report: "PredictReport", output: Output, show: bool) -> None:
    for one in report.predictions:
        if not one.unreadable:
            output.line(_line(one, report.calibrated))
        if show and one.seen:
            for line in captioned(one.seen, ""):
                output.line(line.rstrip())
    output.note(_who(report))
    if not report.calibrated:
        output.note("How sure it is cannot be said: it is not calibrated, as networks of `nn train` are.")
    if BEST not in report.weights and (report.accuracy is None or report.accuracy < GOOD):
        output.note(f"Better:  {_better()}")


def _line(one: "Prediction", calibrated: bool) -> str:
    """What one picture was read as, and how sure that is where it can be said."""
    was = "" if one.label is None else f" (it is a {one.label})"
    if one.trouble == "none":
        return f"{one.name}: no digit here{was}"
    if one.trouble == "several":
        return f"{one.name}: more than one: try `nn read {one.name}`{was}"
    first, *others = [
        f"{candidate.digit}, {_percent(candidate.probability)}" if calibrated else str(candidate.digit)
        for candidate in one.candidates
    ]
    if one.unsure and others:
        return f"{one.name}: not sure: {first}, or {', or '.join(others)}{was}"
    then = f" (then {'; '.join(others)})" if others else ""
    return f"{one.name}: {first}{then}{was}"


def _percent(share: float) -> str:
    """A share, never said to be certain."""
    percent = min(100 * share, 99.9)
    return f"{percent:.1f} %" if percent >= 0.1 else "< 0.1 %"


def _who(report: "PredictReport") -> str:
    """Who has read."""
    where = ", ".join(map(str, report.weights))
    known = report.accuracy is not None
    score = f", which reads {report.accuracy:.1%} of {report.dataset}'s validation images right" if known else ""
    return f"Read by {report.what} ({where}){score}."


def _better() -> str:
    nn = program()
    if BEST.exists():
        return f"{nn} predict --weights {BEST}"
    return f"{nn} train --recipe best -o {BEST}, then {nn} predict --weights {BEST}"
