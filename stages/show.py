"""The stage `show`: describe an artifact and what it was made from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nn.stages.figures.figure import Figure
from nn.stages.figures.samples import DrawnDigit, draw_digits, draw_figure
from nn.stages.runs import distortion as distortions
from nn.stages.runs import network_artifacts
from nn.stages.store import artifacts
from nn.stages.store.errors import UsageError
from nn.stages.store.kinds import Split


@dataclass(frozen=True)
class ArrayReport:
    """One array of an artifact."""

    name: str
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class LayerReport:
    """A layer of a network: its name, and the number, mean and standard deviation of its parameters."""

    layer: str
    numbers: int
    mean: float
    spread: float


@dataclass(frozen=True)
class ShowReport:
    """The description of an artifact.

    Attributes
    ----------
    made
        The metadata: parameters, seed, hashes of the inputs, data set and versions.
    counts
        For each split of a data set, the number of images of each digit.
    distortion, seed
        How the drawn digits were distorted.
    figure
        The digits as one picture.
    """

    path: Path
    kind: str
    sha256: str | None
    made: dict[str, Any]
    arrays: tuple[ArrayReport, ...] = ()
    counts: dict[str, tuple[int, ...]] = field(default_factory=dict)
    digits: tuple[DrawnDigit, ...] = ()
    layers: tuple[LayerReport, ...] = ()
    distortion: str | None = None
    seed: int | None = None
    figure: Figure | None = field(default=None, repr=False)


def show(
    path: Path, *, split: Split = "train", indices: Sequence[int] = (), distort: str | None = None, seed: int = 0
) -> ShowReport:
    """Describe an artifact. For a data set, draw the images of ``split`` at ``indices``, or the first few.

    ``distort`` is a distortion such as ``rotate 10, translate 1.5``, or ``usual``. Each drawn image then has several
    distorted versions, which ``seed`` determines.

    Raises
    ------
    InputError
        The file is missing or is not an artifact.
    UsageError
        An index is out of range, the artifact has no images to draw, or ``distort`` is not a distortion.
    """
    asked = "indices" if indices else "distort" if distort is not None else None
    if path.suffix in (".json", ".csv"):
        _refuse_images(asked, path)
        meta = artifacts.load_metadata(path)
        return ShowReport(path, meta["kind"], None, meta)
    artifact = artifacts.load(path)
    arrays = tuple(ArrayReport(name, str(array.dtype), array.shape) for name, array in sorted(artifact.arrays.items()))
    if artifact.kind == "dataset":
        distortion = None if distort is None else distortions.parse(distort, artifact.arrays["train_images"].shape[1:])
        digits = draw_digits(artifact, split, indices, distortion, seed)
        return ShowReport(
            path,
            artifact.kind,
            artifact.sha256,
            artifact.meta,
            arrays,
            counts=_counts(artifact),
            digits=digits,
            distortion=None if distortion is None else str(distortion),
            seed=None if distortion is None else seed,
            figure=draw_figure(digits) if digits else None,
        )
    _refuse_images(asked, path)
    return ShowReport(path, artifact.kind, artifact.sha256, artifact.meta, arrays, layers=_layers(artifact))


def _refuse_images(asked: str | None, path: Path) -> None:
    if asked:
        raise UsageError(f"{path} holds no images; give a data set", asked)


def _counts(data: artifacts.Artifact) -> dict[str, tuple[int, ...]]:
    classes = data.meta["dataset"]["classes"]
    return {
        split: tuple(np.bincount(data.arrays[f"{split}_labels"], minlength=classes).tolist())
        for split in ("train", "validation", "test")
    }


def _layers(artifact: artifacts.Artifact) -> tuple[LayerReport, ...]:
    if "layers" not in artifact.about:
        return ()
    network = network_artifacts.from_artifact(artifact)
    layers = [(repr(layer), layer.unpadded(layer.parameters)) for layer in network.trainable_layers]
    return tuple(LayerReport(name, own.size, float(own.mean()), float(own.std())) for name, own in layers)
