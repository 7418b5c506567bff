"""The state of the pipeline: which files of a folder are fresh, which are stale and why, and what comes next."""

from dataclasses import dataclass, replace
from pathlib import Path

from nndigits.stages.datasets.known_sets import DatasetReport, known_set, title_of
from nndigits.stages.inspection import freshness, wording
from nndigits.stages.inspection.folder import Folder
from nndigits.stages.inspection.freshness import FileStatus
from nndigits.stages.inspection.next_step import NextStep, data_of, next_step
from nndigits.stages.inspection.results import EvalResult, is_of, load_result
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.kinds import CLASSIFIER_KINDS


@dataclass(frozen=True)
class LastResult:
    """The fresh evaluation that was written last; of a baseline only if no network has one.

    ``weights`` are those of one network or baseline, or of each member of an ensemble.
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
    last: LastResult | None
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
        last=_last(folder, fresh),
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


def _last(folder: Folder, fresh: dict[str, EvalResult]) -> LastResult | None:
    """Return the result that was written last. Its date says only this; that it is fresh, the hashes say."""
    known = []
    for name, result in fresh.items():
        inputs = folder.metadata[name]["inputs"]
        members = tuple(path for role, one in inputs.items() if role != "data" and (path := folder.find(one, role)))
        of_networks = all(folder.metadata[path.name]["kind"] == "weights" for path in members)
        known.append((of_networks, result.path.stat().st_mtime_ns, result, members))
    if not known:
        return None
    _, _, one, members = max(known, key=lambda entry: entry[:2])
    return LastResult(one.path, members, one.what, one.split, one.correct, one.total, one.accuracy)


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
