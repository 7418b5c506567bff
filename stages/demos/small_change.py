"""Small changes of the weights: a sigmoid neuron's output changes a little, a perceptron's stays or jumps.

The partial derivatives predict the change (chapter 1, equation 5).
"""

from typing import Annotated

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.neurons import sigmoid, weighted_sums
from nndigits.models.layers.activations import PRECISE_SIGMOID
from nndigits.models.layers.dense import Dense
from nndigits.stages.demos.shared.demo import Demo, Given
from nndigits.stages.demos.shared.texts import Say, joined, listed
from nndigits.stages.figures.figure import Figure
from nndigits.stages.store.errors import UsageError

say = Say("small-change")

SIZES = (2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001, 0.0001)
LINE = np.linspace(-2.0, 2.0, 401)


def run(
    *,
    weights: Annotated[tuple[float, ...], Given(-100, 100, count=(1, 6))] = (2.0, -1.0),
    bias: Annotated[float, Given(-100, 100)] = -1.3,
    inputs: Annotated[tuple[float, ...], Given(0, 1)] = (0.5, 0.5),
    direction: Annotated[tuple[float, ...], Given(-100, 100)] = (),
) -> Demo:
    """Change the weights and the bias a little, and compare the output with a prediction by partial derivatives."""
    Given(count=(len(weights), len(weights))).check("inputs", inputs)
    direction = direction or (1.0,) * (len(weights) + 1)
    Given(count=(len(weights) + 1, len(weights) + 1)).check("direction", direction)
    if not any(direction):
        raise UsageError(say("no-change"), "direction")
    change, start, x = np.array(direction), np.array([*weights, bias]), np.array([[*inputs, 1.0]])
    a, slopes = derivatives(start, x)
    predicted = float(slopes @ change)
    z, z_change = (float(weighted_sums(x, parameters)[0]) for parameters in (start, change))
    sizes, sums = np.array(SIZES), _sums(z, z_change, np.array(SIZES))
    changes, perceptron, before = sigmoid(sums) - a, (sums > 0).astype(int), int(z > 0)
    errors = np.abs(changes - sizes * predicted)
    columns = ("size", "output", "change", "predicted", "error", "perceptron")
    rows = [*zip(SIZES, a + changes, changes, sizes * predicted, errors, perceptron.tolist(), strict=True)]
    parts = [*(f"w{number}" for number in range(1, len(weights) + 1)), "b"]
    return Demo(
        idea=say("idea"),
        tables=(
            say.table(
                say("partial-derivatives-of-the-output", output=a, z=z),
                "parameter value derivative change-at-size-1",
                zip(parts, start.tolist(), slopes.tolist(), change.tolist(), strict=True),
            ),
            say.table("the-output-after-changes-of", columns, rows),
        ),
        findings=(_order(errors) if z_change else say("unchanged"), _jump(before, perceptron)),
        values={
            "weights": weights,
            "bias": bias,
            "inputs": inputs,
            "direction": change,
            "output": a,
            "derivatives": dict(zip(parts, slopes, strict=True)),
            "perceptron": before,
            "table": [dict(zip(columns, row, strict=True)) for row in rows],
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


def _order(errors: Array) -> str:
    """Say how the error of the prediction falls when the change gets ten times smaller."""
    tenth, hundredth, thousandth = (errors[SIZES.index(size)] for size in (0.1, 0.01, 0.001))
    if min(tenth, hundredth, thousandth) < 1e-13:
        return say("too-small")
    falls = (tenth / hundredth, hundredth / thousandth)
    powers = (("square", 100), ("cube", 1000))
    fits = (name for name, fall in powers if all(0.8 * fall < one < 1.25 * fall for one in falls))
    return joined(say("error-falls", first=falls[0], second=falls[1]), say(next(fits, "no-power")))


def _jump(before: int, perceptron: Array) -> str:
    """Say which changes make the perceptron's output jump."""
    outputs = dict(zip(SIZES, perceptron, strict=True))
    still = sorted(size for size in SIZES if outputs[size] == before)
    jumped = sorted(set(SIZES) - set(still))
    which = "no-jump" if not jumped else "jumps" if still else "always-jumps"
    sizes = {name: listed(f"{size:g}" for size in some) for name, some in (("still", still), ("jumped", jumped))}
    return joined(say("without-a-change-the-perceptron", output=before), say(which, **sizes, output=1 - before))


def _figure(z: Array, a: float, predicted: float, errors: Array) -> Figure:
    shown = np.maximum(errors, 1e-17)
    square = shown[4] * (np.array(SIZES) / SIZES[4]) ** 2
    return Figure(
        (
            say.panel(
                "output-against-the-size-of",
                "size",
                "output",
                say.curve(LINE, sigmoid(z), "sigmoid-neuron"),
                say.curve(LINE, (z > 0).astype(int), "perceptron", "dashed"),
                say.curve(LINE, a + LINE * predicted, "predicted-by-the-derivatives", "thin"),
                say.curve([0.0], [a], "", "filled"),
                y_range=(-0.1, 1.1),
            ),
            say.panel(
                "error-of-the-predicted-change",
                "size",
                "error",
                say.curve(SIZES, shown, "error", "marked"),
                say.curve(SIZES, square, "size-squared", "dashed"),
                log_x=True,
                log_y=True,
            ),
        ),
        size=(5.2, 4.0),
    )
