"""Networks in artifacts: layers as arrays with a description, and layers built from these again."""

from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from nndigits.models.arrays.limits import MOST_CLASSES
from nndigits.models.arrays.types import Array
from nndigits.models.layers.base import Layer, TrainableLayer
from nndigits.models.layers.initializers import ParameterSource, stand_ins
from nndigits.models.network.architecture import build
from nndigits.models.network.costs import COSTS
from nndigits.models.network.needs import check_network
from nndigits.models.network.network import Network
from nndigits.stages.datasets.known_sets import DifferentClasses, class_names, title_of
from nndigits.stages.store.artifacts import Artifact, Meta
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.npz import AnyArray
from nndigits.stages.words.classes import in_words

HINT = "Make one with `nn train`"


def to_arrays(network: Network, prefix: str = "") -> dict[str, AnyArray]:
    """Return copies of the weights, ``(out, in)``, and biases, ``(out,)``, of each trainable layer, numbered from 1."""
    return split_parameters([layer.parameters for layer in network.trainable_layers], prefix)


def set_parameters(network: Network, arrays: Mapping[str, AnyArray]) -> None:
    """Set the weights and biases of a network to those that ``to_arrays`` copied from it."""
    for number, layer in enumerate(network.trainable_layers, 1):
        layer.w[...], layer.b[...] = arrays[f"weights_{number}"], arrays[f"biases_{number}"]


def split_parameters(matrices: Sequence[Array], prefix: str) -> dict[str, AnyArray]:
    """Return copies of one matrix per trainable layer, like its parameters, each as weights and biases."""
    arrays: dict[str, AnyArray] = {}
    for number, matrix in enumerate(matrices, 1):
        arrays[f"{prefix}weights_{number}"] = np.ascontiguousarray(matrix[:, :-1])
        arrays[f"{prefix}biases_{number}"] = np.ascontiguousarray(matrix[:, -1])
    return arrays


def join_parameters(artifact: Artifact, prefix: str, network: Network) -> list[Array]:
    """Return the matrices that ``split_parameters`` split, in the shapes of the network's parameters."""
    matrices: list[Array] = []
    for number, layer in enumerate(network.trainable_layers, 1):
        w, b = (_array(artifact.arrays, f"{prefix}{part}_{number}") for part in ("weights", "biases"))
        if (w.shape, b.shape) != (layer.w.shape, layer.b.shape) or not w.dtype == b.dtype == layer.dtype:
            raise _unfit(artifact, f"{prefix}weights_{number} of shape {w.shape}, {w.dtype}, and {layer}")
        matrices.append(np.column_stack([w, b]))
    return matrices


def to_about(network: Network, image: tuple[int, int]) -> dict[str, Any]:
    """Return the description of a network that an artifact stores."""
    return {
        "layers": [repr(layer) for layer in network.layers],
        "cost": network.cost.name,
        "image": list(image),
    }


def from_artifact(artifact: Artifact, prefix: str = "") -> Network:
    """Build the network that an artifact holds; raise InputError if its description does not fit its arrays."""
    about = artifact.about
    cost = COSTS.get(about["cost"])
    if cost is None:
        raise _unfit(artifact, f"layers {about['layers']} and cost {about['cost']!r}")
    line, image = ", ".join(about["layers"]), tuple(about["image"])
    try:
        measured = build(line, image, _shapes(artifact, prefix))
        _check_description(artifact, prefix, measured)
        check_network(measured, artifact.arrays[f"{prefix}weights_1"].dtype)
        network = Network(
            build(line, image, _stored(artifact, prefix)), cost, bool(artifact.meta["parameters"].get("rejects"))
        )
        if network.classes > MOST_CLASSES:
            raise ValueError(f"there are {network.classes:,} classes, expected at most {MOST_CLASSES}")
        described = artifact.meta["dataset"]["classes"]
        if network.classes != described:
            raise ValueError(f"there are outputs for {network.classes:,} classes, of a data set of {described}")
        return network
    except ValueError as error:
        raise InputError(f"{artifact.path}: for images of {about['image']}, {error}. {HINT}") from None


def _check_description(artifact: Artifact, prefix: str, layers: list[Layer]) -> None:
    """Raise ValueError if the description is not as nn writes it, or if there are weights that no layer uses."""
    if [repr(layer) for layer in layers] != artifact.about["layers"]:
        raise ValueError(f"layers {artifact.about['layers']} are not written as nn writes them")
    stored = len([name for name in artifact.arrays if name.startswith(f"{prefix}weights_")])
    trainable = sum(isinstance(layer, TrainableLayer) for layer in layers)
    if stored != trainable:
        raise ValueError(f"there are weights of {stored} layers for {trainable} trainable layers")


def _shapes(artifact: Artifact, prefix: str) -> ParameterSource:
    """Return a source that checks the shapes as ``_stored`` does, and gives parameters that take no memory."""
    stored = _stored(artifact, prefix)

    def give(neurons: int, inputs: int, _start: tuple[Array, Array] | None = None) -> tuple[Array, Array]:
        return stand_ins(stored(neurons, inputs)[0].dtype, neurons, inputs)

    return give


