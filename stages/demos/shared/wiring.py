"""Networks of named neurons: layers of perceptrons, each connected to part of the one before, and their drawings."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.layers.activations import STEP
from nndigits.models.layers.dense import Dense
from nndigits.models.network.network import Network
from nndigits.stages.demos.shared.texts import Say, Table, weighted_sum
from nndigits.stages.figures.figure import Curve, Note, Panel

Place = tuple[float, float]


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
        dense = []
        for layer, names in zip(layers, self.columns[:-1], strict=True):
            w = np.array([[neuron.weights.get(name, 0.0) for name in names] for neuron in layer])
            dense.append(Dense(w, np.array([-neuron.threshold for neuron in layer]), STEP))
        self.network = Network(dense)

    def verdicts(self, x: Array) -> dict[str, Array]:
        """Return the output of each input and neuron, ``(m,)``, by name, for inputs ``(m, n)``."""
        self.network.forward(np.column_stack([x, np.ones(len(x))]))
        outputs = [x, *(layer.a.copy() for layer in self.network.dense)]
        names = (name for column in self.columns for name in column)
        return dict(zip(names, np.column_stack(outputs).T, strict=True))

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
        return wiring_panel(title, in_columns(self.columns), wires, on, {name: self.say(name) for name in on})

    def drawing(self, caption: str, x: Array) -> tuple[str, ...]:
        """Draw the network as text below a caption, a column for each layer: ● for output 1, ○ for output 0."""
        on = self.outputs(x)
        height = max(map(len, self.columns))
        heads, blocks = [], []
        for number, column in enumerate(self.columns):
            width = 2 + max(map(len, column))
            heads.append((f"layer {number}" if number else "inputs").ljust(width))
            cells = [""] * height
            for row, name in enumerate(column):
                cells[int((row + 0.5) * height / len(column))] = f"{'●' if on[name] else '○'} {name}"
            blocks.append([cell.ljust(width) for cell in cells])
        return (caption, "", "  ─▶  ".join(heads), *("      ".join(cells) for cells in zip(*blocks, strict=True)))


def wiring_panel(
    title: str,
    places: Mapping[str, Place],
    wires: Sequence[tuple[str, str]],
    on: Mapping[str, bool],
    labels: Mapping[str, str] | None = None,
    weights: Sequence[str] = (),
) -> Panel:
    """Draw neurons as boxes, shaded where they are on, the wires between them, and the weight on each wire if given."""
    curves = tuple(
        Curve([places[source][0], places[target][0]], [places[source][1], places[target][1]], style="thin")
        for source, target in wires
    )
    boxes = tuple(
        Note(x, y, (labels or {}).get(name, name), "on" if on.get(name) else "off") for name, (x, y) in places.items()
    )
    tags = tuple(
        Note(*_between(places[source], places[target], 0.28), weight)
        for (source, target), weight in zip(wires, weights, strict=False)
    )
    across, up = ([place[axis] for place in places.values()] for axis in (0, 1))
    return Panel(
        title,
        curves=curves,
        notes=(*tags, *boxes),
        x_range=(min(across) - 0.6, max(across) + 0.6),
        y_range=(min(up) - 0.6, max(up) + 0.6),
        bare=True,
    )


def in_columns(columns: Sequence[Sequence[str]]) -> dict[str, Place]:
    """Return the position of each neuron: one column per layer, its neurons evenly spaced over the same height."""
    height = max(len(column) for column in columns)
    return {
        name: (float(across), (height - 1) - (height / len(column)) * (row + 0.5) + 0.5)
        for across, column in enumerate(columns)
        for row, name in enumerate(column)
    }


def _between(source: Place, target: Place, fraction: float) -> Place:
    return source[0] + fraction * (target[0] - source[0]), source[1] + fraction * (target[1] - source[1])
