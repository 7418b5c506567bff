"""A graph of ONNX, and each kind of layer as nodes of it, which compute what its ``forward`` computes.

Feature maps of ONNX are ``(n, channels, height, width)``, those of nn ``(height, channels, width, n)``. Weights are
rearranged here, and the maps before the first dense layer there.
"""

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from nndigits.models.layers.activation_layer import ActivationLayer
from nndigits.models.layers.activations import LEAK, Activation
from nndigits.models.layers.base import Layer
from nndigits.models.layers.convolution import Convolution
from nndigits.models.layers.dense import Dense
from nndigits.models.layers.dropout import Dropout
from nndigits.models.layers.flatten import Flatten
from nndigits.models.layers.normalization import EPSILON, BatchNormalization
from nndigits.models.layers.pooling import MaxPooling
from nndigits.stages.store.errors import WorldError
from nndigits.stages.store.npz import AnyArray

OPSET = 17
"""The version of the operators: old enough for runtimes since 2022."""

IR_VERSION = 8


class Graph:
    """Nodes, constants, inputs and outputs.

    Raises
    ------
    WorldError
        The library onnx is not installed.
    """

    def __init__(self) -> None:
        try:
            import onnx
        except ImportError:
            raise WorldError("onnx is not installed, which writes this format: pip install 'nn-digits[onnx]'") from None
        self._onnx = onnx
        self.FLOAT, self.DOUBLE = onnx.TensorProto.FLOAT, onnx.TensorProto.DOUBLE
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def constant(self, array: AnyArray) -> str:
        """Add a constant; return its name. Networks compute in single precision, so double weights are rounded."""
        name = f"constant_{len(self._constants)}"
        wanted = np.float32 if array.dtype == np.float64 and array.ndim else array.dtype
        self._constants.append(self._onnx.numpy_helper.from_array(np.asarray(array, wanted, order="C"), name))
        return name

    def node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add a node; return the name of its output."""
        name = f"{kind.lower()}_{len(self._nodes)}"
        self._nodes.append(self._onnx.helper.make_node(kind, list(inputs), [name], name, **attributes))
        return name

    def output(self, name: str, source: str) -> None:
        """Give the value ``source`` the name of an output."""
        self._nodes.append(self._onnx.helper.make_node("Identity", [source], [name], name))

    def encode(
        self, inputs: dict[str, tuple[str, list[Any]]], outputs: dict[str, tuple[str, list[Any]]], texts: dict[str, str]
    ) -> bytes:
        """Return the file, checked by ONNX's own checker.

        Parameters
        ----------
        inputs, outputs
            The type, such as ``FLOAT``, and the shape of each, by name. A text in a shape is an axis of any length.
        texts
            The metadata, by name.
        """
        onnx = self._onnx
        described = [
            [onnx.helper.make_tensor_value_info(name, getattr(onnx.TensorProto, kind), shape)
             for name, (kind, shape) in values.items()]
            for values in (inputs, outputs)
        ]  # fmt: skip
        graph = onnx.helper.make_graph(self._nodes, "network", *described, initializer=self._constants)
        opset = onnx.helper.make_opsetid("", OPSET)
        model = onnx.helper.make_model(graph, producer_name="nn", opset_imports=[opset], ir_version=IR_VERSION)
        onnx.helper.set_model_props(model, texts)
        onnx.checker.check_model(model, full_check=True)
        blob: bytes = model.SerializeToString(deterministic=True)
        return blob


def add_layer(graph: Graph, layer: Layer, name: str) -> str:
    """Add the nodes of a layer that takes the value ``name``; return the name of its output.

    Raises ValueError if ONNX cannot express the layer.
    """
    kind = KINDS.get(type(layer))
    if kind is None:
        raise ValueError(f"the layer {layer!r} has no counterpart in ONNX")
    return kind(graph, layer, name)


def _convolution(graph: Graph, layer: Convolution, name: str) -> str:
    channels = layer.input_shape[2]
    w = layer.w.reshape(layer.filters, layer.k, layer.k, channels).transpose(0, 3, 1, 2)
    return graph.node("Conv", name, graph.constant(w), graph.constant(layer.b), kernel_shape=[layer.k, layer.k])


def _dense(graph: Graph, layer: Dense, name: str) -> str:
    return add_activation(graph, layer.activation, weighted_inputs(graph, layer, name))


def _max_pooling(graph: Graph, layer: MaxPooling, name: str) -> str:
    return graph.node("MaxPool", name, kernel_shape=[layer.size] * 2, strides=[layer.size] * 2)


def _normalization(graph: Graph, layer: BatchNormalization, name: str) -> str:
    gamma, mean, variance = (np.ascontiguousarray(column) for column in layer.w.T)
    constants = (gamma, layer.b, mean, np.maximum(variance, 0))
    return graph.node("BatchNormalization", name, *map(graph.constant, constants), epsilon=EPSILON)


def _flatten(graph: Graph, layer: Flatten, name: str) -> str:
    by_row = graph.node("Transpose", name, perm=[0, 2, 1, 3])  # nn orders by row, then by channel, then by column
    return graph.node("Reshape", by_row, graph.constant(np.array([-1, prod(layer.input_shape)], np.int64)))


def _activation(graph: Graph, layer: ActivationLayer, name: str) -> str:
    return add_activation(graph, layer.activation, name)


def _dropout(graph: Graph, layer: Dropout, name: str) -> str:
    return name  # in prediction it changes nothing


def weighted_inputs(graph: Graph, layer: Dense, name: str) -> str:
    """Add z = w a + b of a dense layer; return the name of its output."""
    return graph.node("Gemm", name, graph.constant(layer.w), graph.constant(layer.b), transB=1)


def add_activation(graph: Graph, activation: Activation, name: str) -> str:
    """Add an activation; return the name of its output. Raises ValueError if ONNX cannot express it."""
    if activation.name == "step":
        above = graph.node("Greater", name, graph.constant(np.zeros((), np.float32)))
        return graph.node("Cast", above, to=graph.FLOAT)
    if activation.name not in ACTIVATIONS:
        raise ValueError(f"the activation {activation.name} has no counterpart in ONNX")
    kind, attributes = ACTIVATIONS[activation.name]
    return graph.node(kind, name, **attributes)


ACTIVATIONS: dict[str, tuple[str, dict[str, float | int]]] = {
    "sigmoid": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "relu": ("Relu", {}),
    "leaky-relu": ("LeakyRelu", {"alpha": LEAK}),
    "softplus": ("Softplus", {}),
    "softmax": ("Softmax", {"axis": 1}),
}

KINDS: dict[type[Layer], Callable[..., str]] = {
    Convolution: _convolution,
    Dense: _dense,
    MaxPooling: _max_pooling,
    BatchNormalization: _normalization,
    Flatten: _flatten,
    ActivationLayer: _activation,
    Dropout: _dropout,
}
