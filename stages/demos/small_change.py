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
from nndigits.stages.demos.shared.texts import joined, listed, texts
from nndigits.stages.figures.figure import Curve, Figure, Panel
from nndigits.stages.store.errors import UsageError

say = texts("small-change")

SIZES = (2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001, 0.0001)
MOST_INPUTS, LARGEST = 6, 100.0
LINE = np.linspace(-2.0, 2.0, 401)


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
        idea=(say("idea")),
        tables=(
            Table(
                say("partial-derivatives-of-the-output", output=a, z=z),
                (say("parameter"), say("value"), say("derivative"), say("change-at-size-1")),
                tuple(
                    (name, float(value), float(slope), float(by))
                    for name, value, slope, by in zip(parts, start, slopes, change, strict=True)
                ),
            ),
            Table(
                say("the-output-after-changes-of"),
                (
                    say("size"),
                    say("output"),
                    say("change"),
                    say("predicted"),
                    say("error"),
                    say("perceptron"),
                ),
                rows,
            ),
        ),
        findings=(_order(errors) if z_change else say("unchanged"), _jump(steps)),
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
        return say("too-small")
    falls = [errors[0.1] / errors[0.01], errors[0.01] / errors[0.001]]
    power = (
        "square"
        if all(80 < fall < 125 for fall in falls)
        else "cube"
        if all(800 < fall < 1250 for fall in falls)
        else "no-power"
    )
    return joined((say("error-falls", first=falls[0], second=falls[1]), say(power)))


def _jump(perceptron: dict[float, int]) -> str:
    """Say which changes make the perceptron's output jump."""
    jumped = sorted(size for size in SIZES if perceptron[size] != perceptron[0.0])
    still = sorted(size for size in SIZES if perceptron[size] == perceptron[0.0])
    which = "no-jump" if not jumped else "jumps" if still else "always-jumps"
    return joined(
        (
            say("without-a-change-the-perceptron", output=perceptron[0.0]),
            say(
                which,
                still=listed(f"{size:g}" for size in still),
                jumped=listed(f"{size:g}" for size in jumped),
                output=1 - perceptron[0.0],
            ),
        )
    )


def _figure(z: Array, a: float, predicted: float, errors: dict[float, float]) -> Figure:
    curves = (
        Curve(LINE.tolist(), _sigmoid(z).tolist(), say("sigmoid-neuron")),
        Curve(LINE.tolist(), (z > 0).astype(int).tolist(), say("perceptron"), "dashed"),
        Curve(LINE.tolist(), (a + LINE * predicted).tolist(), say("predicted-by-the-derivatives"), "thin"),
        Curve([0.0], [a], "", "filled"),
    )
    shown = [max(errors[size], 1e-17) for size in SIZES]
    square = [shown[4] * (size / SIZES[4]) ** 2 for size in SIZES]
    return Figure(
        (
            Panel(say("output-against-the-size-of"), say("size"), say("output"), curves, y_range=(-0.1, 1.1)),
            Panel(
                say("error-of-the-predicted-change"),
                say("size"),
                say("error"),
                (Curve(SIZES, shown, say("error"), "marked"), Curve(SIZES, square, say("size-squared"), "dashed")),
                log_x=True,
                log_y=True,
            ),
        ),
        columns=2,
        size=(5.2, 4.0),
    )
