"""`nn baseline svm`: a support vector machine, as the library comes or tuned."""

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nn.cli.flags.options import DATA, SVM, SVM_TUNED, Data, Json, Quiet
from nn.cli.terminal import signals
from nn.cli.terminal.output import Output, program
from nn.cli.terminal.progress import bar
from nn.cli.terminal.verdict import verdict_lines
from nn.stages.store.errors import Interrupted

if TYPE_CHECKING:
    from nn.stages.baselines.svm import SvmReport
    from nn.stages.baselines.svm_parameters import SvmParameters
    from nn.stages.baselines.svm_search import Trial


def svm(
    tuned: Annotated[
        bool, typer.Option("--tuned", help="C and gamma as --search finds them on MNIST: 5 and 0.027.")
    ] = False,
    search: Annotated[
        bool, typer.Option("--search", help="Find C and gamma on the validation images first; minutes.")
    ] = False,
    c: Annotated[
        float | None,
        typer.Option("--c", help="What an image on the wrong side costs.  [default: 1]"),
    ] = None,
    gamma: Annotated[
        str | None,
        typer.Option(
            help="auto: 1 / pixels, the library's default in the book's time; scale: today's; or a number.  "
            "[default: auto]"
        ),
    ] = None,
    train_size: Annotated[
        int | None, typer.Option(help="Learn from so many training images, the first ones.  [default: all]")
    ] = None,
    join_validation: Annotated[
        bool | None,
        typer.Option(
            "--join-validation/--no-join-validation",
            help="Learn from the validation images as well.  [default: with --tuned and --search, "
            "once C and gamma are chosen on them]",
            show_default=False,
        ),
    ] = None,
    kernel_memory: Annotated[
        int, typer.Option(metavar="MB", help="The most memory to take in all; it changes the time, not the result.")
    ] = 3072,
    threads: Annotated[
        int | None,
        typer.Option(help="Pairs of digits to learn at a time, with the same result.  [default: one a processor]"),
    ] = None,
    data: Data = DATA,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help=f"Where to write the machine.  [default: {SVM}, or {SVM_TUNED} with --tuned]",
            readable=False,
        ),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Train a support vector machine: RBF kernel, a machine for each pair of digits, and a vote.

    The defaults are those of the library when the chapter was written, C = 1 and gamma = 1 / 784. Ctrl-C keeps the
    pairs that are finished; the same command goes on with them.
    """
    from nn.stages.baselines.svm import svm as stage
    from nn.stages.baselines.svm_memory import Limits

    if (tuned or search) and (c is not None or gamma is not None):
        raise typer.BadParameter("give --c and --gamma yourself, or leave both to --tuned or --search")
    output = Output(as_json=json, quiet=quiet)
    target = out or (SVM_TUNED if tuned or search else SVM)
    limits = Limits(kernel_memory, threads)
    kept = "what the search has tried is kept"

    with signals.held_back() as check, bar(output) as advance:

        def on_pair(digits: tuple[int, int], done: int, total: int) -> None:
            nonlocal kept
            kept = f"{done} of {total} pairs are kept"
            advance(f"Learned to tell {digits[0]} from {digits[1]}", done, total)

        def on_tried(tried: "Trial", done: int, total: int) -> None:
            advance(f"Tried {done} of {total}", done, total)
            output.note(_tried_line(tried))

        try:
            found = None
            if search:
                from nn.stages.baselines.svm_search import search as search_stage
                from nn.stages.store.files import check_output

                check_output(target, data)
                csv = target.parent / f"{target.stem}-search.csv"
                found = search_stage(data, csv, train_size=train_size, on_tried=on_tried, on_wait=check, limits=limits)
            parameters = found.parameters if found else _parameters(tuned, c, gamma, train_size)
            if join_validation is not None:
                parameters = replace(parameters, join_validation=join_validation)
            kept = "the pairs that are finished are kept"
            report = stage(data, target, parameters, on_pair=on_pair, on_wait=check, limits=limits)
        except Interrupted as stop:
            hint = f"interrupted: {kept}. Go on with:  {program()} {shlex.join(sys.argv[1:])}"
            raise Interrupted(stop.exit_code - 128, hint) from None
    report = replace(report, search=found)
    output.result(report, lambda output: _render(report, data, output))


def _parameters(tuned: bool, c: float | None, gamma: str | None, train_size: int | None) -> "SvmParameters":
    from nn.stages.baselines.svm_parameters import TUNED, SvmParameters

    if tuned:
        return replace(TUNED, train_size=train_size)
    given = SvmParameters(1.0 if c is None else c, _number(gamma or "auto"), train_size, chosen="given")
    defaults = SvmParameters(train_size=train_size)
    return defaults if (given.c, given.gamma) == (defaults.c, defaults.gamma) else given


def _number(text: str) -> str | float:
    """A number where it is one; the rules' names and whatever else are for the stage to judge."""
    try:
        return float(text)
    except ValueError:
        return text


def _tried_line(tried: "Trial") -> str:
    return (
        f"C {tried.c:<4g} gamma {tried.gamma:<6g} {tried.train:>6,} images: {tried.correct} / {tried.total} "
        f"of the validation images"
    )


def _render(report: "SvmReport", data: Path, output: Output) -> None:
    if not output.quiet:
        if report.search:
            best, tried = report.search.best, len(report.search.tried)
            output.line(f"Best of {tried} on validation: C {best.c:g}, gamma {best.gamma:g} -> {report.search.out}")
        resumed = f", {report.resumed} of them by a run that was interrupted" if report.resumed else ""
        output.line(
            f"{report.train:,} training images, {report.pairs} pairs of digits learned{resumed} in "
            f"{report.seconds:.1f} s: {report.support_vectors:,} support vectors, {report.steps:,} steps"
        )
    defaults = report.parameters.chosen != "search"
    book = "9435 / 10000 with the library's defaults of its time, C = 1 and gamma = 1 / 784; today's is --gamma scale"
    verdict_lines(report.verdict, output, report.out, data, book if defaults else "tuned, over 98.5 %")
