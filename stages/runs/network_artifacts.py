"""Networks in artifacts: arrays and descriptions made of layers, and layers made of those again."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np

from nn.models.arrays.types import Array
from nn.models.layers.activations import SOFTMAX, STEP
from nn.models.layers.base import Layer, TrainableLayer
from nn.models.layers.initializers import INITIALIZERS, ParameterSource, random_initializer
from nn.models.layers.normalization import BatchNormalization
from nn.models.network.architecture import build
from nn.models.network.costs import COSTS
from nn.models.network.network import Network
from nn.stages.runs.constraints import WHY
from nn.stages.runs.parameters import Parameters
from nn.stages.store.artifacts import Artifact
from nn.stages.store.errors import InputError, UsageError
from nn.stages.store.npz import AnyArray

WITHOUT_SLOPE = (SOFTMAX, STEP)
HINT = "Make one with `nn train`"


def to_arrays(network: Network, prefix: str = "") -> dict[str, AnyArray]:
    """Copies of the weights, ``(out, in)``, and the biases, ``(out,)``, of each layer, numbered from 1."""
    return split(network, [layer.parameters for layer in network.trainable_layers], prefix)


def split(network: Network, matrices: Sequence[Array], prefix: str) -> dict[str, AnyArray]:
    """Copies of arrays like the parameters of each layer, as two each."""
    arrays: dict[str, AnyArray] = {}
    for number, (layer, matrix) in enumerate(zip(network.trainable_layers, matrices, strict=True), 1):
        learned = layer.unpadded(matrix)
        arrays[f"{prefix}weights_{number}"] = np.ascontiguousarray(learned[:, :-1])
        arrays[f"{prefix}biases_{number}"] = np.ascontiguousarray(learned[:, -1])
    return arrays


def join(artifact: Artifact, prefix: str, network: Network) -> list[Array]:
    """What ``split`` made, put together again, of the shapes that the network's parameters have."""
    matrices: list[Array] = []
    for number, layer in enumerate(network.trainable_layers, 1):
        w, b = (_array(artifact.arrays, f"{prefix}{part}_{number}") for part in ("weights", "biases"))
        if (w.shape, b.shape) != (layer.w.shape, layer.b.shape) or not w.dtype == b.dtype == layer.dtype:
            raise _unfit(artifact, f"{prefix}weights_{number} of shape {w.shape}, {w.dtype}, and {layer}")
        matrix = np.zeros_like(layer.parameters)
        learned = layer.unpadded(matrix)
        learned[:, :-1], learned[:, -1] = w, b
        matrices.append(matrix)
    return matrices


def new_network(parameters: Parameters, image: tuple[int, int], classes: int, rng: np.random.Generator) -> Network:
    """Make a network of random weights, as the parameters say, for images of this size.

    Raises UsageError where the layers are no network, or not one that can learn these digits by its cost.
    """
    line = parameters.layers or ", ".join(short_form(parameters, classes + (parameters.rejects > 0)))
    try:
        layers = build(line, image, random_initializer(INITIALIZERS[parameters.init], rng, parameters.dtype))
        network = Network(layers, COSTS[parameters.cost], parameters.rejects > 0)
    except ValueError as error:
        raise UsageError(str(error), "layers") from None
    for name, problem in _problems(network, classes, parameters.batch // (parameters.threads or 1)):
        raise UsageError(problem, name)
    return network


def short_form(parameters: Parameters, classes: int) -> list[str]:
    """The layers that ``hidden`` stands for; the last has the activation that the cost is made for."""
    last = COSTS[parameters.cost].activation or "sigmoid"
    return [*(f"dense {neurons} {parameters.activation}" for neurons in parameters.hidden), f"dense {classes} {last}"]


def _problems(network: Network, classes: int, samples: int) -> Iterator[tuple[str, str]]:
    """Yield why a network cannot learn these classes by its cost, ``samples`` at once: a parameter, and its problem."""
    last, cost = network.last, network.cost
    if network.classes != classes:
        wanted = f"{classes} digits{' and rejects takes one more output' * network.has_reject_class}"
        end = classes + network.has_reject_class
        yield "layers", f"ends in {last!r}, and the data has {wanted}: end in dense {end}"
    if cost.activation and last.activation.name != cost.activation:
        yield "cost", f"{cost} is for a last layer of {cost.activation}, this network ends in {last!r}"
    for layer in network.layers:
        activation = getattr(layer, "activation", None)
        if activation in WITHOUT_SLOPE and not (layer is last and cost.activation == activation.name):
            yield "layers", f"{layer!r} with cost {cost}: {WHY[activation.name]}"
        if isinstance(layer, BatchNormalization) and len(layer.output_shape) == 1 and samples < 2:
            yield "layers", "norm compares samples, and a thread has one at a time: take batch 10, or fewer threads"


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
    cost = COSTS.get(about["cost"])
    if not about["layers"] or cost is None:
        raise _unfit(artifact, f"layers {about['layers']} and cost {about['cost']!r}")
    if len(about["image"]) != 2 or min(about["image"]) < 1:
        raise _unfit(artifact, f"images of {about['image']} pixels")
    try:
        layers = build(", ".join(about["layers"]), tuple(about["image"]), _kept(artifact, prefix))
        _check_description(artifact, prefix, layers)
        return Network(layers, cost, bool(artifact.meta["parameters"].get("rejects")))
    except ValueError as error:
        raise InputError(f"{artifact.path}: for images of {about['image']}, {error}. {HINT}") from None


def _check_description(artifact: Artifact, prefix: str, layers: list[Layer]) -> None:
    """Raise ValueError where the layers are not described one by one, or there are weights that none of them uses."""
    if [repr(layer) for layer in layers] != artifact.about["layers"]:
        raise ValueError(f"layers {artifact.about['layers']} are not written as nn writes them")
    stored = len([name for name in artifact.arrays if name.startswith(f"{prefix}weights_")])
    trainable = sum(isinstance(layer, TrainableLayer) for layer in layers)
    if stored != trainable:
        raise ValueError(f"there are weights of {stored} layers for {trainable} trainable layers")


def _kept(artifact: Artifact, prefix: str) -> ParameterSource:
    """Give each layer its parameters from the artifact, in turn; ValueError where they are not of its shape."""
    numbers = count(1)

    def give(neurons: int, inputs: int, _start: tuple[Array, Array] | None = None) -> tuple[Array, Array]:
        number = next(numbers)
        w, b = (artifact.arrays.get(f"{prefix}{part}_{number}") for part in ("weights", "biases"))
        if w is None or b is None or w.shape != (neurons, inputs) or w.dtype != b.dtype:
            found = "none" if w is None else f"{w.shape}, {w.dtype}"
            raise ValueError(f"has weights of shape {(neurons, inputs)}, and these are {found}")
        return w, b

    return give


def check_fits(artifact: Artifact, network: Network, data: Artifact) -> None:
    """Raise InputError where a network was not made for images of this size and this many classes."""
    check_same_images(artifact, network.classes, data)


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


def _array(arrays: Mapping[str, AnyArray], name: str) -> Array:
    return arrays[name]


def _unfit(artifact: Artifact, what: str) -> InputError:
    return InputError(f"{artifact.path}: has {what}, which do not belong together. {HINT}")
