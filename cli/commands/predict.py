"""`nn predict`: read pictures of single digits."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndigits.cli.commands.hints import in_words, offer_other
from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.completion import PICTURES, files
from nndigits.cli.terminal.options import COMES_WITH_NN, DATA, WEIGHTS, Split, check_quoted, data, file, names, weights
from nndigits.cli.terminal.output import Output, call, fail
from nndigits.cli.terminal.text_pictures import captioned
from nndigits.stages.store.environment import PRETRAINED
from nndigits.stages.store.errors import InputError
from nndigits.stages.words.classes import are_digits, short
from nndigits.stages.words.numbers import percent

if TYPE_CHECKING:
    from nndigits.stages.predict import Prediction, PredictReport

GOOD_ACCURACY = 0.99
"""Below this validation accuracy, the command suggests the network that comes with nn."""


def predict(
    output: Output,
    files: Annotated[
        list[Path] | None,
        names(
            "Pictures of one digit, or folders of them; - for standard input, example-digit for one of nn.",
            complete=files(*PICTURES),
        ),
    ] = None,
    weights: Annotated[
        list[Path] | None,
        weights(
            "Weights of nn train, or a baseline. Repeat for an ensemble.", f"{COMES_WITH_NN}; with --index: {WEIGHTS}"
        ),
    ] = None,
    top: Annotated[
        int | None, typer.Option(help="Number of candidates to print for each picture.  [default: 2]")
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Draw the images that the network classifies.")] = False,
    save_seen: Annotated[Path | None, file("Save the images that the network classifies as a PNG.")] = None,
    index: Annotated[list[int] | None, typer.Option(help="Read this image of the data set. Repeatable.")] = None,
    split: Annotated[
        Split | None, typer.Option(help="With --index: the images to take it from.  [default: test]")
    ] = None,
    data: Annotated[Path | None, data("With --index: the data set, made by nn fetch.", DATA)] = None,
) -> None:
    """Read pictures of single digits: photographs, scans or drawings, of any size, on any paper."""
    from nndigits.stages.predict import predict as stage
    from nndigits.stages.predict import predict_from

    check_quoted(files or ())
    if show and output.as_json:
        raise typer.BadParameter("draws on the terminal; leave one of the two out", param_hint="--show --json")
    if bool(files) == bool(index):
        raise typer.BadParameter("give either pictures (files, a folder or - for standard input) or --index")
    for name, given in (("--split", split), ("--data", data)):
        if files and given is not None:
            raise typer.BadParameter("is where --index takes images from; leave it out for pictures", param_hint=name)
    by = weights or [PRETRAINED if files else WEIGHTS]
    if files:
        report = stage(files, by, top=top, seen=save_seen)
    else:
        report = predict_from(data or DATA, index or (), by, split=split or "test", top=top, seen=save_seen)
    unreadable = [one.unreadable for one in report.predictions if one.unreadable]
    if len(unreadable) == len(report.predictions) == 1:
        raise InputError(unreadable[0])
    output.result(report, lambda output: _render(report, output, show))
    if files and not output.as_json:
        weak = are_digits(report.classes) and (report.validation_accuracy or 0) < GOOD_ACCURACY
        offer_other(output, "predict", report.weights, files, weak=weak)
    for message in unreadable:
        fail(message, InputError.exit_code)
    if unreadable:
        raise typer.Exit(InputError.exit_code)


def _render(report: "PredictReport", output: Output, show: bool) -> None:
    for one in report.predictions:
        if not one.unreadable:
            output.line(_line(one, report))
        if show and one.seen:
            for line in captioned(one.seen, ""):
                output.line(line.rstrip())
    for sentence in report.other_data:
        output.warn(sentence)
    output.note(_classifier(report))
    if not report.calibrated:
        output.note("No probabilities are shown: this classifier is not calibrated, unlike the networks of `nn train`.")


def _line(one: "Prediction", report: "PredictReport") -> str:
    """Format a prediction, with probabilities if they are calibrated."""
    label = "" if one.label is None else f" (label {_label(one.label, report)})"
    if one.trouble == "none":
        return f"{one.name}: {'no digit' if are_digits(report.classes) else 'nothing'} found{label}"
    if one.trouble == "several":
        what = "digit" if are_digits(report.classes) else "thing"
        guess = f"? As one: {short(one.guess.name)}, {_percent(one.guess.probability)}" if one.guess else ""
        hint = "" if one.label is not None else _reading(one.name, report)
        return f"{one.name}: more than one {what}{guess}{label}{hint}"
    first, *others = [
        f"{short(candidate.name)}, {_percent(candidate.probability)}" if report.calibrated else short(candidate.name)
        for candidate in one.candidates
    ]
    if one.unsure and others:
        return f"{one.name}: not sure: {first}, or {', or '.join(others)}{label}"
    then = f" (then {'; '.join(others)})" if others else ""
    return f"{one.name}: {first}{then}{label}"


def _label(label: int, report: "PredictReport") -> str:
    """Return the name of a label, which may be one that the classifier does not know."""
    return short(report.classes[label]) if label < len(report.classes) else str(label)


def _reading(name: str, report: "PredictReport") -> str:
    """Suggest `nn read`, with the weights of this command unless they are the default ones."""
    by: list[str | Path] = [] if list(report.weights) == [PRETRAINED] else list(report.weights)
    return f": try `{call('read', *(word for path in by for word in ('--weights', path)), Path(name))}`"


def _percent(probability: float) -> str:
    """Format a probability; it never reads 100 %."""
    likely = min(probability, 0.999)
    return percent(likely, 1) if likely >= 0.001 else "< 0.1 %"


def _classifier(report: "PredictReport") -> str:
    """Name the classifier, its weights, and its validation accuracy if known."""
    score = ""
    if report.validation_accuracy is not None:
        score = f", {percent(report.validation_accuracy, 1)} of the validation images of {report.dataset} correct"
    return f"Classifier: {in_words(report.what, report.weights)}{score}."


COMMAND = Command("predict", predict, "predict example-digit --show")
