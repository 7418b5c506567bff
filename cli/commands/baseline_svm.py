"""`nn baseline svm`: a support vector machine, with the library's defaults or tuned."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndigits.cli.commands.evaluation_text import verdict_lines
from nndigits.cli.terminal import signals
from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.completion import one_of
from nndigits.cli.terminal.options import ARTIFACTS, DATA, Data, On, out
from nndigits.cli.terminal.output import Output, again
from nndigits.cli.terminal.progress import bar
from nndigits.stages.store.errors import Interrupted
from nndigits.stages.words.classes import nouns, short
from nndigits.stages.words.nouns import counted
from nndigits.stages.words.numbers import seconds, share

if TYPE_CHECKING:
    from nndigits.stages.classifiers.svm_parameters import SvmParameters
    from nndigits.stages.classifiers.svm_search import Trial
    from nndigits.stages.classifiers.train_svm import SvmReport


SVM, SVM_TUNED = ARTIFACTS / "svm.npz", ARTIFACTS / "svm-tuned.npz"


def svm(
    output: Output,
    tuned: Annotated[
        bool, typer.Option("--tuned", help="Use C = 5 and gamma = 0.027, which --search finds on MNIST.")
    ] = False,
    search: Annotated[
        bool, typer.Option("--search", help="Choose C and gamma on the validation images first. Takes minutes.")
    ] = False,
    c: Annotated[
        float | None,
        typer.Option("--c", help="Penalty for images on the wrong side of the margin.  [default: 1]"),
    ] = None,
    gamma: Annotated[
        str | None,
        typer.Option(
            metavar="auto|scale|X",
            autocompletion=one_of(lambda: ("auto", "scale")),
            help="auto: 1 / pixels, the library's default at the time of the book; scale: its default today; or a "
            "number.  [default: auto]",
        ),
    ] = None,
    train_size: Annotated[
        int | None, typer.Option(help="Train on this many training images, the first ones.  [default: all]")
    ] = None,
    join_validation: Annotated[
        bool | None,
        typer.Option(
            "--join-validation/--no-join-validation",
            help="Train on the validation images as well.  [default: with --tuned and --search, "
            "after C and gamma are chosen]",
            show_default=False,
        ),
    ] = None,
    kernel_memory: Annotated[
        int,
        typer.Option(
            metavar="MB", help="Memory limit; with --on, of each worker. It changes the time, not the result."
        ),
    ] = 3072,
    threads: Annotated[
        int | None,
        typer.Option(help="Pairs of digits to train in parallel, with the same result.  [default: one per processor]"),
    ] = None,
    on: On = None,
    data: Data = DATA,
    out: Annotated[Path | None, out("Where to write the baseline.", f"{SVM}, or {SVM_TUNED} with --tuned")] = None,
) -> None:
    """Train a support vector machine with an RBF kernel, one-against-one.

    The defaults are those of the library when the chapter was written, C = 1 and gamma = 1 / 784. Ctrl-C keeps the
    finished pairs of digits; the same command continues with the others.
    """
    from nndigits.stages.classifiers.svm_memory import Limits
    from nndigits.stages.classifiers.train_svm import check_outputs
    from nndigits.stages.classifiers.train_svm import svm as stage
    from nndigits.stages.store import artifacts

    if tuned and search:
        raise typer.BadParameter("finds what --tuned has; leave one of them out", param_hint="--search")
    if (tuned or search) and (c is not None or gamma is not None):
        raise typer.BadParameter("--c and --gamma cannot be combined with --tuned or --search")
    if on is not None and threads is not None:
        raise typer.BadParameter("are those of this machine; leave it out with --on", param_hint="--threads")
    target = out or (SVM_TUNED if tuned or search else SVM)
    limits = Limits(kernel_memory, threads)
    kept = "the finished trials are kept"

    with signals.deferred() as check, bar(output, "Loading the images") as advance:

        def on_pair(classes: tuple[str, str], done: int, total: int) -> None:
            nonlocal kept
            kept = f"{share(done, total)} pairs are kept"
            advance(f"Trained {short(classes[0])} against {short(classes[1])}", done, total)

        def on_tried(tried: "Trial", done: int, total: int) -> None:
            advance(f"Trial {done} of {total}", done, total)
            output.note(_trial_line(tried))

        try:
            found = None
            if search:
                from nndigits.stages.classifiers.svm_search import search as search_stage

                check_outputs(data, target)
                csv = artifacts.companion_path(target, "search.csv", usual="")
                artifacts.check_output(csv, "search", data)
                found = search_stage(
                    data, csv, train_size=train_size, limits=limits, address=on, on_tried=on_tried, on_wait=check
                )
            parameters = found.parameters if found else _parameters(tuned, c, gamma, train_size)
            if join_validation is not None:
                parameters = replace(parameters, join_validation=join_validation)
            kept = "the finished pairs are kept"
            report = stage(data, target, parameters, limits=limits, address=on, on_pair=on_pair, on_wait=check)
        except Interrupted as stop:
            hint = f"interrupted: {kept}. Continue with:"
            raise Interrupted(stop.exit_code - 128, hint, again()) from None
    report = replace(report, search=found)
    output.result(report, lambda output: _render(report, data, output))


def _parameters(tuned: bool, c: float | None, gamma: str | None, train_size: int | None) -> "SvmParameters":
    from nndigits.stages.classifiers.svm_parameters import TUNED, SvmParameters

    if tuned:
        return replace(TUNED, train_size=train_size)
    given = SvmParameters(1.0 if c is None else c, _number(gamma or "auto"), train_size, chosen="given")
    defaults = SvmParameters(train_size=train_size)
    return defaults if (given.c, given.gamma) == (defaults.c, defaults.gamma) else given


def _number(text: str) -> str | float:
    """Convert a number; the stage checks any other text."""
    try:
        return float(text)
    except ValueError:
        return text


def _trial_line(tried: "Trial") -> str:
    return (
        f"C {tried.c:<4g} gamma {tried.gamma:<6g} {tried.train:>6,} images: "
        f"{share(tried.correct, tried.total)} validation images correct"
    )


def _render(report: "SvmReport", data: Path, output: Output) -> None:
    if report.search:
        best, trials = report.search.best, counted(len(report.search.tried), "trial")
        output.prose(f"Best of {trials}: C {best.c:g}, gamma {best.gamma:g} -> {report.search.out}")
    if not output.quiet:
        resumed = f" ({report.resumed} from an interrupted run)" if report.resumed else ""
        pairs = f"{counted(report.pairs, 'pair')} of {nouns(report.verdict.classes)}{resumed}"
        output.prose(
            f"Trained {pairs} on {counted(report.train, 'image')} in "
            f"{seconds(report.seconds)} s: {report.support_vectors:,} support vectors, {counted(report.steps, 'step')}"
        )
    settings = "the library's defaults at the time, C = 1 and gamma = 1 / 784 (today: --gamma scale)"
    book = "over 98.5 %, tuned" if report.parameters.chosen == "search" else f"{share(9435, 10_000)} with {settings}"
    verdict_lines(report.verdict, output, report.out, data, book)


SUBCOMMAND = Command("svm", svm, "baseline svm --tuned    nn baseline svm --gamma scale")
