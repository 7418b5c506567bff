"""A network with random weights, from the parameters of a run; and the memory and the file sizes that the run needs.

Otherwise a network that is too large for its checkpoint would be found out after the first epoch.
"""

import re
from collections.abc import Iterator
from functools import partial

import numpy as np

from nndigits.models.layers.activations import SOFTMAX, STEP
from nndigits.models.layers.base import Layer
from nndigits.models.layers.initializers import INITIALIZERS, ParameterSource, random_initializer, stand_ins
from nndigits.models.layers.normalization import BatchNormalization
from nndigits.models.network.architecture import build
from nndigits.models.network.costs import COSTS
from nndigits.models.network.needs import Needs, check_network, needs
from nndigits.models.network.network import Network
from nndigits.models.training.data_parallel import MIN_SAMPLES
from nndigits.models.training.optimizers import OPTIMIZERS
from nndigits.stages.runs.constraints import WHY
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import UsageError, WorldError
from nndigits.stages.system.machine import memory, processors

CLASSES = "classes"
"""The number of neurons of a layer that has one for each class of the data, whatever their number."""

WITHOUT_SLOPE = (SOFTMAX, STEP)


def new_network(parameters: Parameters, image: tuple[int, int], classes: int, rng: np.random.Generator) -> Network:
    """Return a network with random weights for images of this height and width.

    Raises UsageError if the layers do not fit together, or cannot learn these classes by the cost.
    """
    layers = _build(
        parameters, image, classes, random_initializer(INITIALIZERS[parameters.init], rng, parameters.dtype)
    )
    try:
        network = Network(layers, COSTS[parameters.cost], parameters.rejects > 0)
    except ValueError as error:
        raise UsageError(str(error), "layers") from None
    for name, problem in _problems(network, classes, parameters.batch // (parameters.threads or 1)):
        raise UsageError(problem, name)
    return network


def check_needs(parameters: Parameters, data: Artifact) -> Needs:
    """Check that a network can be trained on the images of a data set, before it is made; return what it needs.

    Raises UsageError if the layers do not fit together, or are too large for nn or for a checkpoint. Raises WorldError
    if the memory of this machine is too small.
    """
    images = data.arrays["train_images"]
    source = partial(stand_ins, parameters.dtype)
    layers = _build(parameters, images.shape[1:], data.meta["dataset"]["classes"], source)
    try:
        check_network(layers, parameters.dtype)
    except ValueError as error:
        raise UsageError(str(error), parameter(parameters)) from None
    found = needs(layers, parameters.dtype)
    _check_memory(parameters, found, len(images))
    return found


def _build(parameters: Parameters, image: tuple[int, int], classes: int, source: ParameterSource) -> list[Layer]:
    """Build the layers that the parameters define."""
    line = layers_for(parameters, classes) or ", ".join(_layers(parameters, classes + (parameters.rejects > 0)))
    try:
        return build(line, image, source)
    except ValueError as error:
        raise UsageError(f"for images of {image[0]} x {image[1]}, {error}", parameter(parameters)) from None


def layers_for(parameters: Parameters, classes: int) -> str:
    """Return the layers as text, where ``dense classes`` has as many neurons as the data has classes and rejects."""
    outputs = classes + (parameters.rejects > 0)
    return re.sub(rf"\bdense {CLASSES}\b", f"dense {outputs}", parameters.layers)


def _layers(parameters: Parameters, classes: int) -> list[str]:
    """Return the layers that ``hidden`` stands for; the last has the activation that the cost is made for."""
    last = COSTS[parameters.cost].activation or "sigmoid"
    return [*(f"dense {neurons} {parameters.activation}" for neurons in parameters.hidden), f"dense {classes} {last}"]


def _problems(network: Network, classes: int, samples: int) -> Iterator[tuple[str, str]]:
    """Yield each parameter that keeps a network from learning these classes from ``samples`` at once, and why."""
    last, cost = network.last, network.cost
    if network.classes != classes:
        wanted = f"{classes} classes{' and rejects takes one more output' * network.has_reject_class}"
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


CHECKPOINT_EXTRAS = 2**20
"""Bytes of a checkpoint for its metadata, its headers, and the results of 60,000 epochs."""

SMALLER = "take fewer neurons or filters, or smaller images"


def _check_memory(parameters: Parameters, needs: Needs, images: int) -> None:
    """Raise UsageError if the checkpoint cannot be written, or WorldError if the machine has too little memory.

    ``needs`` are those of the network that the parameters describe, ``images`` the number of training images.
    """
    states = _states(parameters)
    checkpoint = (2 + states) * needs.parameters + CHECKPOINT_EXTRAS  # the weights, the best ones, and the states
    if checkpoint > files.LARGEST:
        raise UsageError(
            f"the checkpoint would have {checkpoint // 10**6:,} MB, at most {files.LARGEST // 10**6:,} MB can be "
            f"written: {SMALLER}",
            parameter(parameters),
        )
    needed = in_training(parameters, needs, images)
    if needed > memory():
        raise WorldError(
            f"training would take {needed // 10**6:,} MB of memory, this machine has {memory() / 1e6:,.0f} MB: "
            f"{SMALLER}, or a smaller batch"
        )


def parameter(parameters: Parameters) -> str:
    """Return the name of the parameter that sets the layers."""
    return "layers" if parameters.layers else "hidden"


def _states(parameters: Parameters) -> int:
    """Return the number of arrays, each as large as all weights, that are saved besides the weights."""
    return len(OPTIMIZERS[parameters.optimizer].state) + (parameters.average > 0)


def in_training(parameters: Parameters, needs: Needs, images: int) -> int:
    """Return the most bytes that training on a number of images holds, without these.

    These are the weights, the best ones, the states, and copies of all of them while a checkpoint is written; for each
    thread a gradient and the workspace; and the buffers of a mini-batch.
    """
    states, samples = _states(parameters), min(parameters.batch, images)
    threads = parameters.threads or max(1, min(processors(), samples // MIN_SAMPLES))
    arrays = 2 * (2 + states) + OPTIMIZERS[parameters.optimizer].scratch + threads
    return arrays * needs.parameters + threads * needs.workspace + samples * needs.sample