def _stored(artifact: Artifact, prefix: str) -> ParameterSource:
    """Return a source of each layer's parameters in turn; it raises ValueError if a shape differs."""
    numbers = count(1)

    def give(neurons: int, inputs: int, _start: tuple[Array, Array] | None = None) -> tuple[Array, Array]:
        number = next(numbers)
        w, b = (artifact.arrays.get(f"{prefix}{part}_{number}") for part in ("weights", "biases"))
        if w is None or b is None or w.shape != (neurons, inputs):
            found = "none" if w is None else f"{w.shape}"
            raise ValueError(f"has weights of shape {(neurons, inputs)}, and these are {found}")
        if not w.dtype == b.dtype == artifact.arrays[f"{prefix}weights_1"].dtype:
            raise ValueError(f"has weights of {w.dtype} and biases of {b.dtype}, expected one type in all layers")
        return w, b

    return give


def check_same_images(artifact: Artifact, outputs: int, data: Artifact) -> None:
    """Raise InputError if an artifact was trained on images of another size, or other classes, than the data has."""
    height, width = data.arrays["train_images"].shape[1:]
    datasets, seen = (artifact.meta["dataset"], data.meta["dataset"]), artifact.about["image"]
    try:
        if [height, width] != seen or outputs != len(class_names(*datasets)):
            raise DifferentClasses
    except DifferentClasses:
        learned, names = (in_words(class_names(dataset)) for dataset in datasets)
        raise InputError(
            f"{artifact.path}: takes images of {seen[0]} x {seen[1]} and tells {learned} apart, "
            f"{data.path} has images of {height} x {width} and {names}. Train with that data, "
            "or evaluate with the data it was trained on"
        ) from None
    check_split(artifact, data)


def check_split(artifact: Artifact, data: Artifact) -> None:
    """Raise InputError if a classifier was trained on the images of the data under another split."""
    reason = other_split(artifact.path, artifact.meta, data)
    if reason:
        raise InputError(reason)


def check_unlearned(artifact: Artifact, data: Artifact, split: str) -> None:
    """Raise InputError if a support vector machine also learned from the validation images that are to measure it."""
    joined = artifact.meta["parameters"].get("join_validation")
    if joined and split == "validation" and _has_own_images(artifact.meta, data):
        raise InputError(f"{artifact.path}: learned from the validation images, too. Measure it on the test images")


def other_split(path: Path, meta: Meta, data: Artifact) -> str:
    """Return the reason against measuring a classifier that was trained on these images under another split, or "".

    It may have learned from the images that are to measure it.
    """
    if has_own_data(meta, data) or not _has_own_images(meta, data):
        return ""
    return (
        f"{path}: was trained on the images of {data.path} under another split, and may have learned from those that "
        "are to measure it. Fetch with the split that it was trained with, or train again"
    )


def other_data(trained: Sequence[Artifact], data: Artifact) -> tuple[str, ...]:
    """Return a sentence for each classifier that was trained on another data set."""
    return tuple(
        f"{one.path} was trained on {_other_data(title_of(one.meta['dataset']), title_of(data.meta['dataset']))}."
        for one in trained
        if not has_own_data(one.meta, data) and not _has_own_images(one.meta, data)
    )


def _other_data(ours: str, theirs: str) -> str:
    return f"other images of {theirs}" if ours == theirs else f"{ours}, not on {theirs}"


def has_own_data(meta: Meta, data: Artifact) -> bool:
    """Return whether a classifier was trained on this data: the same file, or the same images under the same split."""
    if meta["inputs"].get("data") in (None, data.sha256):  # none: it was imported
        return True
    total = meta["about"].get("validation_total")
    return _has_own_images(meta, data) and total == len(data.arrays["validation_images"])


def validation_accuracy(weights: Meta) -> float:
    """Return the accuracy of trained weights on their validation images; 0 without any."""
    correct, total = weights["about"]["validation_correct"], weights["about"]["validation_total"]
    return correct / total if total else 0.0


def _has_own_images(meta: Meta, data: Artifact) -> bool:
    source = meta["dataset"]["source"]
    return bool(source) and source == data.meta["dataset"]["source"]


def role_of(number: int) -> str:
    """Return what an artifact calls a classifier among its inputs: weights, weights_2, ..."""
    return "weights" if number == 1 else f"weights_{number}"


def same_images(artifacts: Sequence[Artifact]) -> tuple[tuple[int, int], tuple[str, ...]]:
    """Return the height and width of the images of classifiers, and the names of their classes.

    Raises ValueError if they learned from images of different sizes, or with different classes.
    """
    datasets = [artifact.meta["dataset"] for artifact in artifacts]
    sizes = sorted({(*one.about["image"], class_names(one.meta["dataset"])) for one in artifacts})
    try:
        names = class_names(*datasets)
        ((height, width),) = {(height, width) for height, width, _ in sizes}
    except ValueError:
        found = " and ".join(f"{height} x {width} with {in_words(names)}" for height, width, names in sizes)
        raise ValueError(f"learned from different images, {found}") from None
    return (height, width), names


def _array(arrays: Mapping[str, AnyArray], name: str) -> Array:
    return arrays[name]


def _unfit(artifact: Artifact, what: str) -> InputError:
    return InputError(f"{artifact.path}: has {what}, which do not belong together. {HINT}")
