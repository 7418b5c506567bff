"""a' = sigma(w a + b): a 2-3-1 network computed with matrices, and neuron by neuron."""

from itertools import pairwise
from typing import Annotated, Any

import numpy as np

from nndigits.models.layers.activations import PRECISE_SIGMOID
from nndigits.models.layers.dense import Dense
from nndigits.models.network.network import Network
from nndigits.stages.demos.answer import check
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.demo import Cell, Demo, Table
from nndigits.stages.demos.shared.texts import joined, texts
from nndigits.stages.demos.shared.wiring import in_columns, wiring_panel
from nndigits.stages.figures.figure import Figure, Panel

say = texts("feedforward")

SIZES = (2, 3, 1)
LARGEST = 1000.0
COUNTS = {"inputs": 2, "hidden_weights": 6, "hidden_biases": 3, "output_weights": 3, "output_bias": 1}


def run(
    *,
    inputs: Annotated[tuple[float, float], "The two inputs, a1 and a2: any numbers from 0 to 1."] = (0.25, 0.75),
    hidden_weights: Annotated[
        tuple[float, ...], "Weights of the hidden neurons: w11, w12 of the first, then w21, w22, w31, w32."
    ] = (1.0, -2.0, 0.5, 1.5, -1.0, 1.0),
    hidden_biases: Annotated[tuple[float, float, float], "Biases of the hidden neurons."] = (0.5, -1.0, 0.0),
    output_weights: Annotated[tuple[float, float, float], "Weights of the output neuron."] = (1.0, 2.0, -2.0),
    output_bias: Annotated[float, "Bias of the output neuron."] = 0.25,
    answer: Annotated[
        tuple[float, ...], "Only check this answer: the outputs of the three hidden neurons and of the output neuron."
    ] = (),
) -> Demo:
    """Compute the outputs of a 2-3-1 network with matrices and component by component."""
    given = {
        "inputs": inputs,
        "hidden_weights": hidden_weights,
        "hidden_biases": hidden_biases,
        "output_weights": output_weights,
        "output_bias": (output_bias,),
    }
    for name, numbers in given.items():
        flag = name.replace("_", "-")
        limits.count(flag, numbers, COUNTS[name], COUNTS[name])
        limits.numbers(flag, numbers, *((0, 1) if name == "inputs" else (-LARGEST, LARGEST)))
    network = Network(
        [
            Dense(np.array(hidden_weights).reshape(3, 2), np.array(hidden_biases), PRECISE_SIGMOID),
            Dense(np.array([output_weights]), np.array([output_bias]), PRECISE_SIGMOID),
        ]
    )
    network.forward(np.array([[*inputs, 1.0]]))
    matrices = [layer.a[0].tolist() for layer in network.dense]
    components = by_components(network, inputs)
    if answer:
        return check(answer, [one["z"] for layer in components for one in layer], [*matrices[0], *matrices[1]])
    layer_inputs = [list(inputs), matrices[0]]
    difference = max(
        abs(one - other["a"]) for ones, others in zip(matrices, components, strict=True)
        for one, other in zip(ones, others, strict=True)
    )  # fmt: skip
    return Demo(
        idea=(say("idea")),
        tables=tuple(
            _layer_table(*one)
            for one in zip((say("hidden"), say("output")), network.dense, layer_inputs, components, strict=True)
        ),
        drawing=tuple(
            line
            for name, layer, a, outputs in zip(("hidden", "output"), network.dense, layer_inputs, matrices, strict=True)
            for line in [*_matrix_lines(name, layer, a, outputs), ""]
        )[:-1],
        findings=(
            _comparison(difference, sum(SIZES[1:])),
            say("the-networks-output-is-output", output=matrices[-1][0]),
        ),
        values={
            **{name: list(numbers) for name, numbers in given.items()},
            "matrices": matrices,
            "components": [[one["a"] for one in layer] for layer in components],
            "z": [[one["z"] for one in layer] for layer in components],
            "largest_difference": difference,
        },
        figure=Figure((_panel(network, inputs, matrices),), size=(7.5, 4.5)),
        try_next=("feedforward --inputs 1,0", "feedforward --output-bias 5", "backprop", "sigmoid"),
    )


