"""`nn train`: train a network to read digits."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nndigits.cli.commands.hints import judgement, start_hint
from nndigits.cli.terminal import signals
from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.options import DATA, WEIGHTS, Data, Recipe, out
from nndigits.cli.terminal.output import Output, call, program
from nndigits.cli.terminal.progress import bar
from nndigits.cli.terminal.train_flags import FLAGS, TrainCommand, read
from nndigits.stages.store.errors import Diverged, Interrupted
from nndigits.stages.words.escaping import shell_word
from nndigits.stages.words.nouns import counted
from nndigits.stages.words.numbers import seconds, share

if TYPE_CHECKING:
    from nndigits.stages.training.train import EpochReport, Start, TrainReport


def train(
    output: Output,
    recipe: Recipe = None,
    resume: Annotated[
        bool | None,
        typer.Option(
            "--resume/--no-resume",
            help="Continue the run beside the weights, or start again.  [default: continue, if that ends in the same "
            "bytes: the same flags and data, or more --epochs]",
        ),
    ] = None,
    data: Data = DATA,
    out: Annotated[
        Path | None,
        out("Where to write the weights; history and checkpoint go into the same folder.", WEIGHTS),
    ] = None,
    **given: Any,
) -> None:
    """Train a network by stochastic gradient descent.

    The defaults are those of chapter 1. After each epoch, nn prints how many validation images the network classifies
    correctly. Ctrl-C keeps the finished epochs, and the same command continues with the others. The exit code is 5 if
    the network has learned nothing.
    """
    from nndigits.stages.runs import recipe as recipes
    from nndigits.stages.runs.verdict import judge_start
    from nndigits.stages.training.train import train as stage

    chosen = recipes.read(recipe).parameters if recipe else {}
    parameters = recipes.parameters(chosen, read(given))
    epochs, target = parameters.epochs, out or WEIGHTS
    finished: list[EpochReport] = []
    earlier = images = 0

    def on_start(start: "Start") -> None:
        nonlocal earlier
        earlier = start.done
        if start.is_repeated:
            output.note("This run is finished; it is trained again, to the same bytes (--resume keeps it)")
        if start.replaces:
            output.note(f"{start.replaces}; this run replaces it. To keep both, stop now and name another output")
        if 0 < start.done < start.total:
            output.note(f"Continuing from epoch {start.done} of {start.total} (--no-resume starts again)")

    def on_epoch(report: "EpochReport") -> None:
        finished.append(report)
        output.step(_epoch_line(report))
        if problem := judge_start(finished, parameters, images):
            output.note(start_hint(problem, parameters, images))

    with signals.deferred() as check, bar(output, "Loading the images") as advance:

        def on_images(epoch: int, total: int, done: int) -> None:
            nonlocal images
            images = total
            advance(f"Epoch {epoch} of {epochs}", epoch * total + done, epochs * total)
            check()

        def on_strips(done: int, total: int) -> None:
            advance("Generating negatives", done, total)
            check()

        try:
            with recipes.blamed(recipe, chosen, given):
                report = stage(
                    data,
                    target,
                    parameters,
                    inputs=[recipes.path_of(recipe)] if recipe else [],
                    resume=resume,
                    on_start=on_start,
                    on_epoch=on_epoch,
                    on_images=on_images,
                    on_strips=on_strips,
                )
        except Interrupted as stop:
            raise Interrupted(stop.exit_code - 128, *_resume_hint(finished, bool(resume or earlier))) from None
        except Diverged as error:
            raise Diverged(f"{error}{_kept(finished)}") from None
    if len(report.epochs) and report.epochs[-1].epoch + 1 < epochs:
        output.note(_early_stop(report))
    if report.changed:
        output.warn(_version_warning(report))
    output.result(report, lambda output: _render(report, data, output))
    if report.verdict.state == "nothing":
        raise Diverged(judgement(report.verdict, report.classes, report.out))


def _epoch_line(report: "EpochReport") -> str:
    total = report.validation_total
    score = share(report.validation_correct, total) if total else "no validation images"
    return f"Epoch {report.epoch}: {score}   cost {report.cost:.4f}   {seconds(report.seconds)} s"


def _resume_hint(finished: list["EpochReport"], resumed: bool) -> tuple[str, ...]:
    """Return the message after an interruption, and the command that continues."""
    if not finished and not resumed:
        return ("interrupted: only the unfinished first epoch is lost",)
    typed = [argument for argument in sys.argv[1:] if argument not in ("--resume", "--no-resume")]
    kept = _kept(finished) or "; the earlier epochs are kept in the checkpoint"
    return f"interrupted{kept}. Continue with:", " ".join([program(), *map(shell_word, typed), "--resume"])


def _kept(finished: list["EpochReport"]) -> str:
    return f"; epochs up to {finished[-1].epoch} are kept in the checkpoint" if finished else ""


def _early_stop(report: "TrainReport") -> str:
    """Explain why the run ended before its last epoch."""
    patience = report.parameters.patience
    if report.parameters.schedule == "halve":
        return "Stopped: eta was halved ten times and is 1,024 times smaller than at the start."
    return f"Stopped: {counted(patience or 0, 'epoch')} without a new best on validation (--patience)."


def _version_warning(report: "TrainReport") -> str:
    """Warn that the versions changed since the run began."""
    differences = ", ".join(f"{name} {then} (now {now})" for name, (then, now) in report.changed.items())
    return f"Begun with {differences}: the result may differ in its bytes from an uninterrupted run."


def _render(report: "TrainReport", data: Path, output: Output) -> None:
    each = seconds(report.seconds / max(1, len(report.epochs)))
    output.note(f"Trained on {counted(report.parameters.threads or 1, 'thread')}, {each} s per epoch.")
    kept = f"{report.what}: kept epoch {report.kept_epoch}"
    if report.validation_total:
        which = "the best on validation" if report.parameters.keep == "best" else "the last"
        score = f"{share(report.validation_correct, report.validation_total)} validation images correct"
        output.prose(f"{kept}, {which}: {score} -> {report.out}")
    else:
        output.prose(f"{kept}, the last -> {report.out}")
    if report.verdict.state == "partly":
        output.note(judgement(report.verdict, report.classes, report.out))
    if report.verdict.state != "nothing":
        output.note("Next:", call("eval", weights=[report.out], data=data))


COMMAND = Command("train", train, "train --hidden 100 --init 'N(0,1/n)' --epochs 10 --seed 1", FLAGS, TrainCommand)
