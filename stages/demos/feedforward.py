"""a' = sigma(w a + b): a 2-3-1 network computed with matrices, and neuron by neuron."""

from itertools import pairwise
from typing import Annotated, Any

import numpy as np

from nndigits.models.chapter.perceptron import sigmoid
from nndigits.models.layers.activations import PRECISE_SIGMOID
from nndigits.models.layers.dense import Dense
from nndigits.models.network.network import Network
from nndigits.stages.demos.shared.demo import Demo, Given
from nndigits.stages.demos.shared.texts import Say, Table, joined
from nndigits.stages.demos.shared.wiring import in_columns, wiring_panel
from nndigits.stages.figures.figure import Figure, Panel

say = Say("feedforward")

TOLERANCE = 0.005
"""An answer may be rounded to two decimals."""


def run(
    *,
    inputs: Annotated[tuple[float, float], Given(0, 1, count=(2, 2))] = (0.25, 0.75),
    hidden_weights: Annotated[tuple[float, ...], Given(-1000, 1000, count=(6, 6))] = (1.0, -2.0, 0.5, 1.5, -1.0, 1.0),
    hidden_biases: Annotated[tuple[float, float, float], Given(-1000, 1000, count=(3, 3))] = (0.5, -1.0, 0.0),
    output_weights: Annotated[tuple[float, float, float], Given(-1000, 1000, count=(3, 3))] = (1.0, 2.0, -2.0),
    output_bias: Annotated[float, Given(-1000, 1000)] = 0.25,
    answer: Annotated[tuple[float, ...], Given(0, 1)] = (),
) -> Demo:
    """Compute the outputs of a 2-3-1 network with matrices and component by component."""
    network = Network(
        [
            Dense(np.array(hidden_weights).reshape(3, 2), np.array(hidden_biases), PRECISE_SIGMOID),
            Dense(np.array([output_weights]), np.array([output_bias]), PRECISE_SIGMOID),
        ]
    )
    network.forward(np.array([[*inputs, 1.0]]))
    matrices = [layer.a[0].tolist() for layer in network.dense]
    components = by_components(network, inputs)
    neurons = [neuron for layer in components for neuron in layer]
    if answer:
        return _check(answer, [neuron["z"] for neuron in neurons], [*matrices[0], *matrices[1]])
    layers = list(zip(("hidden", "output"), network.dense, [list(inputs), matrices[0]], strict=True))
    pairs = zip([*matrices[0], *matrices[1]], neurons, strict=True)
    difference = max(abs(one - neuron["a"]) for one, neuron in pairs)
    methods = "both-methods-agree-to-within" if difference else "both-methods-give-the-same"
    return Demo(
        idea=say("idea"),
        tables=tuple(_layer_table(*one, found) for one, found in zip(layers, components, strict=True)),
        drawing=tuple(
            line for one, outputs in zip(layers, matrices, strict=True) for line in [*_matrix_lines(*one, outputs), ""]
        )[:-1],
        findings=(
            say(methods, count=len(neurons), difference=difference),
            say("the-networks-output-is-output", output=matrices[-1][0]),
        ),
        values={
            "inputs": inputs,
            "hidden_weights": hidden_weights,
            "hidden_biases": hidden_biases,
            "output_weights": output_weights,
            "output_bias": [output_bias],
            "matrices": matrices,
            "components": [[one["a"] for one in layer] for layer in components],
            "z": [[one["z"] for one in layer] for layer in components],
            "largest_difference": difference,
        },
        figure=Figure((_panel(network, [list(inputs), *matrices]),), size=(7.5, 4.5)),
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
            neurons.append({"z": z, "a": float(sigmoid(np.array([z]))[0])})
        a = [neuron["a"] for neuron in neurons]
        layers.append(neurons)
    return layers


def _check(answer: tuple[float, ...], z: list[float], outputs: list[float]) -> Demo:
    """Compare an answer to the exercise with the outputs of the four neurons, and explain what is wrong.

    ``z`` are their weighted sums. Raises UsageError if the answer has not four numbers.
    """
    Given(count=(len(outputs), len(outputs))).check("answer", answer)
    names = [*(say("hidden-2", number=number) for number in (1, 2, 3)), say("output")]
    verdicts = [
        "right" if abs(given - output) <= TOLERANCE else "too-small" if given < output else "too-large"
        for given, output in zip(answer, outputs, strict=True)
    ]
    wrong = [
        say("its-output", name=name, z=total, output=output)
        for name, verdict, total, output in zip(names, verdicts, z, outputs, strict=True)
        if verdict != "right"
    ]
    rows = zip(names, (f"{given:g}" for given in answer), map(say, verdicts), strict=True)
    return Demo(
        idea=say("check-idea"),
        tables=(say.table("your-answer", "neuron output verdict", rows),),
        findings=tuple(wrong) or (say("all-right"),),
        values={"answer": answer, "verdicts": [str(say(one)) for one in verdicts], "solved": not wrong},
        try_next=("feedforward",),
        missed=say("missed", count=len(wrong)) if wrong else "",
    )


def _layer_table(name: str, layer: Dense, a: list[float], neurons: list[dict[str, Any]]) -> Table:
    sums = [
        " + ".join(f"{_signed(layer.w[j, k])} x {_signed(a[k])}" for k in range(layer.inputs))
        for j in range(layer.outputs)
    ]
    return say.table(
        say("by-components", name=say(name)),
        ("j", "w_j1 a_1 + w_j2 a_2 + ... + b_j", "z_j", "a-j-sigma-z-j"),
        (
            (j, f"{total} + {_signed(b)}", neuron["z"], neuron["a"])
            for j, (total, b, neuron) in enumerate(zip(sums, layer.b, neurons, strict=True), 1)
        ),
    )


def _signed(number: float) -> str:
    return f"({number:.5g})" if number < 0 else f"{number:.5g}"


def _matrix_lines(name: str, layer: Dense, a: list[float], outputs: list[float]) -> list[str]:
    """Write a layer with matrices: a' = sigma( w  a + b )."""
    height = max(layer.inputs, layer.outputs)
    blocks = [
        _block([[one] for one in outputs], height),
        _sign("= sigma(", height),
        _block(layer.w.tolist(), height),
        _block([[one] for one in a], height),
        _sign("+", height),
        _block([[one] for one in layer.b.tolist()], height),
        _sign(")", height),
    ]
    return [say("in-matrices", name=say(name)), *("  " + " ".join(parts) for parts in zip(*blocks, strict=True))]


def _block(rows: list[list[float]], height: int) -> list[str]:
    """Write a matrix in brackets, vertically centred in ``height`` lines."""
    cells = [[f"{number:.5g}" for number in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["│" + " ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) + "│" for row in cells]
    above = (height - len(lines)) // 2
    blank = " " * len(lines[0])
    return [blank] * above + lines + [blank] * (height - len(lines) - above)


def _sign(sign: str, height: int) -> list[str]:
    return [sign if row == (height - 1) // 2 else " " * len(sign) for row in range(height)]


def _panel(network: Network, activations: list[list[float]]) -> Panel:
    columns: list[list[str]] = [["a1", "a2"], ["h1", "h2", "h3"], [say("out")]]
    labels = {
        name: joined(name, f"{value:.4g}", by="\n", in_chinese="\n")
        for names, values in zip(columns, activations, strict=True)
        for name, value in zip(names, values, strict=True)
    }
    wires, weights = [], []
    for (before, after), layer in zip(pairwise(columns), network.dense, strict=True):
        for j, name in enumerate(after):
            wires += [(source, name) for source in before]
            weights += [f"{weight:g}" for weight in layer.w[j]]
    return wiring_panel(say("2-3-1-activation-of"), in_columns(columns), wires, {}, labels, weights)