def by_components(network: Network, inputs: tuple[float, ...]) -> list[list[dict[str, Any]]]:
    """Compute z and a of each neuron without matrices, layer by layer."""
    a, layers = list(inputs), []
    for layer in network.dense:
        neurons = []
        for j in range(layer.outputs):
            z = 0.0
            for k in range(layer.inputs):
                z += float(layer.w[j, k]) * a[k]
            z += float(layer.b[j])
            neurons.append({"z": z, "a": float(PRECISE_SIGMOID.value(np.array([z]), np.empty(1))[0])})
        a = [neuron["a"] for neuron in neurons]
        layers.append(neurons)
    return layers


def _layer_table(name: str, layer: Dense, a: list[float], neurons: list[dict[str, Any]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for j, neuron in enumerate(neurons):
        weighted_sum = " + ".join(f"{_signed(layer.w[j, k])} x {_signed(a[k])}" for k in range(layer.inputs))
        rows.append((j + 1, f"{weighted_sum} + {_signed(layer.b[j])}", neuron["z"], neuron["a"]))
    return Table(
        say("by-components", name=name),
        ("j", "w_j1 a_1 + w_j2 a_2 + ... + b_j", "z_j", say("a-j-sigma-z-j")),
        tuple(rows),
    )


def _signed(number: float) -> str:
    return f"({number:.5g})" if number < 0 else f"{number:.5g}"


def _matrix_lines(name: str, layer: Dense, a: list[float], outputs: list[float]) -> list[str]:
    """Write a layer with matrices: a' = sigma( w  a + b )."""
    height = max(layer.inputs, layer.outputs)
    blocks = [
        _block([[outputs[j]] for j in range(layer.outputs)], height),
        _sign("= sigma(", height),
        _block(layer.w.tolist(), height),
        _block([[one] for one in a], height),
        _sign("+", height),
        _block([[one] for one in layer.b.tolist()], height),
        _sign(")", height),
    ]
    return [
        f"The {name} layer in matrices, a' = sigma(w a + b):",
        *("  " + " ".join(parts) for parts in zip(*blocks, strict=True)),
    ]


def _block(rows: list[list[float]], height: int) -> list[str]:
    """Write a matrix in brackets, vertically centred in ``height`` lines."""
    cells = [[f"{number:.5g}" for number in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = ["│" + " ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) + "│" for row in cells]
    above = (height - len(lines)) // 2
    blank = " " * len(lines[0])
    return [blank] * above + lines + [blank] * (height - len(lines) - above)


def _sign(sign: str, height: int) -> list[str]:
    return [sign if row == (height - 1) // 2 else " " * len(sign) for row in range(height)]


def _comparison(difference: float, neurons: int) -> str:
    if difference == 0:
        return say("both-methods-give-the-same", count=neurons)
    return say("both-methods-agree-to-within", difference=difference)


def _panel(network: Network, inputs: tuple[float, ...], matrices: list[list[float]]) -> Panel:
    columns: list[list[str]] = [[f"a{k + 1}" for k in range(2)], [f"h{j + 1}" for j in range(3)], [say("out")]]
    activations = [list(inputs), *matrices]
    labels = {
        name: joined((name, f"{value:.4g}"), "\n", "\n") for names, values in zip(columns, activations, strict=True)
        for name, value in zip(names, values, strict=True)
    }  # fmt: skip
    wires, weights = [], []
    for (before, after), layer in zip(pairwise(columns), network.dense, strict=True):
        for j, name in enumerate(after):
            wires += [(source, name) for source in before]
            weights += [f"{weight:g}" for weight in layer.w[j]]
    return wiring_panel(
        say("2-3-1-activation-of"),
        in_columns(columns),
        wires,
        {},
        labels,
        weights,
    )
