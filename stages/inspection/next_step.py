"""The command to type next, from the state of the files of a folder."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from nndigits.stages.inspection import wording
from nndigits.stages.inspection.folder import Folder
from nndigits.stages.inspection.freshness import FileStatus
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


def data_of(folder: Folder) -> str:
    """Return the name of the data set that commands use: data.npz, or the only one of another name."""
    names = folder.names("dataset")
    return "data.npz" if "data.npz" in names or not names else names[0]


def next_step(folder: Folder, files: Sequence[FileStatus]) -> NextStep:
    """Choose the next command: what is missing, interrupted or stale, in the order of the pipeline.

    A comparison evaluates what has no figures yet, so only the first network is evaluated by itself.
    """
    data = folder.path / data_of(folder)
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
