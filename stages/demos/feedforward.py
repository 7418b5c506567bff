"""a' = sigma(w a + b): a 2-3-1 network computed with matrices, and neuron by neuron."""

from itertools import pairwise
from typing import Annotated, Any

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.neurons import sigmoid
from nndigits.models.layers.activations import PRECISE_SIGMOID
from nndigits.models.layers.dense import Dense
from nndigits.models.network.network import Network
from nndigits.stages.demos.shared.demo import Demo, Given
from nndigits.stages.demos.shared.shades import centred
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
    matrices = [layer.a[0] for layer in network.dense]
    z, a = by_components(network, inputs)
    if answer:
        return _check(answer, np.hstack(z), np.hstack(matrices))
    layers = list(zip(("hidden", "output"), network.dense, [np.array(inputs), matrices[0]], strict=True))
    difference = float(np.abs(np.hstack(matrices) - np.hstack(a)).max())
    methods = "both-methods-agree-to-within" if difference else "both-methods-give-the-same"
    return Demo(
        idea=say("idea"),
        tables=tuple(_layer_table(*layer, *found) for layer, *found in zip(layers, z, a, strict=True)),
        drawing=(*_matrix_lines(*layers[0], matrices[0]), "", *_matrix_lines(*layers[1], matrices[1])),
        findings=(
            say(methods, count=len(np.hstack(a)), difference=difference),
            say("the-networks-output-is-output", output=matrices[-1][0]),
        ),
        values={
            "inputs": inputs,
            "hidden_weights": hidden_weights,
            "hidden_biases": hidden_biases,
            "output_weights": output_weights,
            "output_bias": [output_bias],
            "matrices": matrices,
            "components": a,
            "z": z,
            "largest_difference": difference,
        },
        figure=Figure((_panel(network, [inputs, *matrices]),), size=(7.5, 4.5)),
        try_next=("feedforward --inputs 1,0", "feedforward --output-bias 5", "backprop", "sigmoid"),
    )


def by_components(network: Network, inputs: tuple[float, ...]) -> tuple[list[Array], list[Array]]:
    """Compute z and a of each neuron without matrices, layer by layer: two arrays a layer."""
    z: list[Array] = []
    a: list[Array] = [np.array(inputs)]
    for layer in network.dense:
        sums = np.zeros(layer.outputs)
        for j in range(layer.outputs):
            for k in range(layer.inputs):
                sums[j] += layer.w[j, k] * a[-1][k]
            sums[j] += layer.b[j]
        z.append(sums)
        a.append(sigmoid(sums))
    return z, a[1:]


def _check(answer: tuple[float, ...], z: Array, outputs: Array) -> Demo:
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


def _layer_table(name: str, layer: Dense, inputs: Array, z: Array, a: Array) -> Table:
    rows = []
    for j in range(layer.outputs):
        products = [f"{_signed(weight)} x {_signed(one)}" for weight, one in zip(layer.w[j], inputs, strict=True)]
        rows.append((j + 1, " + ".join([*products, _signed(layer.b[j])]), z[j], a[j]))
    heads = ("j", "w_j1 a_1 + w_j2 a_2 + ... + b_j", "z_j", "a-j-sigma-z-j")
    return say.table(say("by-components", name=say(name)), heads, rows)


def _signed(number: float) -> str:
    return f"({number:.5g})" if number < 0 else f"{number:.5g}"


def _matrix_lines(name: str, layer: Dense, a: Array, outputs: Array) -> list[str]:
    """Write a layer with matrices: a' = sigma( w  a + b )."""
    height = max(layer.w.shape)
    parts: list[Any] = [outputs[:, None], "= sigma(", layer.w, a[:, None], "+", layer.b[:, None], ")"]
    blocks = [[part] if isinstance(part, str) else _matrix(part) for part in parts]
    blocks = [centred(block, height, len(block[0])) for block in blocks]
    return [say("in-matrices", name=say(name)), *("  " + " ".join(line) for line in zip(*blocks, strict=True))]


def _matrix(matrix: Array) -> list[str]:
    """Write a matrix in brackets."""
    columns = [[f"{number:.5g}" for number in column] for column in matrix.T]
    padded = [[cell.rjust(max(map(len, column))) for cell in column] for column in columns]
    return [f"│{' '.join(row)}│" for row in zip(*padded, strict=True)]


def _panel(network: Network, activations: list[Any]) -> Panel:
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
