"""Networks in artifacts: arrays and descriptions made of layers, and layers made of those again."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nn.models.activations import ACTIVATIONS
from nn.models.arrays import Array
from nn.models.costs import COSTS
from nn.models.dense import Dense
from nn.models.initial import INITS
from nn.models.network import Network, random_network
from nn.stages.errors import InputError
from nn.stages.npz import AnyArray
from nn.stages.parameters import Parameters
from nn.stages.store import Artifact


def to_arrays(network: Network, prefix: str = "") -> dict[str, AnyArray]:
    """Copies of the weights, ``(out, in)``, and the biases, ``(out,)``, of each layer, numbered from 1."""
    return split([layer.parameters for layer in network.learners], prefix)


def split(matrices: Sequence[Array], prefix: str) -> dict[str, AnyArray]:
    """Copies of arrays that have a row for each neuron, its bias last, ``(out, in + 1)``, one a layer, as two each."""
    arrays: dict[str, AnyArray] = {}
    for number, matrix in enumerate(matrices, 1):
        arrays[f"{prefix}weights_{number}"] = np.ascontiguousarray(matrix[:, :-1])
        arrays[f"{prefix}biases_{number}"] = np.ascontiguousarray(matrix[:, -1])
    return arrays


def joined(artifact: Artifact, prefix: str, network: Network) -> list[Array]:
    """What ``split`` made, put together again, of the shapes that the network's parameters have."""
    matrices: list[Array] = []
    for number, layer in enumerate(network.learners, 1):
        w, b = (_array(artifact.arrays, f"{prefix}{part}_{number}") for part in ("weights", "biases"))
        matrix = np.column_stack([w, b])
        if matrix.shape != layer.parameters.shape or matrix.dtype != layer.dtype:
            raise _unfit(artifact, f"{prefix}weights_{number} of shape {w.shape}, {w.dtype}, and {layer}")
        matrices.append(matrix)
    return matrices


def fresh(parameters: Parameters, image: tuple[int, int], classes: int, rng: np.random.Generator) -> Network:
    """Make a network of random weights, as the parameters say, for images of this size."""
    cost = COSTS[parameters.cost]
    return random_network(
        [image[0] * image[1], *parameters.hidden, classes],
        rng,
        parameters.dtype,
        cost,
        hidden=ACTIVATIONS[parameters.activation],
        last=ACTIVATIONS[cost.partner or "sigmoid"],
        initial=INITS[parameters.init],
    )


def to_about(network: Network, image: tuple[int, int]) -> dict[str, Any]:
    """What an artifact says of the network in it."""
    return {
        "layers": [repr(layer) for layer in network.layers],
        "cost": network.cost.name,
        "image": list(image),
    }


def from_artifact(artifact: Artifact, prefix: str = "") -> Network:
    """Make the network that an artifact holds; raises InputError where its description does not fit its arrays."""
    about = artifact.about
    layers = [_dense(artifact, description, number, prefix) for number, description in enumerate(about["layers"], 1)]
    cost = COSTS.get(about["cost"])
    if not layers or cost is None:
        raise _unfit(artifact, f"layers {about['layers']} and cost {about['cost']!r}")
    if len(about["image"]) != 2 or about["image"][0] * about["image"][1] != layers[0].inputs:
        raise _unfit(artifact, f"{layers[0].inputs} inputs and images of {about['image']} pixels")
    return Network(layers, cost)


def check_fits(artifact: Artifact, network: Network, data: Artifact) -> None:
    """Raise InputError where a network was not made for images of this size and this many classes."""
    check_same_images(artifact, network.last.outputs, data)


def check_same_images(artifact: Artifact, outputs: int, data: Artifact) -> None:
    """Raise InputError where what was learned takes other images, or other digits, than the data has."""
    height, width = data.arrays["train_images"].shape[1:]
    classes = data.meta["dataset"]["classes"]
    seen = artifact.about["image"]
    if [height, width] != seen or outputs != classes:
        raise InputError(
            f"{artifact.path}: takes images of {seen[0]} x {seen[1]} and tells {outputs} digits apart, "
            f"{data.path} has images of {height} x {width} and {classes} digits. Train with that data, "
            "or evaluate with the data it was trained on"
        )


def _dense(artifact: Artifact, description: str, number: int, prefix: str) -> Dense:
    w, b = (_array(artifact.arrays, f"{prefix}{part}_{number}") for part in ("weights", "biases"))
    match description.split():
        case ["dense", outputs, name] if outputs == str(len(w)) and name in ACTIVATIONS and w.dtype == b.dtype:
            return Dense(w, b, ACTIVATIONS[name])
    raise _unfit(artifact, f"a layer called {description!r} with weights of shape {w.shape}, {w.dtype}")


def _array(arrays: Mapping[str, AnyArray], name: str) -> Array:
    return arrays[name]


def _unfit(artifact: Artifact, what: str) -> InputError:
    return InputError(f"{artifact.path}: has {what}, which do not belong together. Make one with `nn train`")
