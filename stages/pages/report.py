"""The stage `report`: one page that shows what happened in a folder, for someone who was not there."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nndigits.models.network import metrics
from nndigits.stages.classifiers.accuracy import require_images
from nndigits.stages.datasets import data_artifact
from nndigits.stages.datasets.known_sets import DatasetReport, class_names, known_set, title_of
from nndigits.stages.pages import charts, leading, predictions, provenance
from nndigits.stages.pages.charts import first_layer
from nndigits.stages.pages.page import assemble, check_ending
from nndigits.stages.pages.pictures import grey_address
from nndigits.stages.pages.predictions import LEAST_SURE, MOST_MISTAKES, Predictions
from nndigits.stages.results.book import BASELINES
from nndigits.stages.results.folder import Folder
from nndigits.stages.results.wording import name_of
from nndigits.stages.runs import network_artifacts
from nndigits.stages.runs.verdict import Verdict
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError
from nndigits.stages.words.escaping import shell_word
from nndigits.stages.words.numbers import percent

MOST_BOXES = 60
"""Classifiers and figures in the graph. In a larger folder it would be a wall of boxes, and the table has them all."""


@dataclass(frozen=True)
class PageReport(DatasetReport):
    """The page, and the network that it is about, ``path``, with its figures on the test images.

    ``passed_over`` has the reason for each file that could not be read, ``verdict`` what the network has learned.
    ``other_data`` has a sentence if it was trained on another data set.
    """

    out: Path
    path: Path
    what: str
    dataset: str
    verified: bool
    correct: int
    total: int
    accuracy: float
    interval: tuple[float, float]
    bytes: int
    passed_over: tuple[str, ...]
    classes: tuple[str, ...]
    verdict: Verdict
    other_data: tuple[str, ...]


def report(folder: Path, data: Path, out: Path, *, weights: Path | None = None) -> PageReport:
    """Write a page on the network of a folder that does best on the validation images, or on ``weights``.

    Equal files give equal bytes.

    Raises
    ------
    InputError
        Data or weights are missing or unusable, or do not fit each other.
    UsageError
        ``out`` does not end in .html.
    """
    check_ending(out)
    if not os.path.isdir(folder):
        raise InputError(f"{folder}: is not a folder. Name the one that `nn train` wrote to")
    files.check_output(out, data, *filter(None, [weights]), example="report.html")
    source = data_artifact.load(data)
    require_images(source, "test")
    found = Folder(folder)
    classifiers, passed_over = leading.classifiers_of(found, source)
    leader = (
        artifacts.load(weights, "weights") if weights else leading.leading_network(classifiers, folder, passed_over)
    )
    made = predictions.predict_split(leader, source, "test")
    page = _page(found, source, classifiers, leader, made).encode()
    files.write(out, [page])
    return PageReport(
        out=out,
        path=leader.path,
        what=name_of(leader.meta),
        dataset=source.meta["dataset"]["name"],
        verified=known_set(source.meta["dataset"]) is not None,
        correct=made.correct,
        total=made.total,
        accuracy=made.correct / made.total,
        interval=metrics.wilson_interval(made.correct, made.total),
        bytes=len(page),
        passed_over=tuple(passed_over),
        classes=class_names(source.meta["dataset"]),
        verdict=made.verdict,
        other_data=tuple(filter(None, [network_artifacts.other_data(leader, source)])),
    )


def _page(folder: Folder, data: Artifact, classifiers: list[Artifact], leader: Artifact, made: Predictions) -> str:
    known = known_set(data.meta["dataset"])
    with_book = known is not None and known.has_book_figures
    figures = {"what": name_of(leader.meta), "correct": made.correct, "total": made.total}
    rows = leading.rows(classifiers, folder, leader, figures)
    ordered = leading.in_order(rows, with_book=with_book)
    own = next((row for row in rows if row.files == (leader.path.name,)), None)
    runs = charts.histories(folder)
    graph = provenance.graph(folder, data.path.name) if data.path.name in folder.metadata else None
    low, high = metrics.wilson_interval(made.correct, made.total)
    shown = predictions.gallery(made)
    title = title_of(data.meta["dataset"])
    evaluated = [file for row in rows for file in row.files]
    return assemble(
        "report",
        {},
        dataset=title,
        network=name_of(leader.meta),
        file=leader.path.name,
        accuracy=percent(made.correct / made.total),
        correct=f"{made.correct:,}",
        total=f"{made.total:,}",
        interval=(percent(low), percent(high)),
        validation=_validation(leader),
        book=own.book if own and with_book else None,
        baselines=[row for row in rows if row.book in BASELINES and row is not own],
        rows=ordered,
        unread=", ".join(one.path.name for one in classifiers if one.path.name not in evaluated),
        with_book=with_book,
        percent=percent,
        comparison=charts.comparison(ordered, title, with_book=with_book) if len(rows) > 1 or with_book else None,
        curves=charts.curves(runs) if runs else None,
        runs=runs,
        longest=max((len(run.rows) for run in runs), default=0),
        names=class_names(data.meta["dataset"]),
        matrix=_matrix(made),
        shown=[(one, grey_address(made.images[one.index])) for one in shown],
        mistakes=made.total - made.correct,
        most_mistakes=MOST_MISTAKES,
        least_sure=LEAST_SURE,
        reliability=charts.reliability(made),
        bins=_bins(made),
        first_layer=first_layer(leader),
        graph=graph if graph and len(graph.boxes) <= MOST_BOXES else None,
        data_file=data.path.name,
        word=shell_word,
        box=(provenance.WIDTH, provenance.HEIGHT),
        made=provenance.table(folder, data.path.name, made.images.shape[1:])
        if data.path.name in folder.metadata
        else [],
    )


def _validation(leader: Artifact) -> str:
    """Return the accuracy on the validation images; empty without any."""
    correct, total = leader.about["validation_correct"], leader.about["validation_total"]
    return percent(correct / total) if total else ""


def _matrix(made: Predictions) -> list[dict[str, Any]]:
    """Return a row of the confusion matrix for each class: counts, shares of the row, recall and precision."""
    recall, precision = metrics.recall(made.confusion), metrics.precision(made.confusion)
    return [
        {
            "counts": row.tolist(),
            "shares": [count / max(int(row.sum()), 1) for count in row.tolist()],
            "recall": percent(float(recall[label]), 1),
            "precision": percent(float(precision[label]), 1),
        }
        for label, row in enumerate(made.confusion)
    ]


def _bins(made: Predictions) -> list[tuple[str, str, str]]:
    """Return the reliability diagram as a table: images, mean confidence, accuracy."""
    counts, confidence, correct = made.bins
    return [
        (f"{count:,}", percent(sure / count, 1), percent(right / count, 1))
        for count, sure, right in zip(counts.tolist(), confidence.tolist(), correct.tolist(), strict=True)
        if count
    ]
