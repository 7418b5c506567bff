"""Networks of perceptrons whose inputs and neurons have names; each neuron hears some of the layer before."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from nn.models.arrays.types import Array
from nn.models.layers.activations import STEP
from nn.models.layers.dense import Dense
from nn.models.network.network import Network
from nn.stages.demos.shared.demo import Cell, Table
from nn.stages.demos.shared.wiring import in_columns, wiring_panel
from nn.stages.demos.shared.wording import weighed
from nn.stages.figures.figure import Panel


class Named(NamedTuple):
    """A perceptron by its name: whom it hears, with which weight, and its threshold."""

    name: str
    weights: Mapping[str, float]
    threshold: float


class NamedNetwork:
    """Layers of perceptrons, and the names of their inputs and neurons."""

    def __init__(self, inputs: Sequence[str], layers: Sequence[Sequence[Named]]) -> None:
        self.inputs = tuple(inputs)
        self.layers = layers
        self.columns = [self.inputs, *(tuple(neuron.name for neuron in layer) for layer in layers)]
        self.network = Network([_dense(layer, heard) for layer, heard in zip(layers, self.columns[:-1], strict=True)])

    def verdicts(self, x: Array) -> dict[str, Array]:
        """What each input and neuron says, ``(m,)`` each, for inputs ``(m, n)``."""
        said = dict(zip(self.inputs, x.T, strict=True))
        self.network.forward(np.column_stack([x, np.ones(len(x))]))
        for layer, names in zip(self.network.dense, self.columns[1:], strict=True):
            said |= dict(zip(names, layer.a.T.copy(), strict=True))
        return said

    def table(self, title: str, x: Array) -> Table:
        """A row for each neuron: what it weighs, the sum, its threshold and its verdict, for one input ``(n,)``."""
        said = {name: float(verdict[0]) for name, verdict in self.verdicts(x[None]).items()}
        rows: list[tuple[Cell, ...]] = []
        for number, layer in enumerate(self.layers, 1):
            for neuron in layer:
                total = sum(weight * said[name] for name, weight in neuron.weights.items())
                rule = weighed(tuple(neuron.weights.values()), tuple(neuron.weights))
                rows.append((number, neuron.name, rule, total, neuron.threshold, bool(said[neuron.name])))
        return Table(title, ("layer", "neuron", "weighs", "sum", "threshold", "says"), tuple(rows))

    def panel(self, title: str, x: Array) -> Panel:
        """The network as a picture: tinted are the inputs and neurons that say yes to one input ``(n,)``."""
        wires = [(heard, neuron.name) for layer in self.layers for neuron in layer for heard in neuron.weights]
        on = {name: bool(verdict[0]) for name, verdict in self.verdicts(x[None]).items()}
        return wiring_panel(title, in_columns(self.columns), wires, on)

    def drawing(self, x: Array) -> tuple[str, ...]:
        """The network as text, a column for each layer: ● says yes, ○ says no."""
        on = self.verdicts(x[None])
        columns = [[f"{'●' if on[name][0] else '○'} {name}" for name in column] for column in self.columns]
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
        return (head, *("      ".join(cells) for cells in zip(*padded, strict=True)))


def _dense(layer: Sequence[Named], heard: Sequence[str]) -> Dense:
    """The layer's weights ``(out, in)``, 0 where a neuron does not hear, and biases, which are -threshold."""
    w = np.array([[neuron.weights.get(name, 0.0) for name in heard] for neuron in layer])
    return Dense(w, np.array([-neuron.threshold for neuron in layer]), STEP)
