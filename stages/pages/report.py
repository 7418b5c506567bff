"""The stage `report`: one page that shows what happened in a folder, for someone who was not there."""

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nndigits.models.arrays.types import Integers
from nndigits.models.network import metrics
from nndigits.stages.datasets import data_artifact
from nndigits.stages.datasets.data_artifact import require_images
from nndigits.stages.datasets.known_sets import DatasetReport, class_names, known_set, title_of
from nndigits.stages.figures.page import assemble, check_ending, naming
from nndigits.stages.figures.page_images import grey_address
from nndigits.stages.pages import charts, leading, predictions, provenance
from nndigits.stages.pages.advice import advice
from nndigits.stages.pages.predictions import LEAST_SURE, MOST_MISTAKES, Predictions
from nndigits.stages.results.entries import BASELINES, Entry
from nndigits.stages.results.evaluations import results_of
from nndigits.stages.results.folder import Folder
from nndigits.stages.results.wording import name_of
from nndigits.stages.runs import network_artifacts
from nndigits.stages.runs.verdict import Verdict
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError
from nndigits.stages.words.escaping import shell_word
from nndigits.stages.words.numbers import percent

LEAST_DRAWN = 0.0005
"""The least distance of a drawn accuracy from 0 and from 1, whose odds are infinite."""


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
        what = "is a file, where a folder is expected" if os.path.exists(folder) else "no such folder"
        raise InputError(f"{folder}: {what}. Name the one with the data set and the networks")
    artifacts.check_output(out, "page", data, *filter(None, [weights]), example="report.html")
    source = data_artifact.load(data)
    require_images(source, "test")
    found = Folder(folder)
    classifiers, passed_over = leading.classifiers_of(found, source)
    leader = (
        artifacts.load(weights, "weights") if weights else leading.leading_network(classifiers, folder, passed_over)
    )
    made = predictions.predict_split(leader, source, "test")
    page = naming(_page(found, source, classifiers, leader, made), {"data": source.sha256, "weights": leader.sha256})
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
        other_data=network_artifacts.other_data([leader], source),
    )


def _page(folder: Folder, data: Artifact, classifiers: list[Artifact], leader: Artifact, made: Predictions) -> str:
    known, names = known_set(data.meta["dataset"]), class_names(data.meta["dataset"])
    with_book = known is not None and known.has_book_figures
    figures = {"what": name_of(leader.meta), "correct": made.correct, "total": made.total}
    rows = leading.rows(classifiers, folder, leader, figures)
    own = next((row for row in rows if row.files == (leader.path.name,)), None)
    runs, own_run = charts.histories(folder), leader.path.stem
    low, high = metrics.wilson_interval(made.correct, made.total)
    gallery = [(one, grey_address(made.images[one.index])) for one in predictions.gallery(made)]
    evaluated = [file for row in rows for file in row.files]
    results = [one for one in results_of(folder, leader.sha256) if one.split == "test" and one.robustness]
    charted: dict[str, Any] = {
        "runs": charts.curves(runs, own_run, folder, leader.sha256),
        "bins": charts.reliability(made),
        "coverage": charts.coverage(made),
        "robustness": results[0].robustness if results else {},
        "points": charts.points(leader, made, {one.index for one, _ in gallery}),
        "names": names,
    }
    return assemble(
        "report",
        charted,
        **charted,
        dataset=title_of(data.meta["dataset"]),
        network=name_of(leader.meta),
        file=leader.path.name,
        accuracy=percent(made.correct / made.total),
        correct=f"{made.correct:,}",
        total=f"{made.total:,}",
        interval=(percent(low), percent(high)),
        advice=advice(
            leader,
            made.verdict,
            next((run for run in runs if run.name == own_run), None),
            names,
            data.path.name,
        ),
        validation=_validation(leader),
        book=own.book if own and with_book else None,
        baselines=[row for row in rows if row.book in BASELINES and row is not own],
        rows=_placed(leading.in_order(rows, with_book=with_book), with_book) if len(rows) > 1 or with_book else [],
        unread=", ".join(one.path.name for one in classifiers if one.path.name not in evaluated),
        with_book=with_book,
        percent=percent,
        share=lambda value: "–" if value is None else percent(value / 100),
        matrix=_matrix(made, data.arrays["train_labels"]),
        shown=gallery,
        mistakes=made.total - made.correct,
        most_mistakes=MOST_MISTAKES,
        least_sure=LEAST_SURE,
        first_layer=charts.first_layer(leader),
        data_file=data.path.name,
        word=shell_word,
        made=provenance.table(folder, data.path.name, made.images.shape[1:])
        if data.path.name in folder.metadata
        else [],
    )


def _placed(rows: list[Entry], with_book: bool) -> list[tuple[Entry, dict[str, float]]]:
    """Return each row with the places of its interval, its accuracy and the book's, from 0 to 100, by log-odds.

    On this scale classifiers that are nearly perfect can be told apart.
    """

    def odds(share: float) -> float:
        share = min(max(share, LEAST_DRAWN), 1 - LEAST_DRAWN)
        return math.log(share / (1 - share))

    placed = []
    for row in rows:
        shares = dict(zip(("low", "high"), row.interval or (), strict=False))
        shares |= {"at": row.accuracy} if row.accuracy is not None else {}
        shares |= {"book": row.book.accuracy} if with_book and row.book else {}
        placed.append((row, {name: odds(share) for name, share in shares.items()}))
    every = [place for _, places in placed for place in places.values()]
    low, reach = min(every, default=0.0), (max(every, default=0.0) - min(every, default=0.0)) or 1.0
    return [(row, {name: 100 * (place - low) / reach for name, place in places.items()}) for row, places in placed]


def _validation(leader: Artifact) -> str:
    """Return the accuracy on the validation images; empty without any."""
    correct, total = leader.about["validation_correct"], leader.about["validation_total"]
    return percent(correct / total) if total else ""


def _matrix(made: Predictions, training: Integers) -> list[dict[str, Any]]:
    """Return a row of the confusion matrix for each class, with recall, precision and the training images."""
    seen = np.bincount(training, minlength=len(made.confusion))
    recall, precision = metrics.recall(made.confusion), metrics.precision(made.confusion)
    return [
        {
            "counts": row.tolist(),
            "shares": [count / max(int(row.sum()), 1) for count in row.tolist()],
            "recall": f"{100 * float(recall[label]):.1f}",
            "precision": f"{100 * float(precision[label]):.1f}",
            "training": int(seen[label]),
            "test": int(row.sum()),
        }
        for label, row in enumerate(made.confusion)
    ]
