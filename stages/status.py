"""The state of the pipeline: which files of a folder are fresh, which are stale and why, and what comes next."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from nn.stages.datasets.known_sets import DatasetReport, known_set
from nn.stages.inspection import freshness, wording
from nn.stages.inspection.folder import CLASSIFIERS, Folder
from nn.stages.inspection.freshness import State
from nn.stages.inspection.results import EvalResult, results_of
from nn.stages.store.errors import InputError

Step = Literal["fetch", "train", "resume", "eval", "compare", "show"]


@dataclass(frozen=True)
class FileStatus:
    """The state of one file.

    Attributes
    ----------
    state
        ``fresh``: the files that it was made from still have the hashes that it names. ``stale``: one has not.
        ``unfinished``: of an interrupted run. ``unreadable``: it is damaged or not a file of nn. ``missing``: the
        pipeline needs it.
    why
        The reason, unless it is fresh.
    what
        A short name: the data set, the network.
    belongs_to
        The weights or baseline that a history, a checkpoint or figures belong to.
    accuracies
        Of weights and baselines, the accuracy on each split that they were evaluated on with the data they name.
    """

    path: Path
    kind: str
    state: State
    why: str = ""
    what: str = ""
    belongs_to: Path | None = None
    sha256: str | None = None
    accuracies: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class LastResult:
    """The fresh evaluation that was written last; of a baseline only if no network has one."""

    path: Path
    weights: Path
    what: str
    split: str
    correct: int
    total: int
    accuracy: float


@dataclass(frozen=True)
class NextStep:
    """The command to type next: ``resume`` is a training run that was interrupted.

    ``parameters`` are those of the run to train or to resume that differ from the chapter's.
    """

    step: Step
    weights: Path | None = None
    data: Path | None = None
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StatusReport(DatasetReport):
    """The files of a folder. ``dataset`` is empty if it has no data set."""

    folder: Path
    dataset: str
    verified: bool
    files: tuple[FileStatus, ...]
    last: LastResult | None
    next: NextStep

    @property
    def missing(self) -> tuple[FileStatus, ...]:
        """The files that the pipeline needs and that are not there."""
        return tuple(file for file in self.files if file.state == "missing")


def status(path: Path) -> StatusReport:
    """Compare the files of a folder by their hashes with what they were made from.

    Hashes are taken of whole files; arrays are read only of files that no other file names. Files that are not nn's are
    left out. A folder that does not exist is an empty one.
    """
    folder = Folder(path)
    found = {name: _judged(folder, name) for name in [*folder.metadata, *folder.problems]}
    results = {name: _fresh_results(folder, name, found) for name in folder.names(*CLASSIFIERS)}
    found = {name: _with_accuracies(file, results[name]) if name in results else file for name, file in found.items()}
    known = folder.metadata.get(_data(folder), {}).get("dataset")
    files = _in_order(found, folder)
    return StatusReport(
        folder=path,
        dataset=known["name"] if known else "",
        verified=known is not None and known_set(known) is not None,
        files=files,
        last=_last(folder, results),
        next=_next(folder, files),
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
    known = known_set(meta["dataset"])
    title = known.title if known else str(meta["dataset"]["name"])
    what = title if meta["kind"] == "dataset" else wording.name_of(meta)
    return FileStatus(folder.path / name, meta["kind"], state, why, what, belongs_to, sha256)


def _fresh_results(folder: Folder, name: str, found: dict[str, FileStatus]) -> dict[str, EvalResult]:
    """Return the fresh results of a classifier, by split."""
    sha256 = found[name].sha256
    results = results_of(folder, sha256) if sha256 else []
    fresh = [result for _, result in results if found[result.path.name].state == "fresh"]
    return {result.split: result for result in fresh}


def _with_accuracies(file: FileStatus, results: dict[str, EvalResult]) -> FileStatus:
    accuracies = {split: result.accuracy for split, result in results.items()}
    return FileStatus(file.path, file.kind, file.state, file.why, file.what, None, file.sha256, accuracies)


def _last(folder: Folder, results: dict[str, dict[str, EvalResult]]) -> LastResult | None:
    """Return the result that was written last. Its date says only this; that it is fresh, the hashes say."""
    every = [(name, one) for name, of_it in results.items() for one in of_it.values()]
    if not every:
        return None
    networks = [pair for pair in every if folder.metadata[pair[0]]["kind"] == "weights"]
    name, one = max(networks or every, key=lambda pair: (pair[1].path.stat().st_mtime_ns, pair[0] == "weights.npz"))
    return LastResult(one.path, folder.path / name, one.what, one.split, one.correct, one.total, one.accuracy)


def _in_order(found: dict[str, FileStatus], folder: Folder) -> tuple[FileStatus, ...]:
    """Sort the files: data sets, each classifier before what belongs to it, the rest; add what is missing."""
    files = list(found.values())
    data = [file for file in files if file.kind == "dataset" or file.path.name == "data.npz"]
    if not data:
        why = "`nn fetch` makes it"
        data = [FileStatus(folder.path / "data.npz", "dataset", "missing", why)]
    classifiers = [file for file in files if file.kind in CLASSIFIERS]
    classifiers.sort(key=lambda file: (file.kind != "weights", file.path.name != "weights.npz", file.path.name))
    if not any(file.kind == "weights" for file in classifiers):
        why = "`nn train` makes it"
        classifiers.insert(0, FileStatus(folder.path / "weights.npz", "weights", "missing", why))
    ordered = [*data]
    for one in classifiers:
        ordered += [one, *(file for file in files if file.belongs_to == one.path)]
    return (*ordered, *(file for file in files if file not in ordered))


def _data(folder: Folder) -> str:
    """Return the name of the data set that commands use: data.npz, or the only one of another name."""
    names = folder.names("dataset")
    return "data.npz" if "data.npz" in names or not names else names[0]


def _next(folder: Folder, files: tuple[FileStatus, ...]) -> NextStep:
    """Choose the next command: what is missing, interrupted or stale, in the order of the pipeline.

    A comparison evaluates what has no figures yet, so only the first network is evaluated by itself.
    """
    data = folder.path / _data(folder)
    sets = [file for file in files if file.kind == "dataset" and file.state == "fresh"]
    if data not in [file.path for file in sets]:
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
    classifiers = [file for file in files if file.kind in CLASSIFIERS and file.state == "fresh"]
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
