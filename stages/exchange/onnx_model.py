"""A network, or several that vote, as one ONNX model: bytes in, calibrated probabilities out.

Inputs and outputs:

- ``images``, ``(n, height, width)``: bytes, 0 for background and 255 for foreground, as in MNIST;
- ``probabilities``, ``(n, classes)``: as `nn predict` gives them for these images;
- ``label``, ``(n,)``: the index of the most probable class;
- ``no_class``, ``(n,)``: the probability that the image shows none, if a network has a reject class.

The network computes in single precision, and the probabilities are calibrated in double precision, as in nn.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nndigits.models.network.calibration import MIN_DISTANCE, MIN_PROBABILITY
from nndigits.models.network.network import Network
from nndigits.stages.exchange.onnx_layers import Graph, add_layer

MAX_BYTE = 255


def encode(
    networks: Sequence[Network], temperatures: Sequence[float], image: tuple[int, int], texts: dict[str, str]
) -> bytes:
    """Return the model of networks for images of the same size and classes.

    Raises ValueError if ONNX cannot express a layer, and WorldError if the library onnx is not installed.
    """
    graph, height, width, classes = Graph(), *image, networks[0].classes
    scaled = graph.node(
        "Mul", graph.node("Cast", "images", to=graph.FLOAT), graph.constant(np.array(1 / MAX_BYTE, np.float32))
    )
    members, rejects = [], []
    for network, temperature in zip(networks, temperatures, strict=True):
        outputs = _add_network(graph, network, scaled, image)
        members.append(_add_probabilities(graph, network, outputs, temperature))
        if network.has_reject_class:
            rejects.append(_last_column(graph, _normalized(graph, _double(graph, outputs), classes + 1), classes))
    mean = graph.node("Cast", _mean(graph, members), to=graph.FLOAT)
    graph.output("probabilities", mean)
    graph.output("label", graph.node("ArgMax", mean, axis=1, keepdims=0))
    described: dict[str, tuple[str, list[Any]]] = {
        "probabilities": ("FLOAT", ["n", classes]),
        "label": ("INT64", ["n"]),
    }
    if rejects:
        graph.output("no_class", graph.node("Cast", _mean(graph, rejects), to=graph.FLOAT))
        described["no_class"] = ("FLOAT", ["n"])
    return graph.encode({"images": ("UINT8", ["n", height, width])}, described, texts)


def _add_network(graph: Graph, network: Network, scaled: str, image: tuple[int, int]) -> str:
    """Add the layers of a network; return its outputs, ``(n, out)``."""
    first = network.layers[0]
    takes_maps = len(getattr(first, "input_shape", first.output_shape)) > 1
    shape = [-1, 1, *image] if takes_maps else [-1, network.inputs]
    name = graph.node("Reshape", scaled, graph.constant(np.array(shape, np.int64)))
    for layer in network.layers:
        name = add_layer(graph, layer, name)
    return name


def _add_probabilities(graph: Graph, network: Network, outputs: str, temperature: float) -> str:
    """Add what ``calibration.py`` does: probabilities of the classes from outputs, scaled by the temperature."""
    name = _double(graph, outputs)
    if network.has_reject_class:
        ends = (graph.constant(np.array([end], np.int64)) for end in (0, network.classes, 1))
        name = graph.node("Slice", name, *ends)
    if network.last.activation.name == "sigmoid":  # the odds a / (1 - a)
        a = graph.node("Min", name, graph.constant(np.array(1 - MIN_DISTANCE)))
        name = graph.node("Div", a, graph.node("Sub", graph.constant(np.array(1.0)), a))
    probabilities = _normalized(graph, name, network.classes)
    logs = graph.node("Log", graph.node("Max", probabilities, graph.constant(np.array(MIN_PROBABILITY))))
    return graph.node("Softmax", graph.node("Div", logs, graph.constant(np.array(temperature))), axis=1)


def _normalized(graph: Graph, name: str, columns: int) -> str:
    """Add what ``ensemble.normalized`` does: rows divided by their sum; a row without positive numbers is uniform."""
    zero = graph.constant(np.array(0.0))
    positive = graph.node("Max", name, zero)
    total = graph.node("ReduceSum", positive, graph.constant(np.array([1], np.int64)), keepdims=1)
    has_any = graph.node("Greater", total, zero)
    share = graph.node("Div", positive, graph.node("Where", has_any, total, graph.constant(np.array(1.0))))
    return graph.node("Where", has_any, share, graph.constant(np.array(1 / columns)))


def _mean(graph: Graph, names: Sequence[str]) -> str:
    total = names[0]
    for name in names[1:]:
        total = graph.node("Add", total, name)
    return graph.node("Div", total, graph.constant(np.array(float(len(names)))))


def _last_column(graph: Graph, name: str, index: int) -> str:
    return graph.node("Gather", name, graph.constant(np.array(index, np.int64)), axis=1)


def _double(graph: Graph, name: str) -> Any:
    return graph.node("Cast", name, to=graph.DOUBLE)
