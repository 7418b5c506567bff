"""The rows of the comparison: a classifier, its figures, and the accuracies that the book reports (chapter 1).

The figures are read from the file that `nn eval` wrote beside the classifier. If it is missing or of other weights, the
classifier is evaluated again.
"""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nndigits.models.network import metrics
from nndigits.stages.results.evaluations import verdict_of
from nndigits.stages.runs.parameters import DEFAULTS, is_imported
from nndigits.stages.runs.verdict import Verdict
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.result_files import read_times
from nndigits.stages.words.nouns import counted


@dataclass(frozen=True)
class BookFigure:
    """One of the book's figures.

    Attributes
    ----------
    name
        The classifier.
    accuracy
        The accuracy on the 10,000 test images.
    says
        The figure as the book gives it.
    command
        The command that trains ours; empty for the record.
    file
        The file that it writes in the folder of artifacts.
    """

    name: str
    accuracy: float
    says: str
    command: str
    file: str


RANDOM = BookFigure("random guess", 0.10, "10 %", "nn baseline random", "random.npz")
DARKNESS = BookFigure("average darkness", 0.2225, "22.25 %", "nn baseline darkness", "darkness.npz")
SVM = BookFigure("SVM, defaults", 0.9435, "94.35 %", "nn baseline svm", "svm.npz")
SVM_TUNED = BookFigure("SVM, tuned", 0.985, "over 98.5 %", "nn baseline svm --tuned", "svm-tuned.npz")
NETWORK_30 = BookFigure("784-30-10", 0.9542, "95.42 %, best epoch", "nn train", "weights.npz")
NETWORK_100 = BookFigure("784-100-10", 0.9659, "96.59 %, best epoch", "nn train --hidden 100", "wide.npz")
RECORD = BookFigure("record, Wan et al. 2013", 0.9979, "99.79 %", "", "")

BASELINES = (RANDOM, DARKNESS, SVM)
"""The baselines that make sense for any data set."""

SVM_DEFAULTS = {"c": 1.0, "gamma": "auto", "train_size": None, "join_validation": False, "chosen": "defaults"}
"""The parameters of a machine that was trained as the chapter trains it."""

NOT_LEARNED = ("counts", "indices")
"""The arrays of classifiers that hold no learned numbers."""

FIGURES = (RANDOM, DARKNESS, SVM, SVM_TUNED, NETWORK_30, NETWORK_100, RECORD)


@dataclass(frozen=True)
class Entry:
    """One row. A figure that is unknown, or that only the book has, is None.

    Attributes
    ----------
    correct, accuracy
        The mean over ``runs``, if there are several. ``spread`` is then the standard deviation of the accuracy.
    interval
        The 95 % interval of the accuracy, for the random choice of the test images.
    numbers, bytes
        The number of learned numbers, and the size of the file.
    verdicts
        By file, what a network has learned that has not learned everything.
    train_seconds, read_seconds
        The duration of training, and of classifying the test images.
    """

    name: str
    files: tuple[str, ...] = ()
    runs: int = 0
    correct: float | None = None
    total: int | None = None
    accuracy: float | None = None
    spread: float | None = None
    interval: tuple[float, float] | None = None
    numbers: int | None = None
    bytes: int | None = None
    train_seconds: float | None = None
    read_seconds: float | None = None
    book: BookFigure | None = None
    verdicts: dict[str, Verdict] = field(default_factory=dict)


def book_only(figure: BookFigure) -> Entry:
    """Make a row for a classifier that only the book has."""
    return Entry(figure.name, book=figure)


def entry_of(runs: Sequence[Artifact], figures: Sequence[Mapping[str, Any]]) -> Entry:
    """Make a row for one classifier, or for several runs of the same one, from the figures of each."""
    correct, total, what = [int(one["correct"]) for one in figures], int(figures[0]["total"]), str(figures[0]["what"])
    mean = statistics.fmean(correct)
    figure = book_figure(runs[0], what)
    return Entry(
        name=_name(runs[0], what, figure),
        files=tuple(artifact.path.name for artifact in runs),
        runs=len(runs),
        correct=mean,
        total=total,
        accuracy=mean / total,
        spread=statistics.stdev(correct) / total if len(runs) > 1 else None,
        interval=metrics.wilson_interval(mean, total),
        numbers=sum(array.size for name, array in runs[0].arrays.items() if name not in NOT_LEARNED),
        bytes=runs[0].path.stat().st_size,
        train_seconds=_mean_time(runs, "train"),
        read_seconds=_mean_time(runs, "read test"),
        book=figure,
        verdicts={
            artifact.path.name: verdict
            for artifact, one in zip(runs, figures, strict=True)
            if (verdict := verdict_of(one)).state != "fine"
        },
    )


def book_figure(artifact: Artifact, what: str) -> BookFigure | None:
    """Return the book's figure for a classifier that was trained as in the chapter; None for any other."""
    about, parameters = artifact.about, artifact.meta["parameters"]
    match artifact.kind:
        case "random":
            return RANDOM
        case "darkness":
            return DARKNESS
        case "svm" if parameters.get("train_size") is None and about["chosen"] == "search":
            return SVM_TUNED
        case "svm" if parameters == SVM_DEFAULTS:
            return SVM
        case "weights" if _matches_chapter(parameters):
            return {figure.name: figure for figure in (NETWORK_30, NETWORK_100)}.get(what)
    return None


def _matches_chapter(parameters: dict[str, Any]) -> bool:
    """Return whether all parameters that affect the accuracy, except neurons and seed, are the chapter's."""
    ignored = ("hidden", "seed", "dtype", "keep", "threads")
    return all(parameters.get(name, default) == default for name, default in DEFAULTS.items() if name not in ignored)


def _name(artifact: Artifact, what: str, figure: BookFigure | None) -> str:
    """Return the book's name for a classifier, or its own name with its special parameters."""
    parameters = artifact.meta["parameters"]
    if figure == SVM_TUNED:
        return f"{figure.name}, {artifact.about['train']:,} images"
    if figure:
        return figure.name
    if artifact.kind == "svm":
        return f"{what}, {artifact.about['train']:,} images"
    if _matches_chapter(parameters):
        return what
    if is_imported(parameters):
        return f"{what}, imported"
    epochs, eta = parameters.get("epochs"), parameters.get("eta")
    passes = counted(epochs, "epoch") if isinstance(epochs, int) else f"{epochs!r} epochs"
    return f"{what}, {passes}, eta {format(eta, 'g') if isinstance(eta, int | float) else repr(eta)}"


def _mean_time(runs: Sequence[Artifact], step: str) -> float | None:
    times = [read_times(artifact.path.parent).get((artifact.sha256, step)) for artifact in runs]
    known = [time for time in times if time is not None]
    return statistics.fmean(known) if len(known) == len(runs) else None
