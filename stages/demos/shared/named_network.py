"""Networks of perceptrons with named inputs and neurons. A neuron is connected to part of the layer before it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.layers.activations import STEP
from nndigits.models.layers.dense import Dense
from nndigits.models.network.network import Network
from nndigits.stages.demos.shared.texts import Say, Table, weighted_sum
from nndigits.stages.demos.shared.wiring import in_columns, wiring_panel
from nndigits.stages.figures.figure import Panel


class Named(NamedTuple):
    """A perceptron: its name, the weight of each of its inputs by name, and its threshold."""

    name: str
    weights: Mapping[str, float]
    threshold: float


class NamedNetwork:
    """Layers of perceptrons with named inputs and neurons; ``say`` says their names."""

    def __init__(self, say: Say, inputs: Sequence[str], layers: Sequence[Sequence[Named]]) -> None:
        self.say, self.inputs, self.layers = say, tuple(inputs), layers
        self.columns = [self.inputs, *(tuple(neuron.name for neuron in layer) for layer in layers)]
        self.network = Network([_dense(layer, inputs) for layer, inputs in zip(layers, self.columns[:-1], strict=True)])

    def verdicts(self, x: Array) -> dict[str, Array]:
        """Return the output of each input and neuron, ``(m,)``, by name, for inputs ``(m, n)``."""
        outputs = dict(zip(self.inputs, x.T, strict=True))
        self.network.forward(np.column_stack([x, np.ones(len(x))]))
        for layer, names in zip(self.network.dense, self.columns[1:], strict=True):
            outputs |= dict(zip(names, layer.a.T.copy(), strict=True))
        return outputs

    def outputs(self, x: Array) -> dict[str, int]:
        """Return the output of each input and neuron by name for one input ``(n,)``."""
        return {name: int(output[0]) for name, output in self.verdicts(x[None]).items()}

    def table(self, title: str, x: Array) -> Table:
        """Return a table of the weighted sum, threshold and output of each neuron for one input ``(n,)``."""
        outputs = self.outputs(x)
        return self.say.table(
            title,
            "layer neuron weighted-sum value threshold output",
            (
                (
                    number,
                    self.say(neuron.name),
                    weighted_sum(tuple(neuron.weights.values()), tuple(map(self.say, neuron.weights))),
                    float(sum(weight * outputs[name] for name, weight in neuron.weights.items())),
                    neuron.threshold,
                    bool(outputs[neuron.name]),
                )
                for number, layer in enumerate(self.layers, 1)
                for neuron in layer
            ),
        )

    def panel(self, title: str, x: Array) -> Panel:
        """Draw the network as a picture; inputs and neurons with output 1 for the input ``(n,)`` are shaded."""
        wires = [(source, neuron.name) for layer in self.layers for neuron in layer for source in neuron.weights]
        on = {name: bool(output) for name, output in self.outputs(x).items()}
        labels = {name: self.say(name) for column in self.columns for name in column}
        return wiring_panel(title, in_columns(self.columns), wires, on, labels)

    def drawing(self, caption: str, x: Array) -> tuple[str, ...]:
        """Draw the network as text below a caption, a column for each layer: ● for output 1, ○ for output 0."""
        on = self.outputs(x)
        columns = [[f"{'●' if on[name] else '○'} {name}" for name in column] for column in self.columns]
        height = max(len(column) for column in columns)
        widths = [max(map(len, column)) for column in columns]
        padded = []
        for column, width in zip(columns, widths, strict=True):
            cells = [""] * height
            for row, cell in enumerate(column):
                cells[int((row + 0.5) * height / len(column))] = cell
            padded.append([cell.ljust(width) for cell in cells])
        heads = ["inputs", *(f"layer {number}" for number in range(1, len(columns)))]
        head = "  ─▶  ".join(word.ljust(width) for word, width in zip(heads, widths, strict=True))
        return (caption, "", head, *("      ".join(cells) for cells in zip(*padded, strict=True)))


def _dense(layer: Sequence[Named], inputs: Sequence[str]) -> Dense:
    """Return the layer as a dense layer: weight 0 where there is no connection, and bias -threshold."""
    w = np.array([[neuron.weights.get(name, 0.0) for name in inputs] for neuron in layer])
    return Dense(w, np.array([-neuron.threshold for neuron in layer]), STEP)
