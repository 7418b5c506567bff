"""Small changes of the weights: a sigmoid neuron's output changes a little, a perceptron's stays or jumps.

The partial derivatives predict the change (chapter 1, equation 5).
"""

from typing import Annotated

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.perceptron import weighted_sums
from nndigits.models.layers.activations import PRECISE_SIGMOID
from nndigits.models.layers.dense import Dense
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.demo import Demo, Table
from nndigits.stages.demos.shared.wording import listed
from nndigits.stages.figures.figure import Curve, Figure, Panel
from nndigits.stages.store.errors import UsageError

SIZES = (2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001, 0.0001)
MOST_INPUTS, LARGEST = 6, 100.0
LINE = np.linspace(-2.0, 2.0, 401)
UNCHANGED = "Changes in this direction do not change z, so the outputs of both neurons stay the same."


def run(
    *,
    weights: Annotated[tuple[float, ...], "Weights of the neuron, up to six."] = (2.0, -1.0),
    bias: Annotated[float, "Its bias."] = -1.3,
    inputs: Annotated[tuple[float, ...], "Its inputs, one for each weight: any numbers from 0 to 1."] = (0.5, 0.5),
    direction: Annotated[
        tuple[float, ...], "Change of each weight, then of the bias, for size 1; all 1 if empty."
    ] = (),
) -> Demo:
    """Change the weights and the bias a little, and compare the output with a prediction by partial derivatives."""
    limits.count("weights", weights, 1, MOST_INPUTS)
    limits.count("inputs", inputs, len(weights), len(weights))
    direction = direction or (1.0,) * (len(weights) + 1)
    limits.count("direction", direction, len(weights) + 1, len(weights) + 1)
    for flag, numbers in (("weights", weights), ("bias", (bias,)), ("direction", direction)):
        limits.numbers(flag, numbers, -LARGEST, LARGEST)
    limits.numbers("inputs", inputs, 0, 1)
    if not any(direction):
        raise UsageError("expected a number other than 0: these change neither a weight nor the bias", "direction")
    change = np.array(direction)
    start = np.array([*weights, bias])
    x = np.array([[*inputs, 1.0]])
    a, slopes = derivatives(start, x)
    predicted = float(slopes @ change)
    z, z_change = (float(weighted_sums(x, parameters)[0]) for parameters in (start, change))
    sizes = np.array([0.0, *SIZES])
    measured = dict(zip(sizes.tolist(), (_sigmoid(_sums(z, z_change, sizes)) - a).tolist(), strict=True))
    errors = {size: abs(measured[size] - size * predicted) for size in SIZES}
    steps = dict(zip(sizes.tolist(), (_sums(z, z_change, sizes) > 0).astype(int).tolist(), strict=True))
    rows = tuple(
        (size, a + measured[size], measured[size], size * predicted, errors[size], steps[size]) for size in SIZES
    )
    parts = [*(f"w{number}" for number in range(1, len(weights) + 1)), "b"]
    return Demo(
        idea=(
            "A network learns by small changes that make it a little better. A sigmoid neuron allows this: if the "
            "weights change by small amounts dw and the bias by db, the output changes by approximately the sum of "
            "(d output / dw) dw and (d output / db) db, a linear function of the changes. The output of a perceptron "
            "with the same weights does not change at all, or jumps from 0 to 1 or back."
        ),
        tables=(
            Table(
                f"Partial derivatives of the output, which is {a:.6g} at z = {z:.6g}",
                ("parameter", "value", "derivative", "change at size 1"),
                tuple(
                    (name, float(value), float(slope), float(by))
                    for name, value, slope, by in zip(parts, start, slopes, change, strict=True)
                ),
            ),
            Table(
                "The output after changes of several sizes, compared with the prediction by the derivatives",
                ("size", "output", "change", "predicted", "error", "perceptron"),
                rows,
            ),
        ),
        findings=(_order(errors) if z_change else UNCHANGED, *_jump(steps)),
        values={
            "weights": list(weights),
            "bias": bias,
            "inputs": list(inputs),
            "direction": change.tolist(),
            "output": a,
            "derivatives": dict(zip(parts, slopes.tolist(), strict=True)),
            "perceptron": steps[0.0],
            "table": [
                dict(zip(("size", "output", "change", "predicted", "error", "perceptron"), row, strict=True))
                for row in rows
            ],
        },
        figure=_figure(_sums(z, z_change, LINE), a, predicted, errors),
        try_next=("small-change --direction 1,0,0", "small-change --weights 20,-10 --bias=-13", "sigmoid", "cost"),
    )


