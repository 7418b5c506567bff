"""`nn train`: let a network learn to read digits."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nn.cli.commands.find_eta import find
from nn.cli.flags.from_table import with_flags
from nn.cli.flags.options import DATA, WEIGHTS, Data, Json, Quiet
from nn.cli.flags.train_flags import FLAGS, read
from nn.cli.terminal import signals
from nn.cli.terminal.output import Output, call, program
from nn.cli.terminal.progress import bar
from nn.stages.store.errors import Diverged, Interrupted

if TYPE_CHECKING:
    from nn.stages.train import EpochReport, TrainReport


@with_flags(FLAGS)
def train(
    recipe: Annotated[
        str | None,
        typer.Option(help="Start from a recipe, by name or ./mine.toml; other flags override it. `nn recipes`."),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where an interrupted run stopped.")] = False,
    data: Data = DATA,
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", help="Where to write the weights; history and checkpoint go beside.", readable=False
        ),
    ] = WEIGHTS,
    find_eta: Annotated[
        bool, typer.Option("--find-eta", help="Train nothing: try ever larger --eta, and propose one.")
    ] = False,
    plot: Annotated[
        Path | None, typer.Option(help="Of --find-eta: draw its curve into this .png or .svg.", readable=False)
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    **given: Any,
) -> None:
    """Train a network by stochastic gradient descent, as chapter 1 does, or as the flags or a recipe say.

    After every epoch, says how many of the validation images it reads right. Ctrl-C keeps what was learned.
    """
    from nn.stages.runs import recipe as recipes
    from nn.stages.train import train as stage

    output = Output(as_json=json, quiet=quiet)
    parameters = recipes.parameters(recipes.read(recipe).train if recipe else {}, read(given))
    if find_eta:
        find(data, parameters, plot, output)
        return
    if plot is not None:
        raise typer.BadParameter("draws the curve of --find-eta; give that too", param_hint="--plot")
    epochs = parameters.epochs
    finished: list[EpochReport] = []

    def on_epoch(report: "EpochReport") -> None:
        finished.append(report)
        output.step(_epoch_line(report))
        if len(finished) == HINT_AFTER and _is_stuck(finished):
            output.note(_stuck_hint(finished, parameters.eta))

    with signals.held_back() as check, bar(output) as advance:

        def on_images(epoch: int, total: int, done: int) -> None:
            advance(f"Epoch {epoch} of {epochs}", epoch * total + done, epochs * total)
            check()

        def on_strips(done: int, total: int) -> None:
            advance("Cutting strips", done, total)
            check()

        try:
            report = stage(
                data, out, parameters, resume=resume, on_epoch=on_epoch, on_images=on_images, on_strips=on_strips
            )
        except Interrupted as stop:
            raise Interrupted(stop.exit_code - 128, _resume_hint(finished, resume)) from None
        except Diverged as error:
            raise Diverged(f"{error}{_kept(finished)}") from None
    if len(report.epochs) and report.epochs[-1].epoch + 1 < epochs:
        output.note(_stopped(report))
    if report.changed:
        output.warn(_changed(report))
    output.result(report, lambda output: _render(report, data, output))


HINT_AFTER = 3  # epochs
THE_CHAPTERS_ETA = 3.0


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


def _resume_hint(finished: list["EpochReport"], resumed: bool) -> str:
    if not finished and not resumed:
        return "interrupted in the first epoch: nothing is lost but this epoch's beginning"
    arguments = shlex.join([argument for argument in sys.argv[1:] if argument != "--resume"] + ["--resume"])
    kept = _kept(finished) or "; the epochs before are kept in the checkpoint"
    return f"interrupted{kept}. Go on with:  {program()} {arguments}"


def _kept(finished: list["EpochReport"]) -> str:
    return f"; the epochs up to {finished[-1].epoch} are kept in the checkpoint" if finished else ""


def _stopped(report: "TrainReport") -> str:
    """Why it ended before its last epoch."""
    patience = report.parameters.patience
    if report.parameters.schedule == "halve":
        return "Stopped: eta has been halved ten times, and is 1,024 times smaller than it was."
    return f"Stopped: {patience} epochs without a new best on validation, which is --patience."


def _changed(report: "TrainReport") -> str:
    """What a resumed run can no longer promise."""
    differences = ", ".join(f"{name} {then} (now {now})" for name, (then, now) in report.changed.items())
    return f"Begun with {differences}: it need not end in the same bytes as a run that was never interrupted."


def _seconds(report: "TrainReport") -> str:
    """The seconds of an epoch, on average."""
    return f"{report.seconds / max(1, len(report.epochs)):.2f}"


def _render(report: "TrainReport", data: Path, output: Output) -> None:
    threads = report.parameters.threads
    output.note(f"Learned on {threads} thread{'s' * (threads != 1)}, {_seconds(report)} s an epoch.")
    if report.total:
        which = "the best on validation" if report.parameters.keep == "best" else "the last"
        score = f"{report.correct} / {report.total} of the validation images"
        output.line(f"{report.network}: kept epoch {report.kept_epoch}, {which}: {score} -> {report.out}")
    else:
        output.line(f"{report.network}: kept epoch {report.kept_epoch}, the last -> {report.out}")
    output.note(f"Next:  {call('eval', weights=[report.out], data=data)}")
