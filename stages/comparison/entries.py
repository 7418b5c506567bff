"""The rows of the comparison: a classifier, its figures, and the book's.

The figures are read from the file that `nn eval` wrote beside the classifier. If it is missing or of other weights, the
classifier is evaluated again.
"""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nndigits.models.network import metrics
from nndigits.stages.baselines.svm_parameters import SvmParameters
from nndigits.stages.classifiers import classifier
from nndigits.stages.comparison import book
from nndigits.stages.comparison.book import BookFigure
from nndigits.stages.evaluate import check_outputs, evaluate
from nndigits.stages.inspection.results import checked_figures
from nndigits.stages.runs.parameters import DEFAULTS, is_imported
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.patterns import SchemaError
from nndigits.stages.store.result_files import TIMINGS, confusion_path, figures_path, read_document, read_times
from nndigits.stages.words.nouns import counted


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
    saturated_by_file
        By file, the digits that a network has not learned, because their output neurons are saturated.
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
    saturated_by_file: dict[str, tuple[int, ...]] = field(default_factory=dict)


def book_only(figure: BookFigure) -> Entry:
    """Make a row for a classifier that only the book has."""
    return Entry(figure.name, book=figure)


def make_entry(runs: Sequence[Artifact], data: Artifact) -> Entry:
    """Make a row for one classifier, or for several runs of the same one; evaluates them if necessary."""
    return entry_of(runs, [_figures(artifact, data) for artifact in runs])


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
        numbers=classifier.count_parameters(runs[0]),
        bytes=runs[0].path.stat().st_size,
        train_seconds=_mean_time(runs, "train"),
        read_seconds=_mean_time(runs, "read test"),
        book=figure,
        saturated_by_file={
            artifact.path.name: tuple(one["saturated"])
            for artifact, one in zip(runs, figures, strict=True)
            if one.get("saturated")
        },
    )


def book_figure(artifact: Artifact, what: str) -> BookFigure | None:
    """Return the book's figure for a classifier that was trained as in the chapter; None for any other."""
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
        case "weights" if _matches_chapter(parameters):
            return {figure.name: figure for figure in (book.NETWORK_30, book.NETWORK_100)}.get(what)
    return None


def _matches_chapter(parameters: dict[str, Any]) -> bool:
    """Return whether all parameters that affect the accuracy, except neurons and seed, are the chapter's."""
    ignored = ("hidden", "seed", "dtype", "keep", "threads")
    return all(parameters.get(name, default) == default for name, default in DEFAULTS.items() if name not in ignored)


def _name(artifact: Artifact, what: str, figure: BookFigure | None) -> str:
    """Return the book's name for a classifier, or its own name with its special parameters."""
    parameters = artifact.meta["parameters"]
    if figure == book.SVM_TUNED:
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


def files_read(folder: Path) -> list[Path]:
    """Return the files of a folder that a comparison reads, or writes for its classifiers."""
    found = [folder / TIMINGS]
    for path in (folder / name for name in files.names(folder, ".npz")):
        figures = figures_path([path])
        found += [path, figures, confusion_path(figures)]
    return found


def check_figures(artifact: Artifact, data: Artifact) -> None:
    """Check that the figures of a classifier can be written, if it has to be evaluated."""
    if _saved_figures(artifact, data) is None:
        check_outputs([artifact.path], data.path)


def _figures(artifact: Artifact, data: Artifact) -> dict[str, Any]:
    """Return the figures of `nn eval` on the test images, evaluating again if necessary."""
    figures = _saved_figures(artifact, data)
    if figures is None:
        path = evaluate(artifact.path, data.path).out
        figures = _saved_figures(artifact, data)
        if figures is None:
            raise InputError(f"{path}: has changed while it was read. Compare again")
    return figures


def _saved_figures(artifact: Artifact, data: Artifact) -> dict[str, Any] | None:
    """Return the figures of `nn eval` on the test images; None if they are missing or of something else."""
    path = figures_path([artifact.path])
    inputs = {"data": data, "weights": artifact}
    meta = artifacts.describe(
        "eval", parameters={"split": "test", "shifts": 0}, inputs=inputs, dataset=data.meta["dataset"]
    )
    figures = read_document(path, meta)
    return figures if figures is not None and _is_complete(figures, artifact.kind) else None


def _is_complete(figures: dict[str, Any], kind: str) -> bool:
    """Return whether figures are as nn writes them."""
    try:
        checked_figures(figures)
    except SchemaError:
        return False
    return kind != "weights" or "saturated" in figures


def _mean_time(runs: Sequence[Artifact], step: str) -> float | None:
    times = [read_times(artifact.path.parent).get((artifact.sha256, step)) for artifact in runs]
    known = [time for time in times if time is not None]
    return statistics.fmean(known) if len(known) == len(runs) else None
