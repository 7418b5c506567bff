"""`nn sweep`: many training runs, and which parameters are best on the validation images."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from nndigits.cli.commands.sweep_text import print_report, trial_line
from nndigits.cli.terminal import signals
from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.completion import folders
from nndigits.cli.terminal.options import ARTIFACTS, DATA, Data, On, Plot, Recipe, file, out
from nndigits.cli.terminal.output import Output, again
from nndigits.cli.terminal.progress import bar
from nndigits.cli.terminal.train_flags import KINDS, SWEEP_FLAGS, parse_hidden
from nndigits.cli.terminal.typer_command import flag_of
from nndigits.stages.store.errors import Interrupted, UsageError, did_you_mean
from nndigits.stages.words.nouns import counted

if TYPE_CHECKING:
    from nndigits.stages.figures.figure import Figure
    from nndigits.stages.training.space import Range
    from nndigits.stages.training.sweep import SweepReport
    from nndigits.stages.training.sweep_results import TrialResult


FOLDER = ARTIFACTS / "sweep"


def sweep(
    output: Output,
    recipe: Recipe = None,
    seeds: Annotated[
        int | None, typer.Option(metavar="N", help="Train each combination from N seeds, from --seed on.")
    ] = None,
    random: Annotated[
        int | None,
        typer.Option(metavar="N", help="Draw N combinations at random. Ranges need it: --eta 0.1:2:log --hidden 5:30."),
    ] = None,
    halving: Annotated[
        bool,
        typer.Option(
            "--halving", help="Stop the worst two thirds after some epochs, and again after three times those."
        ),
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", help="Trials at the same time.  [default: one on each processor that memory allows]"),
    ] = None,
    on: On = None,
    data: Data = DATA,
    out: Annotated[Path | None, out("The folder of the sweep.", FOLDER, "DIR")] = None,
    show: Annotated[
        Path | None, file("Print the table of a sweep again.", "--show", metavar="DIR", complete=folders)
    ] = None,
    plot: Plot = None,
    **given: Any,
) -> None:
    """Train networks with many combinations of parameters, and compare them on the validation images.

    All flags of nn train that say what is trained may be given, and repeated: --hidden 30 --hidden 100 --eta 1 --eta 3
    is a grid of four (`nn help train` lists them). Each trial is a run of nn train with --threads 1, which leaves the
    same bytes. The same command again does only what is missing.
    """
    from nndigits.stages.training.sweep import show as stored

    output.will_draw(plot, data)
    if show is not None:
        if any((recipe, seeds, random, halving, workers, on, out, *given.values())):
            raise typer.BadParameter("prints a table; leave out the flags of training, and -o", param_hint="--show")
        report = stored(show)
    else:
        report = _sweep(output, data, out or FOLDER, recipe, read_sweep(given), seeds, random, halving, workers, on)
    output.draw(lambda: _figure(report))
    output.result(report, lambda output: print_report(report, data, output))


def _figure(report: "SweepReport") -> "Figure":
    from nndigits.stages.figures.sweep_figure import sweep_figure
    from nndigits.stages.training.sweep_folder import curve

    return sweep_figure(report, partial(curve, report.folder))


def _sweep(
    output: Output,
    data: Path,
    out: Path,
    recipe: str | None,
    choices: dict[str, list[Any]],
    seeds: int | None,
    random: int | None,
    halving: bool,
    workers: int | None,
    on: str | None,
) -> "SweepReport":
    """Run the trials, with a line for each that ends."""
    from nndigits.stages.runs import recipe as recipes
    from nndigits.stages.training.sweep import sweep as stage
    from nndigits.stages.training.trials import Plan

    if on is not None and workers is not None:
        raise typer.BadParameter("are those of this machine; leave it out with --on", param_hint="--workers")
    chosen = recipes.read(recipe).parameters if recipe else {}
    finished = 0
    best: TrialResult | None = None

    with signals.deferred() as check, bar(output, "Starting the workers") as advance:

        def on_trial(trial: "TrialResult", done: int, total: int) -> None:
            nonlocal finished, best
            finished += trial.state == "done"
            if trial.state == "done" and (
                best is None or (trial.validation_correct or 0) > (best.validation_correct or 0)
            ):
                best = trial
            advance(f"Trial {done} of {total}" + (f", best {best.name}" if best else ""), done, total)
            output.note(trial_line(trial, done, total))

        try:
            with recipes.blamed(recipe, chosen, choices):
                return stage(
                    data,
                    out,
                    Plan(choices, chosen, seeds, random, halving),
                    address=on,
                    workers=workers,
                    on_trial=on_trial,
                    on_wait=check,
                )
        except Interrupted as stop:
            others = "all epochs of the others" if on is None else "the others up to their last pause"
            kept = f"interrupted: {counted(finished, 'trial')} finished, and {others}, are kept"
            raise Interrupted(stop.exit_code - 128, f"{kept}. Continue with:", again()) from None


NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?"
RANGE = re.compile(rf"({NUMBER}):({NUMBER})(:log)?")


def read_sweep(given: Mapping[str, Sequence[str]]) -> dict[str, list[Any]]:
    """Return the values of each flag of a sweep, with the types that Parameters has, and ranges of numbers."""
    return {name: [_value(name, text) for text in texts] for name, texts in given.items() if texts}


def _value(name: str, text: str) -> Any:
    if name == "hidden" and not RANGE.fullmatch(text):
        return parse_hidden(text)
    kind = int if name == "hidden" else KINDS[name]
    if kind in (int, float):
        return _number(name, text, kind)
    allowed = get_args(kind)
    if allowed and text not in allowed:
        expected = f"{text!r}: expected {' or '.join(allowed)}. {did_you_mean(text, allowed)}"
        raise typer.BadParameter(expected.rstrip(". "), param_hint=flag_of(name))
    return text


def _number(name: str, text: str, kind: type) -> "int | float | Range":
    try:
        if found := RANGE.fullmatch(text):
            from nndigits.stages.training.space import Range

            low, high = (float(kind(end)) for end in found.groups()[:2])
            return Range(low, high, bool(found[3]), kind is int)
        return kind(text)  # type: ignore[no-any-return]
    except UsageError as error:
        raise typer.BadParameter(str(error), param_hint=flag_of(name)) from None
    except ValueError:
        what = "a whole number" if kind is int else "a number"
        example = "5:30" if kind is int else "0.05:2 or 0.05:2:log"
        raise typer.BadParameter(
            f"{text!r}: expected {what} (repeat the flag for several), or with --random a range such as {example}",
            param_hint=flag_of(name),
        ) from None


COMMAND = Command("sweep", sweep, "sweep --hidden 30 --hidden 100 --eta 1 --eta 3 --seeds 5", SWEEP_FLAGS)
