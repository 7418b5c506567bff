"""The lines of the table that compares: each a classifier with its figures, beside the book's.

A figure is read from what `nn eval` wrote beside a classifier; where that is missing or older, it is made now.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nn.models.network import metrics
from nn.stages.baselines.svm_parameters import SvmParameters
from nn.stages.classifiers import classifier
from nn.stages.comparison import book
from nn.stages.comparison.book import BookFigure
from nn.stages.evaluate import evaluate
from nn.stages.runs.parameters import Parameters
from nn.stages.store import artifacts, timings
from nn.stages.store import result_files as figures
from nn.stages.store.artifacts import Artifact

USUAL = Parameters().as_json()


@dataclass(frozen=True)
class Entry:
    """One line; a figure that is not known, or that only the book has, is None.

    Attributes
    ----------
    correct, accuracy
        The mean over ``runs``, if there are several; ``spread`` is their standard deviation then, as a share.
    interval
        The 95 % interval of the accuracy, for the chance that lies in the choice of the test images.
    numbers, bytes
        How many numbers it consists of, and how large its file is.
    train_seconds, read_seconds
        How long learning took, and reading the test images.
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


def book_only(figure: BookFigure) -> Entry:
    """A line for what is not here."""
    return Entry(figure.name, book=figure)


def measure(made: Sequence[Artifact], data: Artifact) -> Entry:
    """A line for one classifier, or for several runs of the same one; evaluates what has not been evaluated."""
    evaluated = [_evaluated(artifact, data) for artifact in made]
    correct, total = [int(one["correct"]) for one in evaluated], int(evaluated[0]["total"])
    mean = statistics.fmean(correct)
    figure = book_figure(made[0], str(evaluated[0]["what"]))
    return Entry(
        name=_name(made[0], str(evaluated[0]["what"]), figure),
        files=tuple(artifact.path.name for artifact in made),
        runs=len(made),
        correct=mean,
        total=total,
        accuracy=mean / total,
        spread=statistics.stdev(correct) / total if len(made) > 1 else None,
        interval=metrics.wilson_interval(mean, total),
        numbers=classifier.count_parameters(made[0]),
        bytes=made[0].path.stat().st_size,
        train_seconds=_mean_time(made, "train"),
        read_seconds=_mean_time(made, "read test"),
        book=figure,
    )


def book_figure(artifact: Artifact, what: str) -> BookFigure | None:
    """The book's figure for a classifier that was made as the chapter does it; None for any other."""
    about, parameters = artifact.about, artifact.meta["parameters"]
    match artifact.kind:
        case "random":
            return book.RANDOM
        case "darkness":
            return book.DARKNESS
        case "svm" if parameters.get("train_size") is None and about["chosen"] == "search":
            return book.SVM_TUNED
        case "svm" if parameters == SvmParameters().as_json():
            return book.SVM
        case "weights" if _chapters_way(parameters):
            return {figure.name: figure for figure in (book.NETWORK_30, book.NETWORK_100)}.get(what)
    return None


def _chapters_way(parameters: dict[str, Any]) -> bool:
    """Whether all but the neurons and the seed was as the chapter has it."""
    free = ("hidden", "seed", "dtype", "keep", "threads")
    return all(parameters.get(name, usual) == usual for name, usual in USUAL.items() if name not in free)


def _name(artifact: Artifact, what: str, figure: BookFigure | None) -> str:
    """The book's name for it, or its own with what is particular about it."""
    parameters = artifact.meta["parameters"]
    if figure == book.SVM_TUNED:
        return f"{figure.name}, {artifact.about['train']:,} images"
    if figure:
        return figure.name
    if artifact.kind == "svm":
        return f"{what}, {artifact.about['train']:,} images"
    if _chapters_way(parameters):
        return what
    epochs, eta = parameters.get("epochs"), parameters.get("eta")
    return f"{what}, {epochs!r} epochs, eta {eta!r}"


def _evaluated(artifact: Artifact, data: Artifact) -> dict[str, Any]:
    """The document of `nn eval` on the test images."""
    path = eval_path(artifact.path)
    inputs = {"data": data, "weights": artifact}
    meta = artifacts.describe(
        "eval", parameters={"split": "test", "shifts": 0}, inputs=inputs, dataset=data.meta["dataset"]
    )
    known = figures.read_document(path, meta)
    if known is None or not _is_whole(known):
        evaluate(artifact.path, data.path, path)
        known = figures.read_document(path, meta)
    return known or {}


def _is_whole(figures: dict[str, Any]) -> bool:
    """Whether all that is needed of them is there, whoever wrote them."""
    what, correct, total = (figures.get(name) for name in ("what", "correct", "total"))
    return isinstance(what, str) and isinstance(correct, int) and isinstance(total, int) and 0 <= correct <= total > 0


def eval_path(weights: Path) -> Path:
    """Where the figures of a classifier lie: eval.json for weights.npz, svm-eval.json for svm.npz."""
    return artifacts.companion_path(weights, "eval.json", "weights")


def _mean_time(made: Sequence[Artifact], what: str) -> float | None:
    times = [timings.read(artifact.path.parent).get((artifact.sha256, what)) for artifact in made]
    known = [time for time in times if time is not None]
    return statistics.fmean(known) if len(known) == len(made) else None
