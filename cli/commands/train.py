"""`nn train`: train a network to read digits."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nndigits.cli.flags.command import Command
from nndigits.cli.flags.from_table import with_flags
from nndigits.cli.flags.options import DATA, WEIGHTS, Data, Json, Quiet, Recipe, or_default
from nndigits.cli.flags.train_flags import FLAGS, Grouped, read, words
from nndigits.cli.rendering import eta_curve
from nndigits.cli.terminal import signals
from nndigits.cli.terminal.hints import not_learned
from nndigits.cli.terminal.output import Output, call, program
from nndigits.cli.terminal.progress import bar
from nndigits.stages.store.errors import Diverged, Interrupted
from nndigits.stages.words.escaping import shell_word
from nndigits.stages.words.nouns import counted
from nndigits.stages.words.numbers import seconds, share

if TYPE_CHECKING:
    from nndigits.stages.runs.parameters import Parameters
    from nndigits.stages.train import EpochReport, TrainReport


@with_flags(FLAGS)
def train(
    recipe: Recipe = None,
    resume: Annotated[
        bool | None,
        typer.Option(
            "--resume/--no-resume",
            help="Continue an interrupted run, or start again.  [default: continue, if an unfinished run with the same "
            "flags and data lies beside the weights]",
            show_default=False,
        ),
    ] = None,
    data: Data = DATA,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help=f"Where to write the weights; history and checkpoint go into the same folder.  [default: {WEIGHTS}]",
            readable=False,
        ),
    ] = None,
    find_eta: Annotated[
        bool, typer.Option("--find-eta", help="Propose an --eta by a learning-rate range test, instead of training.")
    ] = False,
    plot: Annotated[
        Path | None, typer.Option(help="With --find-eta: draw the curve into this file, .png or .svg.", readable=False)
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    **given: Any,
) -> None:
    """Train a network by stochastic gradient descent.

    The defaults are those of chapter 1. After each epoch, nn prints how many validation images the network classifies
    correctly. Ctrl-C keeps the finished epochs, and the same command continues with the others.
    """
    from nndigits.stages.runs import recipe as recipes
    from nndigits.stages.train import train as stage

    output = Output(as_json=json, quiet=quiet)
    chosen = recipes.read(recipe).parameters if recipe else {}
    parameters = recipes.parameters(chosen, read(given))
    inputs = [recipes.path_of(recipe)] if recipe else []
    if find_eta:
        own = [*(() if recipe is None else ("--recipe", recipe)), *(() if out is None else ("-o", out))]
        with recipes.blamed(recipe, chosen, given):
            _find_eta(
                data,
                parameters,
                plot,
                inputs,
                output,
                lambda eta: call("train", *own, *words({**given, "eta": eta}), data=data),
            )
        return
    if plot is not None:
        raise typer.BadParameter("needs --find-eta, whose curve it draws", param_hint="--plot")
    epochs = parameters.epochs
    finished: list[EpochReport] = []
    earlier = images = 0

    def on_resume(done: int, total: int) -> None:
        nonlocal earlier
        earlier = done
        if done < total:
            output.note(f"Continuing from epoch {done} of {total} (--no-resume starts again)")

    def on_epoch(report: "EpochReport") -> None:
        finished.append(report)
        output.step(_epoch_line(report))
        if len(finished) == HINT_AFTER and _is_stuck(finished):
            output.note(_stuck_hint(finished, parameters, images))

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
                    or_default(out, WEIGHTS, "weights"),
                    parameters,
                    inputs=inputs,
                    resume=resume,
                    on_resume=on_resume,
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


def _find_eta(
    data: Path,
    parameters: "Parameters",
    picture: Path | None,
    inputs: list[Path],
    output: Output,
    next_command: Callable[[float], str],
) -> None:
    """Run the learning-rate range test, draw its curve, and propose an eta and the command that trains with it."""
    from nndigits.stages.figures import plot
    from nndigits.stages.find_eta import figure, find_eta

    if picture is not None:
        plot.check(picture, data, *inputs)
    with bar(output, "Training with a growing eta") as advance:
        report = find_eta(data, parameters, lambda done, total: advance("Generating negatives", done, total))
    if picture is not None:
        plot.save(figure(report), picture)
    output.result(report, lambda output: eta_curve.print_report(report, output, next_command))
    if picture is not None:
        output.note(f"Picture:   {picture}")


HINT_AFTER = 3  # epochs
CHAPTER_ETA = 3.0
FEW_UPDATES = 10  # in an epoch


def _epoch_line(report: "EpochReport") -> str:
    total = report.validation_total
    score = share(report.validation_correct, total) if total else "no validation images"
    return f"Epoch {report.epoch}: {score}   cost {report.cost:.4f}   {seconds(report.seconds)} s"


def _is_stuck(epochs: list["EpochReport"]) -> bool:
    """Whether the accuracy is still close to guessing."""
    total = epochs[0].validation_total
    return bool(total) and max(epoch.validation_correct for epoch in epochs) / total < 0.25


def _stuck_hint(epochs: list["EpochReport"], parameters: "Parameters", images: int) -> str:
    eta, batch = parameters.eta, parameters.batch
    updates = -(-images // batch)
    if updates == 1:
        size = "larger than" if batch > images else "as large as"
        return (
            f"Hint: --batch {batch:,} is {size} the training set of {images:,} images, so an epoch is a single update "
            "of the weights. A smaller --batch learns more in an epoch (the chapter uses 10)."
        )
    if updates < FEW_UPDATES:
        return (
            f"Hint: with --batch {batch:,}, an epoch of {images:,} images has only {updates} updates of the weights. "
            "A smaller --batch learns more in an epoch (the chapter uses 10)."
        )
    if epochs[-1].cost < 0.98 * epochs[0].cost:
        why = "the cost falls slowly: a larger --eta would learn faster"
    elif eta > CHAPTER_ETA:
        why = "the cost does not fall: --eta is large, and the neurons are probably saturated"
    else:
        why = "the cost hardly changes: --eta is probably too small"
    book = "" if eta == CHAPTER_ETA else f" (the chapter uses {CHAPTER_ETA})"
    return (
        f"Hint: after {counted(len(epochs), 'epoch')} at --eta {eta:g}, the accuracy is close to guessing, and "
        f"{why}{book}."
    )


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


def _seconds(report: "TrainReport") -> str:
    """Format the mean seconds per epoch."""
    return seconds(report.seconds / max(1, len(report.epochs)))


def _render(report: "TrainReport", data: Path, output: Output) -> None:
    threads = report.parameters.threads
    output.note(f"Trained on {counted(threads or 1, 'thread')}, {_seconds(report)} s per epoch.")
    kept = f"{report.what}: kept epoch {report.kept_epoch}"
    if report.validation_total:
        which = "the best on validation" if report.parameters.keep == "best" else "the last"
        score = f"{share(report.validation_correct, report.validation_total)} validation images correct"
        output.prose(f"{kept}, {which}: {score} -> {report.out}")
    else:
        output.prose(f"{kept}, the last -> {report.out}")
    if report.saturated:
        output.note(not_learned(report.saturated, report.classes, report.out))
    output.note("Next:", call("eval", weights=[report.out], data=data))


COMMAND = Command("train", train, "train --hidden 100 --init 'N(0,1/n)' --epochs 10 --seed 1", Grouped)
