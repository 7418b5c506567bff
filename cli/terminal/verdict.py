"""The accuracy of a classifier, as `nn eval` and `nn baseline` print it."""

from pathlib import Path
from typing import TYPE_CHECKING

from nndigits.cli.flags.options import ARTIFACTS
from nndigits.cli.terminal.output import Output, call
from nndigits.stages.words.numbers import percent, share

if TYPE_CHECKING:
    from nndigits.stages.classifiers.accuracy import AccuracyReport
    from nndigits.stages.evaluate import EvalReport
    from nndigits.stages.inspection.results import EvalResult
    from nndigits.stages.reporting.report import PageReport


def score(verdict: "AccuracyReport | EvalReport | EvalResult | PageReport", split: str) -> str:
    """Format the accuracy on a split of the data, in one line."""
    low, high = (percent(limit) for limit in verdict.interval)
    return (
        f"{verdict.what} on the {split} images of {verdict.dataset_title}: {share(verdict.correct, verdict.total)} "
        f"correct, {percent(verdict.accuracy)} (95 % interval {low} to {high})"
    )


def verdict_lines(verdict: "AccuracyReport", output: Output, out: Path, data: Path, book: str) -> None:
    """Print the accuracy, the book's figure, and the next commands."""
    output.prose(f"{score(verdict, 'test')} -> {out}")
    if not output.quiet:
        if verdict.has_book_figures:
            output.prose(f"The book: {book}.")
        elif verdict.has_digits:
            output.prose(f"The book: {book}, but on MNIST, not on {verdict.dataset_title}.")
    folder = [out.parent] if out.parent != ARTIFACTS else []
    output.note("Try next:", call("eval", weights=[out], data=data), call("compare", *folder, data=data))
