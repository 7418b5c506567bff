"""Whether a file is up to date: whether the files that it was made from still have the hashes that it names.

Existence and dates prove nothing: a network may have been trained from other data than the file of that name now holds.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from nndigits.stages.datasets import data_artifact
from nndigits.stages.datasets.known_sets import known_set
from nndigits.stages.results.folder import SEEDS, Folder
from nndigits.stages.store import artifacts
from nndigits.stages.store.artifacts import Meta
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.kinds import CLASSIFIER_KINDS
from nndigits.stages.words.escaping import printable

State = Literal["fresh", "stale", "unfinished", "unreadable", "missing"]


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
        Of weights, baselines and the figures of an evaluation: the accuracy on each split, if it is fresh.
    """

    path: Path
    kind: str
    state: State
    why: str = ""
    what: str = ""
    belongs_to: Path | None = None
    sha256: str | None = None
    accuracies: dict[str, float] = field(default_factory=dict)


COMPANIONS = ("history", "checkpoint", "eval", "confusion")
"""The kinds of file that belong to the weights, or the baseline, beside them."""

Freshness = tuple[State, str]
"""The state of a file, and why."""


def judge(folder: Folder, name: str) -> Freshness:
    """Return the state of an artifact of the folder, and the reason unless it is fresh."""
    meta = folder.metadata[name]
    changed = _changed_input(folder, name, meta)
    if changed:
        return "stale", changed
    match meta["kind"]:
        case "history":
            return _judge_history(folder, name, meta)
        case "checkpoint":
            return _judge_checkpoint(folder, name, meta)
        case "svm-pairs":
            return "unfinished", "finished pairs of an interrupted run; the same command goes on with them"
        case "compare":
            return _judge_comparison(folder, meta)
        case "export":
            return _judge_export(folder, meta)
    return "fresh", ""


def owner(folder: Folder, name: str) -> str | None:
    """Return the classifier that a history, a checkpoint or figures belong to; None for other files.

    Figures belong to the weights whose hash they name. If there is none, the name decides: of w-eval.json, w.npz.
    """
    meta = folder.metadata.get(name)
    if meta is not None and meta["kind"] not in COMPANIONS:
        return None
    if meta is not None and meta["kind"] in ("eval", "confusion"):
        found = folder.find(meta["inputs"].get("weights", ""), "weights")
        if found is not None and "weights_2" not in meta["inputs"]:
            return found.name
    return _owner_by_name(folder, name)


def _owner_by_name(folder: Folder, name: str) -> str | None:
    stem = name.rpartition(".")[0]
    fits = [one for one in folder.names(*CLASSIFIER_KINDS) if stem.startswith(f"{one.removesuffix('.npz')}-")]
    if fits:
        return max(fits, key=len)
    return "weights.npz" if stem in ("history", "checkpoint") and "weights.npz" in folder.metadata else None


def _changed_input(folder: Folder, name: str, meta: Meta) -> str:
    """Return which input is no longer there as it was; empty if all are."""
    for role, sha256 in meta["inputs"].items():
        if folder.find(sha256, role) is not None:
            continue
        if role == "data":
            return "made from other data than data.npz" if "data.npz" in folder.metadata else "its data set is not here"
        if meta["kind"] == "compare":
            there = any((part / role).is_file() for part in (folder.path, folder.path / SEEDS))
            return f"{role} has changed since" if there else f"{role} is no longer here"
        own = _owner_by_name(folder, name)
        return f"of other weights than {own}" if own else f"of weights that are not here ({sha256[:8]})"
    return ""


def _judge_history(folder: Folder, name: str, meta: Meta) -> Freshness:
    """A history does not name its weights by hash; it repeats their parameters and their result."""
    own = _owner_by_name(folder, name)
    if own is None or folder.metadata[own]["kind"] != "weights":
        return "stale", "its weights are not here"
    return ("fresh", "") if _same_run(meta, folder.metadata[own]) else ("stale", f"of another run than {own}")


def _judge_checkpoint(folder: Folder, name: str, meta: Meta) -> Freshness:
    """A checkpoint is finished if the best weights in it are those of the file beside it."""
    done, best = read_checkpoint(folder, name)
    own = _owner_by_name(folder, name)
    weights = _weights(folder, own) if own is not None else None
    if weights is not None:
        same = {part: array.tobytes() for part, array in weights.arrays.items()} == best
        if same and weights.meta["parameters"] == meta["parameters"]:
            return "fresh", ""
    total = meta["parameters"].get("epochs")
    if done == total and weights is not None:
        return "stale", f"finished; {own} is of another run"
    planned = f"{total:,}" if type(total) is int else str(total)
    return (
        "unfinished",
        "all epochs done, its weights are missing" if done == total else f"{done:,} of {planned} epochs done",
    )


def _weights(folder: Folder, name: str) -> artifacts.Artifact | None:
    """Return weights of the folder; None for a baseline and for damaged ones, which say so themselves."""
    try:
        return artifacts.load(folder.path / name, "weights")
    except InputError:
        return None


def read_checkpoint(folder: Folder, name: str) -> tuple[int, dict[str, bytes]]:
    """Return the number of epochs done, and the bytes of the best weights so far; raises InputError."""
    saved = artifacts.load(folder.path / name, "checkpoint")
    best = {part: array.tobytes() for part, array in saved.arrays.items() if part.startswith("best_")}
    return len(saved.arrays["cost"]), {part.removeprefix("best_"): array for part, array in best.items()}


def _judge_comparison(folder: Folder, meta: Meta) -> Freshness:
    """A comparison is stale if a network or baseline of the same data is not in it."""
    for name in folder.names(*CLASSIFIER_KINDS):
        other = folder.metadata[name]
        if printable(name) not in meta["inputs"] and other["inputs"].get("data") == meta["inputs"].get("data"):
            return "stale", f"{name} is not in it"
    return "fresh", ""


def _judge_export(folder: Folder, meta: Meta) -> Freshness:
    """An exported network repeats the metadata of the weights that it was made from."""
    same = any(folder.metadata[name]["about"] == meta["about"] for name in folder.names("weights"))
    return ("fresh", "") if same else ("stale", "of weights that are not here")


def _same_run(one: Meta, other: Meta) -> bool:
    shared = ("layers", "cost", "image", "epoch", "validation_correct", "validation_total")
    return one["parameters"] == other["parameters"] and all(
        one["about"].get(name) == other["about"].get(name) for name in shared
    )


def check_whole(folder: Folder, name: str) -> None:
    """Check every byte of an ``.npz`` file, unless another file confirms its hash; raises InputError.

    Of a data set that says that it is a known one, the content is always checked.
    """
    sha256, own = folder.sha256(folder.path / name), folder.metadata[name]
    if own["kind"] == "dataset" and known_set(own["dataset"]) is not None:
        data_artifact.load(folder.path / name)
    elif not any(sha256 in meta["inputs"].values() for meta in folder.metadata.values()):
        artifacts.load(folder.path / name)
