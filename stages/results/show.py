"""The stage `show`: what a file of nn holds, and what it was made from."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from nndigits.stages.datasets import data_artifact
from nndigits.stages.datasets.known_sets import class_names, title_of
from nndigits.stages.figures.figure import Figure
from nndigits.stages.results import run_files, tables
from nndigits.stages.results.evaluations import EvalResult, load_result
from nndigits.stages.results.folder import Folder, InputFile, described, exported
from nndigits.stages.results.freshness import judge
from nndigits.stages.results.run_files import EpochsReport, LayerReport
from nndigits.stages.results.show_figures import DrawnDigit, draw_digits, draw_figure
from nndigits.stages.results.tables import ArrayReport, TableReport
from nndigits.stages.results.wording import name_of, training_in_words
from nndigits.stages.runs.constraints import distortion_of
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Meta, load_metadata
from nndigits.stages.store.errors import UsageError
from nndigits.stages.store.kinds import Split
from nndigits.stages.store.result_files import TIMINGS, load_rows
from nndigits.stages.store.texts import Picture
from nndigits.stages.words.classes import are_digits
from nndigits.stages.words.escaping import shell_word
from nndigits.stages.words.nouns import listed

TITLES = {"weights": "weights of the network ", "checkpoint": "checkpoint of the network "}
"""What stands before the name of a network, by kind."""

COMPARED = "`nn sweep --show {}` compares the combinations."


@dataclass(frozen=True)
class ShowReport:
    """The description of an artifact. What its kind does not have is empty or None.

    Attributes
    ----------
    made
        The metadata: parameters, seed, hashes of the inputs, data set and versions. Empty for times, which have none.
    what
        What the file is, in a few words.
    words
        Sentences that say what it holds.
    counts
        For each split of a data set, the number of images of each digit.
    pictures
        The weights of the first neurons, as images.
    result
        The figures of an evaluation.
    entries
        The rows of a comparison, as they stand in the file.
    table
        The rows of a CSV file, or what a baseline learned of each digit.
    distortion, seed
        How the drawn digits were distorted.
    classes
        The names of the classes of a data set.
    figure
        The digits as one picture.
    """

    path: Path
    kind: str
    sha256: str | None
    made: dict[str, Any]
    what: str = ""
    words: tuple[str, ...] = ()
    inputs: tuple[InputFile, ...] = ()
    arrays: tuple[ArrayReport, ...] = ()
    counts: dict[str, tuple[int, ...]] = field(default_factory=dict)
    digits: tuple[DrawnDigit, ...] = ()
    layers: tuple[LayerReport, ...] = ()
    pictures: tuple[Picture, ...] = field(default=(), repr=False)
    run: EpochsReport | None = None
    result: EvalResult | None = None
    entries: tuple[dict[str, Any], ...] = ()
    table: TableReport | None = None
    distortion: str | None = None
    seed: int | None = None
    classes: tuple[str, ...] = ()
    figure: Figure | None = field(default=None, repr=False)


def show(
    path: Path, *, split: Split | None = None, indices: Sequence[int] = (), distort: str | None = None, seed: int = 0
) -> ShowReport:
    """Describe an artifact. For a data set, draw images of ``split`` (test) at ``indices``, or the first few.

    ``distort`` is a distortion such as ``rotate 10, translate 1.5``, or ``usual``. Each drawn image then has several
    distorted versions, which ``seed`` determines.

    Raises
    ------
    InputError
        The file is missing or is not an artifact.
    UsageError
        An index is out of range, the artifact has no images to draw, or ``distort`` is not a distortion.
    """
    asked = "indices" if indices else "distort" if distort is not None else "split" if split else None
    tables.refuse_other_kinds(path)
    if path.suffix in (".json", ".csv"):
        _refuse_images(asked, path)
        return _times(path) if path.name == TIMINGS else _figures(path)
    if path.suffix == ".html":
        _refuse_images(asked, path)
        return _page(path)
    artifact = _load(path)
    if artifact.kind == "dataset":
        data_artifact.checked(artifact)
    else:
        _refuse_images(asked, path)
    folder = Folder(path.parent)
    report = replace(_report(path, artifact.meta, artifact.sha256, folder), arrays=tables.arrays(artifact))
    match artifact.kind:
        case "dataset":
            return _dataset(report, artifact, split or "test", indices, distort, seed)
        case "weights":
            layers, words = run_files.layers(artifact), run_files.weights_in_words(artifact, folder)
            return replace(report, layers=layers, words=words, pictures=run_files.pictures(artifact))
        case "checkpoint":
            return _checkpoint(report, artifact, folder)
    return replace(report, words=tables.baseline_in_words(artifact), table=tables.baseline_table(artifact))


def _report(path: Path, meta: Meta, sha256: str, folder: Folder) -> ShowReport:
    """Return what every kind has: its name, and the files that it was made from."""
    title = f"{TITLES.get(meta['kind'], '')}{name_of(meta)}"
    return ShowReport(path, meta["kind"], sha256, meta, title, inputs=folder.inputs_of(meta))


def _load(path: Path) -> artifacts.Artifact:
    """Return an artifact, or the one in a safetensors file of `nn export`."""
    if path.suffix != ".safetensors":
        return artifacts.load(path)
    meta, arrays = exported(path)
    return artifacts.Artifact(path, meta, files.sha256(path, hint="Export again"), arrays)


def _page(path: Path) -> ShowReport:
    """Describe a page: what it was made from."""
    meta, folder = described(path), Folder(path.parent)
    words = ("Open it in a browser.",)
    sha256 = files.sha256(path, hint="Write it again")
    return ShowReport(path, "page", sha256, {}, name_of(meta), words, inputs=folder.inputs_of(meta))


def _refuse_images(asked: str | None, path: Path) -> None:
    if asked:
        raise UsageError(f"{path} holds no images; give a data set", asked)


def _dataset(
    report: ShowReport,
    data: artifacts.Artifact,
    split: Split,
    indices: Sequence[int],
    distort: str | None,
    seed: int,
) -> ShowReport:
    distortion = None if distort is None else distortion_of(distort, data.arrays["train_images"].shape[1:])
    digits = draw_digits(data, split, indices, distortion, seed)
    names = class_names(data.meta["dataset"])
    return replace(
        report,
        what=f"{title_of(data.meta['dataset'])}, a data set",
        counts=_counts(data),
        digits=digits,
        distortion=None if distortion is None else str(distortion),
        seed=None if distortion is None else seed,
        words=_classes_in_words(names),
        classes=names,
        figure=draw_figure(digits) if digits else None,
    )


def _classes_in_words(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return a sentence with the names of the classes, unless these are their numbers."""
    if are_digits(names):
        return ()
    is_short = all(len(name) == 1 for name in names)
    return (f"The classes are {listed(names if is_short else (f'{at} {name}' for at, name in enumerate(names)))}.",)


