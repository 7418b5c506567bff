"""The last stage: all that can read digits, side by side, and beside what the book says of it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nn.stages.classifiers import classifier
from nn.stages.comparison import book, entries, seeds
from nn.stages.comparison.entries import Entry
from nn.stages.comparison.table import markdown
from nn.stages.datasets.known_sets import DatasetReport, known_set
from nn.stages.store import artifacts, files
from nn.stages.store.artifacts import Artifact
from nn.stages.store.errors import InputError, UsageError
from nn.stages.store.reports import plain


@dataclass(frozen=True)
class CompareReport(DatasetReport):
    """The table. ``passed_over`` says of each file that is not in it why."""

    out: Path
    markdown: Path
    dataset: str
    verified: bool
    entries: tuple[Entry, ...]
    passed_over: tuple[str, ...]


def compare(
    folder: Path,
    data: Path,
    out: Path,
    *,
    runs: int = 0,
    networks: Sequence[tuple[int, ...]] = ((30,), (100,)),
    epochs: int = 30,
    on_run: seeds.OnRun = lambda name, done, total: None,
) -> CompareReport:
    """Gather all classifiers in a folder, evaluate those that are not, and write ``out`` and a table beside it.

    ``out`` is JSON and has no times in it, so that it is the same for the same artifacts; the table for people,
    in Markdown, has them.

    Parameters
    ----------
    runs
        Train each of ``networks`` (hidden layers) from so many seeds, in the folder ``seeds``.
    on_run
        Called as the training goes on with the run's name, the epochs done, and how many there are. What it raises
        ends the stage; finished runs and epochs stay.
    """
    if runs < 0:
        raise UsageError(f"--seeds {runs}: expected 0 or more")
    files.check_output(out, data)
    table = out.with_suffix(".md")
    if table == out:
        raise UsageError(f"--out {out}: the table goes there by itself; name the .json file beside it")
    files.check_output(table, data)
    if not runs and not os.path.isdir(folder):
        raise InputError(f"{folder}: no such folder. Name the one that `nn train` and `nn baseline` wrote to")
    source = artifacts.load(data, "dataset")
    found, passed_over = _gather(folder, data, source)
    measured = [entries.measure([artifact], source) for artifact in found]
    of_seeds = []
    if runs:
        for made in seeds.train_seeds(folder / "seeds", source, networks, runs, epochs, on_run=on_run):
            found += made
            of_seeds.append(entries.measure(made, source))
    report = CompareReport(
        out=out,
        markdown=table,
        dataset=source.meta["dataset"]["name"],
        verified=known_set(source.meta["dataset"]) is not None,
        entries=_in_order([*measured, *of_seeds]),
        passed_over=tuple(passed_over),
    )
    _save(report, found, source, {"seeds": runs, "networks": [list(hidden) for hidden in networks], "epochs": epochs})
    return report


def _gather(folder: Path, data: Path, source: Artifact) -> tuple[list[Artifact], list[str]]:
    """The classifiers in a folder that fit the data, and what is wrong with those that do not."""
    found, passed_over = [], []
    for path in sorted(folder.glob("*.npz")) if os.path.isdir(folder) else ():
        if files.same_file(path, data):
            continue
        try:
            artifact = artifacts.load(path)
            if artifact.kind in classifier.CLASSIFIER_KINDS:
                classifier.make_classifier_for(artifact, source)
                found.append(artifact)
        except InputError as error:
            passed_over.append(str(error))
    return found, passed_over


def _in_order(made: list[Entry]) -> tuple[Entry, ...]:
    """The book's order, with what is only there, then whatever else there is."""
    lines: list[Entry] = []
    for figure in book.FIGURES[:-1]:
        lines += [entry for entry in made if entry.book == figure] or [entries.book_only(figure)]
    others = [entry for entry in made if entry.book is None]
    return (*lines, *others, entries.book_only(book.FIGURES[-1]))


def _save(report: CompareReport, found: list[Artifact], data: Artifact, parameters: dict[str, object]) -> None:
    inputs = {"data": data, **{artifact.path.name: artifact for artifact in found}}
    meta = artifacts.describe("compare", parameters=parameters, inputs=inputs, dataset=data.meta["dataset"])
    lines = [
        {name: value for name, value in line.items() if not name.endswith("_seconds")} for line in plain(report.entries)
    ]
    # The JSON last: it is what make looks at, and must not be there without the table.
    files.write(
        report.markdown, [markdown(report.entries, report.dataset_title, with_book=report.has_book_figures).encode()]
    )
    artifacts.save_json(report.out, meta, {"dataset": report.dataset, "verified": report.verified, "entries": lines})
