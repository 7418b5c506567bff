"""What is in an artifact, and what made it from what."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nn.stages import networks, store
from nn.stages.errors import UsageError
from nn.stages.evaluate import Split
from nn.stages.reports import Picture, picture

SAMPLES = 8
"""Images that are drawn where none are asked for."""


@dataclass(frozen=True)
class ArrayReport:
    """One array of an artifact."""

    name: str
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class LayerReport:
    """One layer of a network: what it is, how many numbers it learns, and how large they are."""

    layer: str
    parameters: int
    mean: float
    spread: float


@dataclass(frozen=True)
class DrawnDigit:
    """An image of a data set, and its label."""

    split: Split
    index: int
    label: int
    picture: Picture = field(repr=False)


@dataclass(frozen=True)
class ShowReport:
    """An artifact described. ``counts`` has, for each part of a data set, the images of each digit."""

    path: Path
    kind: str
    sha256: str | None
    made: dict[str, Any]
    arrays: tuple[ArrayReport, ...] = ()
    counts: dict[str, tuple[int, ...]] = field(default_factory=dict)
    digits: tuple[DrawnDigit, ...] = ()
    layers: tuple[LayerReport, ...] = ()


def show(path: Path, *, split: Split = "train", indices: Sequence[int] = ()) -> ShowReport:
    """Describe any artifact; of a data set, draw the images of ``split`` at ``indices``, or the first few.

    Raises
    ------
    InputError
        The file is missing or is no artifact.
    UsageError
        An index beyond the images there are, or of something that holds no images.
    """
    if path.suffix in (".json", ".csv"):
        _refuse_indices(indices, path)
        meta = store.load_figures_meta(path)
        return ShowReport(path, meta["kind"], None, meta)
    artifact = store.load(path)
    arrays = tuple(ArrayReport(name, str(array.dtype), array.shape) for name, array in sorted(artifact.arrays.items()))
    if artifact.kind == "dataset":
        return ShowReport(
            path,
            artifact.kind,
            artifact.sha256,
            artifact.meta,
            arrays,
            counts=_counts(artifact),
            digits=_digits(artifact, split, indices),
        )
    _refuse_indices(indices, path)
    return ShowReport(path, artifact.kind, artifact.sha256, artifact.meta, arrays, layers=_layers(artifact))


def _refuse_indices(indices: Sequence[int], path: Path) -> None:
    if indices:
        raise UsageError(f"--index: {path} holds no images; give a data set")


def _counts(data: store.Artifact) -> dict[str, tuple[int, ...]]:
    classes = data.meta["dataset"]["classes"]
    return {
        part: tuple(np.bincount(data.arrays[f"{part}_labels"], minlength=classes).tolist())
        for part in ("train", "validation", "test")
    }


def _digits(data: store.Artifact, split: Split, indices: Sequence[int]) -> tuple[DrawnDigit, ...]:
    images, labels = data.arrays[f"{split}_images"], data.arrays[f"{split}_labels"]
    for index in indices:
        if not 0 <= index < len(images):
            raise UsageError(f"--index {index}: there are {len(images):,} {split} images, counted from 0")
    chosen = indices or range(min(SAMPLES, len(images)))
    return tuple(DrawnDigit(split, index, int(labels[index]), picture(images[index])) for index in chosen)


def _layers(artifact: store.Artifact) -> tuple[LayerReport, ...]:
    if "layers" not in artifact.about:
        return ()
    network = networks.from_artifact(artifact)
    return tuple(
        LayerReport(repr(layer), layer.parameters.size, float(layer.parameters.mean()), float(layer.parameters.std()))
        for layer in network.learners
    )
