"""`nn train`: let a network learn to read digits."""

import re
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from nn.cli import signals
from nn.cli.options import DATA, WEIGHTS, Data, Json, Quiet
from nn.cli.output import Output, program
from nn.cli.progress import bar
from nn.stages.errors import Diverged, Interrupted

if TYPE_CHECKING:
    from nn.stages.train import EpochReport, TrainReport


def train(
    hidden: Annotated[
        str,
        typer.Option(help="Neurons of the hidden layer; 100,30 for two layers, none for no hidden layer."),
    ] = "30",
    epochs: Annotated[int, typer.Option(help="How often to go through the training images.")] = 30,
    batch: Annotated[int, typer.Option("--batch", "--mini-batch", help="Images in a mini-batch.")] = 10,
    eta: Annotated[float, typer.Option("--eta", "--learning-rate", help="How far to step each time.")] = 3.0,
    seed: Annotated[int, typer.Option(help="Decides the first weights and the order of the images.")] = 0,
    dtype: Annotated[Literal["float32", "float64"], typer.Option(help="Precision.")] = "float32",
    keep: Annotated[
        Literal["best", "last"],
        typer.Option(help="Which epoch's weights: the best on validation, or the last."),
    ] = "best",
    resume: Annotated[bool, typer.Option("--resume", help="Go on where an interrupted run stopped.")] = False,
    data: Data = DATA,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", help="Where to write the weights; history and checkpoint go beside."),
    ] = WEIGHTS,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Train a network by stochastic gradient descent, as chapter 1 does.

    After every epoch, says how many of the validation images it reads right. Ctrl-C keeps what was learned.
    """
    from nn.stages.parameters import Parameters
    from nn.stages.train import train as stage

    output = Output(as_json=json, quiet=quiet)
    parameters = Parameters(parse_hidden(hidden), epochs, batch, eta, seed, dtype, keep)
    finished: list[EpochReport] = []

    def on_epoch(report: "EpochReport") -> None:
        finished.append(report)
        output.step(_epoch_line(report))
        if len(finished) == HINT_AFTER and _is_stuck(finished):
            output.note(_stuck_hint(finished, eta))

    with signals.held_back() as check, bar(output) as advance:

        def on_images(epoch: int, total: int, done: int) -> None:
            advance(f"Epoch {epoch} of {epochs}", epoch * total + done, epochs * total)
            check()

        try:
            report = stage(data, out, parameters, resume=resume, on_epoch=on_epoch, on_images=on_images)
        except Interrupted as stop:
            raise Interrupted(stop.exit_code - 128, _resume_hint(finished)) from None
        except Diverged as error:
            raise Diverged(f"{error}{_kept(finished)}") from None
    output.result(report, lambda output: _render(report, output))


HINT_AFTER = 3  # epochs
THE_CHAPTERS_ETA = 3.0


def parse_hidden(text: str) -> tuple[int, ...]:
    """Read ``30``, ``100,30`` or ``none``."""
    if text.strip() == "none":
        return ()
    if not re.fullmatch(r"\s*[0-9]{1,6}\s*(,\s*[0-9]{1,6}\s*)*", text):
        raise typer.BadParameter(f"{text!r}: expected 30, or 100,30, or none", param_hint="--hidden")
    return tuple(int(number) for number in text.split(","))


def _epoch_line(report: "EpochReport") -> str:
    score = f"{report.correct} / {report.total}" if report.total else "no validation images"
    return f"Epoch {report.epoch}: {score}   cost {report.cost:.4f}   {report.seconds:.2f} s"


def _is_stuck(epochs: list["EpochReport"]) -> bool:
    """Whether the network still does little better than guessing among ten."""
    return bool(epochs[0].total) and max(epoch.correct / epoch.total for epoch in epochs) < 0.25


def _stuck_hint(epochs: list["EpochReport"], eta: float) -> str:
    if epochs[-1].cost < 0.98 * epochs[0].cost:
        why = "the cost falls, but slowly: a larger --eta would learn faster"
    elif eta > THE_CHAPTERS_ETA:
        why = "the cost does not fall: with so large an --eta, the neurons are probably saturated"
    else:
        why = "the cost hardly moves: --eta is probably too small"
    return (
        f"Hint: after {len(epochs)} epochs at --eta {eta:g} it reads little better than a guess, and {why} "
        f"(the chapter takes {THE_CHAPTERS_ETA})."
    )


def _resume_hint(finished: list["EpochReport"]) -> str:
    if not finished:
        return "interrupted in the first epoch: nothing is lost but this epoch's beginning"
    arguments = shlex.join([argument for argument in sys.argv[1:] if argument != "--resume"] + ["--resume"])
    return f"interrupted{_kept(finished)}. Go on with:  {program()} {arguments}"


def _kept(finished: list["EpochReport"]) -> str:
    return f"; the epochs up to {finished[-1].epoch} are kept in the checkpoint" if finished else ""


def _render(report: "TrainReport", output: Output) -> None:
    if report.total:
        which = "the best on validation" if report.parameters.keep == "best" else "the last"
        score = f"{report.correct} / {report.total} of the validation images"
        output.line(f"{report.network}: kept epoch {report.kept_epoch}, {which}: {score} -> {report.out}")
    else:
        output.line(f"{report.network}: kept epoch {report.kept_epoch}, the last -> {report.out}")
    output.note(f"Next:  {program()} eval")
