"""A small change of a weight makes a small change of a sigmoid's output; a perceptron stands still, or jumps."""

from typing import Annotated

import numpy as np

from nn.models.arrays.types import Array
from nn.models.layers.activations import STEP
from nn.models.layers.dense import Dense
from nn.stages.demos.shared import limits
from nn.stages.demos.shared.demo import Demo, Table
from nn.stages.demos.shared.wording import listed
from nn.stages.figures.figure import Curve, Figure, Panel

SIZES = (2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001, 0.0001)
MOST_INPUTS, LARGEST = 6, 100.0
LINE = np.linspace(-2.0, 2.0, 401)


def run(
    *,
    weights: Annotated[tuple[float, ...], "Weights of the neuron, up to six."] = (2.0, -1.0),
    bias: Annotated[float, "Its bias."] = -1.3,
    inputs: Annotated[tuple[float, ...], "Its inputs, one for each weight."] = (0.5, 0.5),
    direction: Annotated[
        tuple[float, ...], "How to change each weight, then the bias, for a change of size 1; all by 1 if empty."
    ] = (),
) -> Demo:
    """Change weights and bias a little and compare the output with what the partial derivatives foretell."""
    limits.count("weights", weights, 1, MOST_INPUTS)
    limits.count("inputs", inputs, len(weights), len(weights))
    direction = direction or (1.0,) * (len(weights) + 1)
    limits.count("direction", direction, len(weights) + 1, len(weights) + 1)
    for flag, numbers in (("weights", weights), ("bias", (bias,)), ("inputs", inputs), ("direction", direction)):
        for number in numbers:
            limits.number(flag, number, -LARGEST, LARGEST)
    change = np.array(direction)
    start = np.array([*weights, bias])
    x = np.array([[*inputs, 1.0]])
    a, slopes = derivatives(start, x)
    foretold = float(slopes @ change)
    moved = {size: output(start + size * change, x) - a for size in SIZES}
    hard = {size: int(output(start + size * change, x, step=True)) for size in (0.0, *SIZES)}
    rows = tuple(
        (size, a + moved[size], moved[size], size * foretold, abs(moved[size] - size * foretold), hard[size])
        for size in SIZES
    )
    parts = [*(f"w{number}" for number in range(1, len(weights) + 1)), "b"]
    return Demo(
        idea=(
            "To learn, a network must be changed a little and become a little better. A sigmoid allows it: if the "
            "weights change by small dw and the bias by db, the output changes nearly by the sum of "
            "(d output / dw) dw and (d output / db) db, a linear function of the changes. A perceptron with the same "
            "weights does not change at all, or jumps from 0 to 1 or back."
        ),
        tables=(
            Table(
                f"The neuron: z = {float(x[0] @ start):.6g}, output {a:.6g}. Its partial derivatives",
                ("of", "value", "d output / d it", "changes, for size 1, by"),
                tuple(
                    (name, float(value), float(slope), float(by))
                    for name, value, slope, by in zip(parts, start, slopes, change, strict=True)
                ),
            ),
            Table(
                "The output after changes of several sizes, beside what the derivatives foretell",
                ("size", "output", "changed by", "foretold", "error", "perceptron"),
                rows,
            ),
        ),
        findings=(_order(moved, foretold), *_jump(hard)),
        values={
            "weights": list(weights),
            "bias": bias,
            "inputs": list(inputs),
            "direction": change.tolist(),
            "output": a,
            "derivatives": dict(zip(parts, slopes.tolist(), strict=True)),
            "perceptron": hard[0.0],
            "table": [
                dict(zip(("size", "output", "change", "foretold", "error", "perceptron"), row, strict=True))
                for row in rows
            ],
        },
        figure=_figure(start, x, change, a, foretold, moved),
        try_next=("small-change --direction 1,0,0", "small-change --weights 20,-10 --bias=-13", "sigmoid", "cost"),
    )


def output(parameters: Array, x: Array, *, step: bool = False) -> float:
    """What a neuron with these weights and this bias ``(n + 1,)`` answers to ``x``, ``(1, n + 1)``."""
    w, b = parameters[None, :-1], parameters[-1:]
    layer = Dense(w, b, STEP) if step else Dense(w, b)
    return float(layer.forward(x)[0, 0])


def derivatives(parameters: Array, x: Array) -> tuple[float, Array]:
    """The neuron's output, and its partial derivative by each weight and the bias ``(n + 1,)``.

    Backpropagation of one neuron: with dC/da = 1, what comes out is the gradient of the output itself.
    """
    layer = Dense(parameters[None, :-1], parameters[-1:])
    a = float(layer.forward(x)[0, 0])
    layer.backward(np.ones((1, 1)))
    return a, (layer.delta.T @ layer.a_in)[0]


def _order(moved: dict[float, float], foretold: float) -> str:
    """How the error falls as the change gets ten times smaller, as measured."""
    errors = {size: abs(moved[size] - size * foretold) for size in (0.1, 0.01, 0.001)}
    if min(errors.values()) < 1e-13:
        return "The errors of the small changes are too small to be told from rounding."
    falls = [errors[0.1] / errors[0.01], errors[0.01] / errors[0.001]]
    said = f"From size 0.1 to 0.01 the error falls {falls[0]:.0f}-fold, from 0.01 to 0.001 {falls[1]:.0f}-fold"
    if all(80 < fall < 125 for fall in falls):
        return f"{said}. Changes ten times smaller, errors a hundred times smaller: the error falls with the square."
    if all(800 < fall < 1250 for fall in falls):
        return f"{said}: here it falls with the third power, because at z = 0 the curve does not bend."
    return f"{said}; only for small enough changes does it fall with the square of the change."


def _jump(hard: dict[float, int]) -> list[str]:
    """Where the perceptron jumps, if it does."""
    jumped = [size for size in SIZES if hard[size] != hard[0.0]]
    still = [size for size in SIZES if hard[size] == hard[0.0]]
    said = f"Unchanged, the perceptron answers {hard[0.0]}."
    if not jumped:
        return [f"{said} None of these changes moves it at all."]
    if not still:
        return [f"{said} Even the smallest of these changes makes it jump to {hard[jumped[0]]}."]
    return [
        f"{said} Changes of size {listed(f'{size:g}' for size in sorted(still))} leave it as it is; "
        f"{listed(f'{size:g}' for size in sorted(jumped))} make it jump to {hard[jumped[0]]} at once."
    ]


def _figure(start: Array, x: Array, change: Array, a: float, foretold: float, moved: dict[float, float]) -> Figure:
    smooth = [output(start + size * change, x) for size in LINE]
    steps = [output(start + size * change, x, step=True) for size in LINE]
    curves = (
        Curve(LINE.tolist(), smooth, "sigmoid neuron"),
        Curve(LINE.tolist(), steps, "perceptron", "dashed"),
        Curve(LINE.tolist(), (a + LINE * foretold).tolist(), "foretold by the derivatives", "thin"),
        Curve([0.0], [a], "", "filled"),
    )
    errors = [max(abs(moved[size] - size * foretold), 1e-17) for size in SIZES]
    square = [errors[4] * (size / SIZES[4]) ** 2 for size in SIZES]
    return Figure(
        (
            Panel("Output against the size of the change", "size", "output", curves, y_range=(-0.1, 1.1)),
            Panel(
                "Error of the foretold change",
                "size",
                "error",
                (Curve(SIZES, errors, "error", "marked"), Curve(SIZES, square, "size squared", "dashed")),
                log_x=True,
                log_y=True,
            ),
        ),
        columns=2,
        size=(5.2, 4.0),
    )
