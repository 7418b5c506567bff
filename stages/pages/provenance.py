"""How the files of a folder were made: a table, and the commands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nndigits.stages.datasets.known_sets import known_set, title_of
from nndigits.stages.results.folder import Folder
from nndigits.stages.results.freshness import State, judge
from nndigits.stages.results.wording import changed_parameters, name_of
from nndigits.stages.store.artifacts import Meta
from nndigits.stages.store.kinds import CLASSIFIER_KINDS
from nndigits.stages.words.values import typed


@dataclass(frozen=True)
class Step:
    """A command of nn, with its parameters as they are typed, and the files that it reads besides the data set."""

    command: str
    parameters: Mapping[str, str]
    files: tuple[str, ...] = ()
    reads_data: bool = True


@dataclass(frozen=True)
class Made:
    """A row of the table: a file, what made it, and what it was made from."""

    name: str
    what: str
    step: Step
    inputs: tuple[tuple[str, str], ...]
    parameters: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    sha256: str
    state: State


def table(folder: Folder, data: str, image: tuple[int, int]) -> list[Made]:
    """Return a row for the data set, with images of this height and width, and for each classifier and its figures."""
    names = [data, *folder.names(*CLASSIFIER_KINDS), *folder.names("eval", "compare")]
    return [_made(folder, name, image) for name in names]


def _made(folder: Folder, name: str, image: tuple[int, int]) -> Made:
    meta = folder.metadata[name]
    return Made(
        name=name,
        what=title_of(meta["dataset"]) if meta["kind"] == "dataset" else name_of(meta),
        step=_step(meta, folder, image),
        inputs=tuple((one.path.name if one.path else one.role, one.sha256) for one in folder.inputs_of(meta)),
        parameters=tuple((key, typed(value)) for key, value in meta["parameters"].items()),
        versions=tuple((key, str(value)) for key, value in meta["versions"].items()),
        sha256=folder.sha256(folder.path / name),
        state=judge(folder, name)[0],
    )


def _step(meta: Meta, folder: Folder, image: tuple[int, int]) -> Step:
    """Return the command that makes a file of this metadata again."""
    parameters = {key: typed(value) for key, value in meta["parameters"].items()}
    match meta["kind"]:
        case "dataset":
            return Step("fetch", {**_source(meta["dataset"], image), **parameters}, reads_data=False)
        case "weights":
            return Step("train", {key: typed(value) for key, value in changed_parameters(meta).items()})
        case "random" | "darkness":
            return Step(f"baseline {meta['kind']}", parameters)
        case "svm":
            asked = {key: parameters[key] for key in ("c", "gamma", "train_size") if meta["parameters"].get(key)}
            return Step("baseline svm", {"tuned": ""} if meta["about"].get("chosen") == "search" else asked)
        case "eval":
            members = [one.path.name if one.path else one.role for one in folder.inputs_of(meta) if one.role != "data"]
            flags = {key: "" if value == "True" else value for key, value in parameters.items()}
            return Step("eval", flags, tuple(members))
    return Step("compare", {}, (".",))


def _source(dataset: Mapping[str, Any], image: tuple[int, int]) -> dict[str, str]:
    """Return the flags of `nn fetch` for a data set; an unknown set with named classes is of one's own pictures."""
    if known_set(dataset) is not None or dataset["name"] == "digits":
        return {"dataset": dataset["name"]}
    if dataset.get("plain") or "names" in dataset:
        return {"images": "FOLDER", "size": "{}x{}".format(*image), **({"plain": ""} if dataset.get("plain") else {})}
    return {"from": "FOLDER"}
