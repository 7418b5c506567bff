"""A graph of ONNX in the making: nodes are added one after another, and each output has a name of its own.

The library onnx is an extra, `pip install 'nn-digits[onnx]'`.
"""

from typing import Any

import numpy as np

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
