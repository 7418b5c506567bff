"""The last stage: compare all classifiers in a folder with each other and with the book."""

import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from nndigits.stages.classifiers import classifier
from nndigits.stages.classifiers.accuracy import require_images
from nndigits.stages.comparison import book, entries, seeds
from nndigits.stages.comparison.book import BookFigure
from nndigits.stages.comparison.entries import Entry
from nndigits.stages.comparison.table import markdown
from nndigits.stages.datasets import data_artifact
from nndigits.stages.datasets.known_sets import DatasetReport, class_names, known_set
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.store.kinds import CLASSIFIER_KINDS
from nndigits.stages.store.texts import plain
from nndigits.stages.words.escaping import printable

SEEDS = "seeds"
"""The folder inside, in which networks are trained from several seeds."""


@dataclass(frozen=True)
class CompareReport(DatasetReport):
    """The table.

    Attributes
    ----------
    passed_over
        The reason for each file that is not in the table.
    missing
        The classifiers of the chapter that are not in the table. For another data set than MNIST, the networks of 784
        inputs and the parameters of the tuned SVM do not apply.
    classes
        The names of the classes.
    """

    out: Path
    markdown: Path
    dataset: str
    verified: bool
    entries: tuple[Entry, ...]
    passed_over: tuple[str, ...]
    missing: tuple[BookFigure, ...]
    classes: tuple[str, ...]


def compare(
    folder: Path,
    data: Path,
    out: Path,
    *,
    runs: int = 0,
    networks: Sequence[tuple[int, ...]] = ((30,), (100,)),
    epochs: int = 30,
    on_run: seeds.OnRun = lambda name, done, total: None,
    while_training: seeds.WhileTraining = nullcontext,
    before_saving: Callable[[CompareReport], None] | None = None,
) -> CompareReport:
    """Compare all classifiers in a folder; write ``out`` and a table beside it.

    Classifiers without figures of ``nn eval`` are evaluated. ``out`` is JSON without times, so equal artifacts give
    equal bytes. The table, in Markdown, has the times.

    Parameters
    ----------
    runs
        Train each of ``networks`` (hidden layers) from this many seeds, in the folder ``seeds``.
    on_run
        Called with the name of a run that ended, the number of finished runs, and of all.
    while_training
        Makes the context of the training, which gives a function that is called several times a second. An exception
        from it ends the stage. Finished runs and epochs are kept.
    before_saving
        Called with the report before the files are written, to draw it.
    """
    if runs < 0:
        raise UsageError("expected 0 or more", "runs", runs)
    trained = [run.path for hidden in networks for run in seeds.seed_runs(folder / SEEDS, hidden, runs, epochs)]
    inputs = [data, *entries.files_read(folder), *trained]
    files.check_output(out, *inputs, example="compare.json")
    table = out.with_suffix(".md")
    if table == out:
        raise UsageError("the table goes there by itself; name the .json file beside it", "out", out)
    artifacts.check_companion(table, "table", *inputs)
    if not runs and not os.path.isdir(folder):
        raise InputError(f"{folder}: no such folder. Name the one that `nn train` and `nn baseline` wrote to")
    source = data_artifact.load(data)
    require_images(source, "test")
    candidates, passed_over = _load_classifiers(folder, data, source)
    for artifact in candidates:
        entries.check_figures(artifact, source)
    seeds.check_outputs(folder / SEEDS, source, networks, runs, epochs)
    classifiers: list[Artifact] = []
    rows: list[Entry] = []
    for artifact in candidates:
        try:
            rows.append(entries.make_entry([artifact], source))
            classifiers.append(artifact)
        except InputError as error:
            passed_over.append(str(error))
    if runs:
        for several in seeds.train_seeds(
            folder / SEEDS, source, networks, runs, epochs, on_run=on_run, while_training=while_training
        ):
            classifiers += several
            rows.append(entries.make_entry(several, source))
    known = known_set(source.meta["dataset"])
    with_book = known is not None and known.has_book_figures
    present = [entry.book for entry in rows]
    report = CompareReport(
        out=out,
        markdown=table,
        dataset=source.meta["dataset"]["name"],
        verified=known is not None,
        entries=_in_order(rows, with_book),
        passed_over=tuple(passed_over),
        missing=tuple(
            figure for figure in (book.FIGURES[:-1] if with_book else book.BASELINES) if figure not in present
        ),
        classes=class_names(source.meta["dataset"]),
    )
    parameters = {"seeds": runs, "networks": [list(hidden) for hidden in networks], "epochs": epochs}
    if before_saving is not None:
        before_saving(report)
    _save(report, classifiers, source, parameters)
    return report


def _load_classifiers(folder: Path, data: Path, source: Artifact) -> tuple[list[Artifact], list[str]]:
    """Return the classifiers in a folder that fit the data, and the errors of those that do not."""
    classifiers, passed_over = [], []
    for path in (folder / name for name in files.names(folder, ".npz")):
        if files.same_file(path, data):
            continue
        try:
            artifact = artifacts.load(path)
            if artifact.kind in CLASSIFIER_KINDS:
                classifier.make_classifier_for(artifact, source)
                classifiers.append(artifact)
        except InputError as error:
            passed_over.append(str(error))
    return classifiers, passed_over


def _in_order(rows: list[Entry], with_book: bool) -> tuple[Entry, ...]:
    """Sort rows in the book's order, then all others; ``with_book``, with a row for each of the book's figures."""
    ordered: list[Entry] = []
    for figure in book.FIGURES[:-1]:
        ordered += [entry for entry in rows if entry.book == figure] or [entries.book_only(figure)] * with_book
    others = [entry for entry in rows if entry.book is None]
    return (*ordered, *others, *[entries.book_only(book.RECORD)] * with_book)


def _save(report: CompareReport, classifiers: list[Artifact], data: Artifact, parameters: dict[str, object]) -> None:
    inputs = {"data": data, **{printable(artifact.path.name): artifact for artifact in classifiers}}
    meta = artifacts.describe("compare", parameters=parameters, inputs=inputs, dataset=data.meta["dataset"])
    lines = [
        {name: value for name, value in line.items() if not name.endswith("_seconds")}
        for line in plain([_named(entry) for entry in report.entries])
    ]
    # The JSON is written last: it is the target of make, and must not exist without the table.
    files.write(
        report.markdown, [markdown(report.entries, report.dataset_title, with_book=report.has_book_figures).encode()]
    )
    artifacts.save_json(report.out, meta, {"dataset": report.dataset, "verified": report.verified, "entries": lines})


def _named(entry: Entry) -> Entry:
    """Return an entry with its files' names as artifacts store them: escaped."""
    saturated = {printable(name): digits for name, digits in entry.saturated_by_file.items()}
    return replace(entry, files=tuple(map(printable, entry.files)), saturated_by_file=saturated)