def _counts(data: artifacts.Artifact) -> dict[str, tuple[int, ...]]:
    classes = data.meta["dataset"]["classes"]
    return {
        split: tuple(np.bincount(data.arrays[f"{split}_labels"], minlength=classes).tolist())
        for split in ("train", "validation", "test")
    }


def _checkpoint(report: ShowReport, artifact: artifacts.Artifact, folder: Folder) -> ShowReport:
    """Say where the run stands: how many epochs are done, and whether its weights are written."""
    data = next((one.path for one in report.inputs if one.role == "data" and one.path), None)
    total = folder.metadata[data.name]["parameters"].get("validation") if data else None
    epochs = run_files.epochs_of_checkpoint(artifact, total if type(total) is int else 0)
    state, why = judge(folder, report.path.name) if report.path.name in folder.metadata else ("unreadable", "")
    stands = {
        "fresh": "The run is finished: its weights are written.",
        "unfinished": f"The run is not finished: `nn status {shell_word(folder.path)}` says how to go on.",
    }.get(state, f"The run cannot go on here ({why}).")
    words = (f"{len(epochs.epochs)} of {epochs.planned} epochs are done. {stands}", training_in_words(artifact.meta))
    return replace(report, layers=run_files.layers(artifact), run=epochs, words=words)


def _figures(path: Path) -> ShowReport:
    """Describe a ``.json`` or ``.csv`` artifact."""
    meta = load_metadata(path)
    report = _report(path, meta, files.sha256(path, hint="Try again"), Folder(path.parent))
    match meta["kind"]:
        case "eval":
            return replace(report, result=load_result(path)[1])
        case "compare":
            return replace(report, entries=tables.entries(path))
        case "sweep":
            words = (COMPARED.format(shell_word(path.parent)),)
            return replace(report, table=tables.trials(path), words=words)
        case "history":
            return replace(report, run=run_files.epochs_of_history(path), words=(training_in_words(meta),))
    _, rows = load_rows(path)
    return replace(report, table=TableReport(tuple(rows[0]), tuple(map(tuple, rows[1:]))))


def _times(path: Path) -> ShowReport:
    """Describe ``timings.csv``, which has no metadata."""
    sha256 = files.sha256(path, hint="nn writes it when it trains or evaluates: `nn train`")
    table = tables.times(Folder(path.parent))
    words = () if table.rows else ("No durations that can be read.",)
    return ShowReport(path, "timings", sha256, {}, "durations of slow steps", words, table=table)
