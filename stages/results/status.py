"""The state of the pipeline: which files of a folder are fresh, which are stale and why, and what to type next."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from nndigits.stages.datasets.known_sets import DatasetReport, known_set, title_of
from nndigits.stages.results import freshness, wording
from nndigits.stages.results.evaluations import EvalResult, is_of, load_result
from nndigits.stages.results.folder import Folder
from nndigits.stages.results.freshness import FileStatus
from nndigits.stages.runs.network_artifacts import validation_accuracy
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.kinds import CLASSIFIER_KINDS

Step = Literal["fetch", "train", "resume", "eval", "compare", "show"]


@dataclass(frozen=True)
class NextStep:
    """The command to type next: ``resume`` is a training run that was interrupted. ``path`` is the
    file of weights that it reads or writes.

    ``parameters`` are those of the run to train or to resume that differ from the chapter's.
    """

    step: Step
    path: Path | None = None
    data: Path | None = None
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Leader:
    """The fresh evaluation of the network with the best accuracy on validation, which `nn report` is about, too.

    It is of a baseline, or of an ensemble, only if no network has one. ``weights`` are the files that were evaluated.
    """

    path: Path
    weights: tuple[Path, ...]
    what: str
    split: str
    correct: int
    total: int
    accuracy: float


@dataclass(frozen=True)
class StatusReport(DatasetReport):
    """The files of a folder. ``dataset`` is empty if it has no data set."""

    folder: Path
    dataset: str
    verified: bool
    states: tuple[FileStatus, ...]
    leader: Leader | None
    next: NextStep


def status(path: Path) -> StatusReport:
    """Compare the files of a folder by their hashes with what they were made from.

    Hashes are taken of whole files; arrays are read only of files that no other file names. Files that are not nn's are
    left out. A folder that does not exist is an empty one.
    """
    folder = Folder(path)
    found = {name: _judged(folder, name) for name in [*folder.metadata, *folder.problems]}
    results = {name: _result(folder, file) for name, file in found.items() if file.kind == "eval"}
    fresh = {name: result for name, result in results.items() if result is not None}
    found = {name: _with_results(folder, file, fresh) for name, file in found.items()}
    data = data_of(folder)
    known = folder.metadata.get(data, {}).get("dataset")
    files = _in_order(found, folder)
    return StatusReport(
        folder=path,
        dataset=known["name"] if known else "",
        verified=known is not None and known_set(known) is not None and found[data].state != "unreadable",
        states=files,
        leader=_leader(folder, fresh),
        next=next_step(folder, files),
    )


def _judged(folder: Folder, name: str) -> FileStatus:
    meta = folder.metadata.get(name)
    own = freshness.owner(folder, name)
    belongs_to = None if own is None else folder.path / own
    if meta is None:
        return FileStatus(folder.path / name, "unknown", "unreadable", folder.problems[name], belongs_to=belongs_to)
    sha256 = None
    try:
        sha256 = folder.sha256(folder.path / name)
        if name.endswith(".npz"):
            freshness.check_whole(folder, name)
        state, why = freshness.judge(folder, name)
    except InputError as error:
        state, why = "unreadable", str(error).removeprefix(f"{folder.path / name}: ")
    what = title_of(meta["dataset"]) if meta["kind"] == "dataset" else wording.name_of(meta)
    return FileStatus(folder.path / name, meta["kind"], state, why, what, belongs_to, sha256)


def _result(folder: Folder, file: FileStatus) -> EvalResult | None:
    """Return the figures of an evaluation, if they are fresh and can be read."""
    try:
        return load_result(folder.path / file.path.name)[1] if file.state == "fresh" else None
    except InputError:
        return None


def _with_results(folder: Folder, file: FileStatus, fresh: dict[str, EvalResult]) -> FileStatus:
    """Add the accuracy on each split: to figures their own, to a classifier those of its evaluations by itself."""
    one = fresh.get(file.path.name)
    if one is not None:
        return replace(file, what=one.what, accuracies={one.split: one.accuracy})
    if file.kind == "eval" and file.state == "fresh":
        return replace(file, state="unreadable", why="has other figures than nn writes")
    own = [result for name, result in fresh.items() if is_of(folder.metadata[name], file.sha256)]
    return replace(file, accuracies={result.split: result.accuracy for result in own})


def _leader(folder: Folder, fresh: dict[str, EvalResult]) -> Leader | None:
    """Return the result of the leading network: on the test images rather than others, and the latest of several."""
    known = []
    for name, one in fresh.items():
        inputs = folder.metadata[name]["inputs"]
        members = tuple(path for role, sha in inputs.items() if role != "data" and (path := folder.find(sha, role)))
        found = [folder.metadata[path.name] for path in members if path.parent == folder.path]
        is_network = (
            len(found) == 1 and found[0]["kind"] == "weights" and not folder.metadata[name]["parameters"]["shifts"]
        )
        order = (is_network, validation_accuracy(found[0]) if is_network else 0.0, one.split == "test")
        known.append((*order, one.path.stat().st_mtime_ns, one, members))
    if not known:
        return None
    *_, one, members = max(known, key=lambda entry: entry[:4])
    return Leader(one.path, members, one.what, one.split, one.correct, one.total, one.accuracy)


def _in_order(found: dict[str, FileStatus], folder: Folder) -> tuple[FileStatus, ...]:
    """Sort the files: data sets, each classifier before what belongs to it, the rest; add what is missing."""
    files = list(found.values())
    data = [file for file in files if file.kind == "dataset" or file.path.name == "data.npz"]
    if not data:
        why = "`nn fetch` makes it"
        data = [FileStatus(folder.path / "data.npz", "dataset", "missing", why)]
    classifiers = [file for file in files if file.kind in CLASSIFIER_KINDS]
    classifiers.sort(key=lambda file: (file.kind != "weights", file.path.name != "weights.npz", file.path.name))
    if not any(file.kind == "weights" for file in classifiers):
        why = "`nn train` makes it"
        classifiers.insert(0, FileStatus(folder.path / "weights.npz", "weights", "missing", why))
    ordered = [*data]
    for one in classifiers:
        ordered += [one, *(file for file in files if file.belongs_to == one.path)]
    return (*ordered, *(file for file in files if file not in ordered))


def data_of(folder: Folder) -> str:
    """Return the name of the data set that commands use: data.npz, or the only one of another name."""
    names = folder.names("dataset")
    return "data.npz" if "data.npz" in names or not names else names[0]


def next_step(folder: Folder, files: Sequence[FileStatus]) -> NextStep:
    """Choose the next command: what is missing, interrupted or stale, in the order of the pipeline.

    A comparison evaluates what has no figures yet, so only the first network is evaluated by itself. No data set is
    fetched beside networks whose own is elsewhere.
    """
    data = folder.path / data_of(folder)
    sets = [file for file in files if file.kind == "dataset" and file.state == "fresh"]
    if data not in [file.path for file in sets]:
        there = [file for file in files if file.kind == "weights" and file.state not in ("missing", "unreadable")]
        if there and not os.path.lexists(data):  # their data set is elsewhere
            return NextStep("show", there[0].path)
        return NextStep("fetch", data=data)
    for file in files:
        if file.kind == "checkpoint" and file.state == "unfinished":
            weights = _weights_of(file.path)
            return NextStep("resume", weights, data, wording.changed_parameters(folder.metadata[file.path.name]))
    networks = [file for file in files if file.kind == "weights"]
    first = networks[0]
    if first.state != "fresh" and (first.path.name == "weights.npz" or all(one.state != "fresh" for one in networks)):
        meta = folder.metadata.get(first.path.name)
        return NextStep("train", first.path, data, wording.changed_parameters(meta) if meta else {})
    classifiers = [file for file in files if file.kind in CLASSIFIER_KINDS and file.state == "fresh"]
    fresh = next(one for one in networks if one.state == "fresh")
    if "test" not in fresh.accuracies:
        return NextStep("eval", fresh.path, data)
    compared = any(file.kind == "compare" and file.state == "fresh" for file in files)
    if len(classifiers) > 1 and not compared:
        return NextStep("compare", data=data)
    return NextStep("show", fresh.path, data)


def _weights_of(checkpoint: Path) -> Path:
    """Return the weights that a checkpoint's run writes: wide.npz for wide-checkpoint.npz."""
    name = checkpoint.name.removesuffix("checkpoint.npz").removesuffix("-") or "weights"
    return checkpoint.with_name(f"{name}.npz")
