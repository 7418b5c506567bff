"""`nn eval`: accuracy, confusion matrix and mistakes of a network or a baseline."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndigits.cli.commands.evaluation_text import render_confusion, score
from nndigits.cli.commands.hints import judgement
from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.completion import classifiers
from nndigits.cli.terminal.options import ARTIFACTS, DATA, IMPROVED, WEIGHTS, Data, On, Plot, Split, names, out, weights
from nndigits.cli.terminal.output import Output, call
from nndigits.cli.terminal.progress import bar
from nndigits.cli.terminal.text_pictures import captioned
from nndigits.stages.store.errors import TargetMissed
from nndigits.stages.words.classes import are_digits, called
from nndigits.stages.words.numbers import percent

if TYPE_CHECKING:
    from nndigits.stages.evaluate import EvalReport, Mistake

DISTORTED = {"noise": "Noise", "rotate": "Rotated by degrees", "shift": "Shifted by pixels"}


RESULTS = (
    "weights-eval.json beside weights.npz; the name also says another --split, --shifts, or data that the weights were "
    "not trained on"
)


def evaluate(
    output: Output,
    files: Annotated[list[Path] | None, names("The same as --weights.", complete=classifiers)] = None,
    weights: Annotated[
        list[Path] | None, weights("Weights of nn train, or a baseline. Several form an ensemble.")
    ] = None,
    data: Data = DATA,
    split: Annotated[Split, typer.Option(help="Images to classify.")] = "test",
    shifts: Annotated[
        int, typer.Option(metavar="PIXELS", help="Average over shifts of each image by up to this many pixels.")
    ] = 0,
    distort: Annotated[
        bool, typer.Option("--distort", help="Also measure the accuracy on noisy, rotated and shifted images.")
    ] = False,
    min_accuracy: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Exit with code 4 below this accuracy, a fraction such as 0.95."),
    ] = None,
    out: Annotated[Path | None, out("Where to write the results as JSON.", RESULTS)] = None,
    on: On = None,
    plot: Plot = None,
) -> None:
    """Evaluate a trained network or a baseline, by default on the test images.

    --plot draws the confusion matrix and the most confident mistakes.
    """
    from nndigits.stages.evaluate import evaluate as stage

    if min_accuracy is not None and not 0 <= min_accuracy <= 1:
        raise typer.BadParameter(f"{min_accuracy}: expected a fraction from 0 to 1", param_hint="--min-accuracy")
    paths = [*(files or ()), *(weights or ())] or [WEIGHTS]
    output.will_draw(plot, *paths, data, out)

    def draw(report: "EvalReport") -> None:
        from nndigits.stages.figures.accuracy_figures import evaluation_figure

        output.draw(lambda: evaluation_figure(report))

    def tell(multiplications: int) -> None:
        output.note(f"This takes {multiplications / 1e9:,.0f} billion multiplications; 784-30-10 takes 0.24 on MNIST.")

    with bar(output, "Classifying") as advance:
        report = stage(
            paths,
            data,
            out,
            split=split,
            shifts=shifts,
            distort=distort,
            address=on,
            on_part=partial(advance, "Classifying"),
            on_cost=tell,
            before_saving=draw,
        )
    output.result(report, lambda output: _render(report, data, output))
    if min_accuracy is not None and report.accuracy < min_accuracy:
        raise TargetMissed(f"accuracy {report.accuracy:.4f} is below --min-accuracy {min_accuracy:g}")


def _render(report: "EvalReport", data: Path, output: Output) -> None:
    if not output.quiet:
        render_confusion(report, output)
        _render_mistakes(report, output)
    output.prose(score(report, report.split))
    if not output.quiet:
        output.prose(_comparison(report))
    if report.calibration_error is not None and not output.quiet:
        error = percent(report.calibration_error)
        output.prose(f"Expected calibration error: {error} (at temperature {report.temperature:.2f}).")
    for kind, levels in {} if output.quiet else report.robustness.items():
        output.prose(f"{DISTORTED[kind]}: {', '.join(f'{level:g}: {percent(share, 1)}' for level, share in levels)}.")
    for sentence in report.other_data:
        output.warn(sentence)
    if report.verdict.state != "fine":
        say = output.warn if report.verdict.state == "nothing" else output.note
        say(judgement(report.verdict, report.classes, report.weights[0]))
    other = () if report.split == "train" else ("--split", "train")
    again = call("eval", *other, weights=report.weights, data=data)
    output.note(f"Figures:   {report.out}")
    output.note("Try next:", call("show", report.weights[0]), _better(report.weights[0], data), again)


def _better(weights: Path, data: Path) -> str:
    """Return the command that trains a better network, or that compares, if there is one beside the weights."""
    improved = weights.with_name(IMPROVED.name)
    if improved.exists():
        return call("compare", *([] if weights.parent == ARTIFACTS else [weights.parent]), data=data)
    return call("train", "--recipe", "improved-100", "-o", improved, data=data)


def _comparison(report: "EvalReport") -> str:
    guess = f"For comparison: random guessing reaches {100 / len(report.confusion):.3g} %"
    if not are_digits(report.classes):
        return f"{guess}."
    book = "the chapter's 784-30-10 network about 95 %"
    return (
        f"{guess}, {book}."
        if report.has_book_figures
        else f"{guess}, {book}, but on MNIST, not on {report.dataset_title}."
    )


def _render_mistakes(report: "EvalReport", output: Output) -> None:
    if not report.mistakes:
        return
    output.line("", "Most confident mistakes:", "")
    output.pictures([_drawn(mistake, report.classes) for mistake in report.mistakes])


def _drawn(mistake: "Mistake", names: Sequence[str]) -> list[str]:
    label, prediction = called(names[mistake.label], names), called(names[mistake.answer], names)
    return captioned(mistake.picture, f"#{mistake.index}: {label}, read as {prediction}")


COMMAND = Command("eval", evaluate, "eval --split validation --min-accuracy 0.94")