def derivatives(parameters: Array, x: Array) -> tuple[float, Array]:
    """Return the neuron's output, and its partial derivatives by the weights and the bias ``(n + 1,)``.

    This is backpropagation with dC/da = 1, so the gradient is that of the output itself.
    """
    layer = Dense(parameters[None, :-1], parameters[-1:], PRECISE_SIGMOID)
    a = float(layer.forward(x)[0, 0])
    layer.backward(np.ones((1, 1)))
    return a, (layer.delta.T @ layer.a_in)[0]


def _sums(z: float, z_change: float, sizes: Array) -> Array:
    """Return z + size z_change, without the rounding that would move a perceptron off its threshold, ``(m,)``."""
    return weighted_sums(np.column_stack([np.ones(len(sizes)), sizes]), [z, z_change])


def _sigmoid(z: Array) -> Array:
    return PRECISE_SIGMOID.value(z, np.empty_like(z))


def _order(errors: dict[float, float]) -> str:
    """Say how the error of the prediction falls when the change gets ten times smaller."""
    if min(errors[0.1], errors[0.01], errors[0.001]) < 1e-13:
        return "The errors of the small changes are too small to distinguish from rounding errors."
    falls = [errors[0.1] / errors[0.01], errors[0.01] / errors[0.001]]
    text = f"From size 0.1 to 0.01 the error falls {falls[0]:.0f}-fold, from 0.01 to 0.001 {falls[1]:.0f}-fold"
    if all(80 < fall < 125 for fall in falls):
        return f"{text}. Changes ten times smaller give errors 100 times smaller: the error falls with the square."
    if all(800 < fall < 1250 for fall in falls):
        return f"{text}: it falls with the third power, because the second derivative of the sigmoid is 0 at z = 0."
    return f"{text}. It falls with the square of the change only for small enough changes."


def _jump(perceptron: dict[float, int]) -> list[str]:
    """Say which changes make the perceptron's output jump."""
    jumped = [size for size in SIZES if perceptron[size] != perceptron[0.0]]
    still = [size for size in SIZES if perceptron[size] == perceptron[0.0]]
    text = f"Without a change, the perceptron outputs {perceptron[0.0]}."
    if not jumped:
        return [f"{text} None of these changes affects it."]
    if not still:
        return [f"{text} Even the smallest of these changes makes it jump to {perceptron[jumped[0]]}."]
    return [
        f"{text} Changes of size {listed(f'{size:g}' for size in sorted(still))} do not affect it. Changes of size "
        f"{listed(f'{size:g}' for size in sorted(jumped))} make it jump to {perceptron[jumped[0]]}."
    ]


def _figure(z: Array, a: float, predicted: float, errors: dict[float, float]) -> Figure:
    curves = (
        Curve(LINE.tolist(), _sigmoid(z).tolist(), "sigmoid neuron"),
        Curve(LINE.tolist(), (z > 0).astype(int).tolist(), "perceptron", "dashed"),
        Curve(LINE.tolist(), (a + LINE * predicted).tolist(), "predicted by the derivatives", "thin"),
        Curve([0.0], [a], "", "filled"),
    )
    shown = [max(errors[size], 1e-17) for size in SIZES]
    square = [shown[4] * (size / SIZES[4]) ** 2 for size in SIZES]
    return Figure(
        (
            Panel("Output against the size of the change", "size", "output", curves, y_range=(-0.1, 1.1)),
            Panel(
                "Error of the predicted change",
                "size",
                "error",
                (Curve(SIZES, shown, "error", "marked"), Curve(SIZES, square, "size squared", "dashed")),
                log_x=True,
                log_y=True,
            ),
        ),
        columns=2,
        size=(5.2, 4.0),
    )
