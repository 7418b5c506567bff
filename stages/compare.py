"""The last stage: compare all classifiers in a folder with each other and with the book."""

import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nndigits.stages.classifiers import classifier
from nndigits.stages.datasets import data_artifact
from nndigits.stages.datasets.data_artifact import require_images
from nndigits.stages.datasets.known_sets import DatasetReport, class_names, known_set
from nndigits.stages.evaluate import evaluate
from nndigits.stages.evaluation_files import check_outputs, figures_of
from nndigits.stages.results import entries
from nndigits.stages.results.comparison import markdown
from nndigits.stages.results.entries import BookFigure, Entry
from nndigits.stages.results.evaluations import checked_figures
from nndigits.stages.results.folder import SEEDS
from nndigits.stages.runs import network_artifacts
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.store.kinds import CLASSIFIER_KINDS
from nndigits.stages.store.patterns import SchemaError
from nndigits.stages.store.result_files import TIMINGS, confusion_path, figures_path, read_document
from nndigits.stages.store.texts import plain
from nndigits.stages.training import seeds
from nndigits.stages.training.seeds import OnRun, WhileTraining
from nndigits.stages.words.escaping import printable


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
    other_data
        A sentence for each classifier that was trained on another data set.
    """

    out: Path
    markdown: Path
    dataset: str
    verified: bool
    entries: tuple[Entry, ...]
    passed_over: tuple[str, ...]
    missing: tuple[BookFigure, ...]
    classes: tuple[str, ...]
    other_data: tuple[str, ...]


def compare(
    folder: Path,
    data: Path,
    out: Path,
    *,
    runs: int = 0,
    networks: Sequence[tuple[int, ...]] = ((30,), (100,)),
    epochs: int = 30,
    on_run: OnRun = lambda name, done, total: None,
    while_training: WhileTraining = nullcontext,
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
    if not runs and not os.path.isdir(folder):
        what = "is a file, not a folder" if os.path.exists(folder) else "no such folder"
        raise InputError(f"{folder}: {what}. Name the one that `nn train` and `nn baseline` wrote to")
    groups = [seeds.seed_jobs(folder / SEEDS, hidden, runs, epochs) for hidden in networks]
    jobs = [job for group in groups for job in group]
    inputs = [data, *_files_read(folder), *(job.out for job in jobs)]
    artifacts.check_output(out, "compare", *inputs, example="compare.json")
    artifacts.check_output(out.with_suffix(".md"), "table", *inputs)
    source = data_artifact.load(data)
    require_images(source, "test")
    candidates, passed_over = _load_classifiers(folder, data, source)
    if not runs and not candidates:
        why = f" ({passed_over[0]})" if passed_over else ""
        raise InputError(f"{folder}: holds no network and no baseline to compare{why}. Make one with `nn train`")
    for artifact in candidates:
        if _saved_figures(artifact, source) is None:  # it has to be evaluated
            check_outputs([artifact], source)
    seeds.check_outputs(jobs, source)
    classifiers: list[Artifact] = []
    rows: list[Entry] = []
    for artifact in candidates:
        try:
            rows.append(_make_entry([artifact], source))
            classifiers.append(artifact)
        except InputError as error:
            passed_over.append(str(error))
    seeds.train_seeds(jobs, source, on_run=on_run, while_training=while_training)
    for group in filter(None, groups):
        several = [artifacts.load(job.out, "weights") for job in group]
        rows.append(_make_entry(several, source))
        classifiers += several
    report = _report(out, source, rows, classifiers, passed_over)
    parameters = {"seeds": runs, "networks": [list(hidden) for hidden in networks], "epochs": epochs}
    if before_saving is not None:
        before_saving(report)
    _save(report, classifiers, source, parameters)
    return report


def _report(
    out: Path, data: Artifact, rows: list[Entry], classifiers: list[Artifact], passed_over: list[str]
) -> CompareReport:
    known = known_set(data.meta["dataset"])
    with_book = known is not None and known.has_book_figures
    expected = entries.FIGURES[:-1] if with_book else entries.BASELINES
    present = [entry.book for entry in rows]
    return CompareReport(
        out=out,
        markdown=out.with_suffix(".md"),
        dataset=data.meta["dataset"]["name"],
        verified=known is not None,
        entries=_in_order(rows, with_book),
        passed_over=tuple(passed_over),
        missing=tuple(figure for figure in expected if figure not in present),
        classes=class_names(data.meta["dataset"]),
        other_data=network_artifacts.other_data(classifiers, data),
    )


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
    for figure in entries.FIGURES[:-1]:
        ordered += [entry for entry in rows if entry.book == figure] or [entries.book_only(figure)] * with_book
    others = [entry for entry in rows if entry.book is None]
    return (*ordered, *others, *[entries.book_only(entries.RECORD)] * with_book)


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
    verdicts = {printable(name): verdict for name, verdict in entry.verdicts.items()}
    return replace(entry, files=tuple(map(printable, entry.files)), verdicts=verdicts)


def _make_entry(runs: Sequence[Artifact], data: Artifact) -> Entry:
    """Make a row for one classifier, or for several runs of the same one; evaluates them if necessary."""
    return entries.entry_of(runs, [_figures(artifact, data) for artifact in runs])


def _files_read(folder: Path) -> list[Path]:
    """Return the files of a folder that a comparison reads, or writes for its classifiers."""
    found = [folder / TIMINGS, *(folder / name for name in files.names(folder, "-eval.json"))]
    for path in (folder / name for name in files.names(folder, ".npz")):
        figures = figures_path([path])
        found += [path, figures, confusion_path(figures)]
    return found


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
    inputs = {"data": data, "weights": artifact}
    meta = artifacts.describe(
        "eval", parameters={"split": "test", "shifts": 0}, inputs=inputs, dataset=data.meta["dataset"]
    )
    figures = read_document(figures_of([artifact], data), meta)
    try:
        return figures if figures is None else {**figures, **checked_figures(figures)}
    except SchemaError:
        return None
