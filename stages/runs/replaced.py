"""What a new training run replaces: the network of another run, or an unfinished run."""

from pathlib import Path

from nndigits.stages.runs.parameters import Parameters, is_imported
from nndigits.stages.store import metadata
from nndigits.stages.store.artifacts import Artifact, Meta
from nndigits.stages.words.nouns import listed
from nndigits.stages.words.values import typed


def replaced(weights: Path, path: Path, parameters: Parameters, data: Artifact) -> str:
    """Say what a new run with these parameters and this data replaces: a network or an unfinished run of another one.

    Empty if there is neither at ``weights`` and at the checkpoint's ``path``, or only of the same run with no more
    epochs.
    """
    network, begun = metadata.existing(weights), metadata.existing(path)
    if begun and (not network or (network["parameters"], network["inputs"]) != (begun["parameters"], begun["inputs"])):
        how = _difference(begun, parameters, data)
        if how:
            return f"{path} holds an unfinished run {how}"
    how = _difference(network, parameters, data) if network else ""
    return f"{weights} holds a network trained {how}" if how else ""


def _difference(meta: Meta, parameters: Parameters, data: Artifact) -> str:
    """Say how a run was another one than one with these parameters and this data."""
    if is_imported(meta["parameters"]):
        return "by another program"
    others = [] if meta["inputs"].get("data") == data.sha256 else ["on other data"]
    kept, wanted = meta["parameters"], parameters.as_json()
    same = ("threads", *(["epochs"] if kept["epochs"] <= parameters.epochs else []))
    named = [name for name, value in wanted.items() if kept.get(name) != value and name not in same]
    return listed([*others, *(f"with {name} {typed(kept.get(name))}" for name in named[:3])], "and")
