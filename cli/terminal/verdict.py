"""The verdict on whatever reads digits, as `nn eval` and `nn baseline` print it."""

from pathlib import Path
from typing import TYPE_CHECKING

from nn.cli.flags.options import ARTIFACTS
from nn.cli.terminal.output import Output, call

if TYPE_CHECKING:
    from nn.stages.classifiers.accuracy import AccuracyReport
    from nn.stages.evaluate import EvalReport


def score(verdict: "AccuracyReport | EvalReport", split: str) -> str:
    """Say in one line how many images of a part of the data were read right."""
    low, high = verdict.interval
    return (
        f"{verdict.what} on {verdict.dataset_title}'s {split} images: {verdict.correct} / {verdict.total} right, "
        f"{verdict.accuracy:.2%} (95 % interval {low:.2%} to {high:.2%})"
    )


def verdict_lines(verdict: "AccuracyReport", output: Output, out: Path, data: Path, book: str) -> None:
    """Say how many images were read right, what the book has, and what to type next."""
    output.line(f"{score(verdict, 'test')} -> {out}")
    if not output.quiet:
        output.line(f"The book: {book}" + ("." if verdict.has_book_figures else ", but on MNIST, which this is not."))
    folder = [out.parent] if out.parent != ARTIFACTS else []
    output.note(f"Try next:  {call('eval', weights=[out], data=data)}    {call('compare', *folder, data=data)}")
