"""The sigmoid neuron compared with the perceptron: the same weighted sum, with a smooth output instead of a step."""

from typing import Annotated

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.perceptron import perceptron, weighted_sums
from nndigits.models.layers.activations import STEP, precise_sigmoid
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.demo import Demo, Table
from nndigits.stages.demos.shared.texts import texts
from nndigits.stages.demos.shared.wording import input_names, weighted_sum
from nndigits.stages.figures.figure import Curve, Figure, Panel
from nndigits.stages.store.errors import UsageError

say = texts("sigmoid")

Z = (-1000.0, -10.0, -5.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 1000.0)
MOST_INPUTS, LARGEST = 8, 1e6
WIDTH, HEIGHT, REACH = 53, 11, 6.0
"""Size of the text plot in characters, and its largest z."""


def run(
    *,
    weights: Annotated[tuple[float, ...], "Weights of a neuron, up to eight."] = (6.0, 2.0, 2.0),
    bias: Annotated[float, "Its bias."] = -5.0,
    inputs: Annotated[tuple[float, ...], "Its inputs, one for each weight: any numbers from 0 to 1."] = (0.5, 1.0, 0.2),
) -> Demo:
    """Compare the sigmoid with the step function, and compute the output of your own neuron."""
    limits.count("weights", weights, 1, MOST_INPUTS)
    if len(inputs) != len(weights):
        raise UsageError(f"expected {len(weights)}, one for each weight, found {len(inputs)}", "inputs")
    limits.numbers("weights", weights, -LARGEST, LARGEST)
    limits.number("bias", bias, -LARGEST, LARGEST)
    limits.numbers("inputs", inputs, 0, 1)
    own_z, own_sigmoid, own_step = neuron(weights, bias, inputs)
    z = np.array(Z)
    curve = [
        (z, float(a), int(b), float(difference))
        for z, a, b, difference in zip(Z, *_curves(z), _sigmoid(-np.abs(z)), strict=True)
    ]
    sigmoid = {z: a for z, a, _, _ in curve}
    step = {z: b for z, _, b, _ in curve}
    names = input_names(len(weights))
    side = "above" if own_sigmoid > 0.5 else "below" if own_sigmoid < 0.5 else "equal"
    return Demo(
        idea=(say("idea")),
        tables=(
            Table(
                say("the-sigmoid-and-the-step"),
                ("z", say("sigma-z"), say("step-z"), say("difference")),
                tuple((f"{z:g}", *row) for z, *row in curve),
            ),
            Table(
                say("your-neuron-z", sum=weighted_sum(weights, names, bias)),
                (*names, "z", say("sigma-z"), say("perceptron")),
                ((*map(float, inputs), own_z, own_sigmoid, own_step),),
            ),
        ),
        drawing=_drawing(own_z, own_sigmoid),
        findings=(
            say("at-z-0-the-sigmoid", sigmoid=sigmoid[0], step=step[0]),
            say("at-z-10-the-sigmoid", high=sigmoid[10], low=sigmoid[-10], difference=sigmoid[-10]),
            say("the-difference-is-never-0"),
            say(side, z=own_z, output=_in_words(own_z, own_sigmoid), step=own_step),
        ),
        values={
            "curve": [{"z": z, "sigmoid": a, "step": b} for z, a, b, _ in curve],
            "neuron": {
                "weights": list(weights),
                "bias": bias,
                "inputs": list(inputs),
                "z": own_z,
                "sigmoid": own_sigmoid,
                "step": own_step,
            },
        },
        figure=_figure(own_z, own_sigmoid),
        try_next=("sigmoid --weights 60,20,20 --bias=-50 --inputs 0.5,1,0.2", "small-change", "scaling", "feedforward"),
    )


def neuron(weights: tuple[float, ...], bias: float, inputs: tuple[float, ...]) -> tuple[float, float, int]:
    """Return z of one neuron, its output as a sigmoid neuron, and its output as a perceptron."""
    z = weighted_sums([inputs], weights, bias)
    return float(z[0]), float(_sigmoid(z)[0]), int(perceptron([inputs], weights, bias)[0])


def _in_words(z: float, a: float) -> str:
    """Return an output with six digits, or its distance from 1 if it would be rounded to 1."""
    tail = float(_sigmoid(np.array([-z]))[0])
    return f"1 - {tail:.3g}" if f"{a:.6g}" == "1" and tail else f"{a:.6g}"


def _curves(z: Array) -> tuple[Array, Array]:
    """Return the sigmoid and the step function of ``z``."""
    return _sigmoid(z), STEP.value(z, np.empty_like(z))


def _sigmoid(z: Array) -> Array:
    return precise_sigmoid(z, np.empty_like(z))


def _drawing(own_z: float, own_sigmoid: float) -> tuple[str, ...]:
    """Plot both curves as text: · for the step, ● for the sigmoid, X for your neuron if it is within reach."""

    def row_of(value: float) -> int:
        return round((1 - value) * (HEIGHT - 1))

    smooth, steps = _curves(np.linspace(-REACH, REACH, WIDTH))
    rows = [[" "] * WIDTH for _ in range(HEIGHT)]
    for curve, character in ((steps, "·"), (smooth, "●")):
        for column, value in enumerate(curve):
            rows[row_of(float(value))][column] = character
    inside = abs(own_z) <= REACH
    if inside:
        rows[row_of(own_sigmoid)][round((own_z / REACH + 1) / 2 * (WIDTH - 1))] = "X"
    labels = {0: "1.0", HEIGHT // 2: "0.5", HEIGHT - 1: "0.0"}
    return (
        f"● sigma(z)   · step(z)   {'X your neuron' if inside else 'your neuron is outside the plot'}",
        *(f"{labels.get(number, ''):>4} │{''.join(row)}" for number, row in enumerate(rows)),
        "     └" + "─" * WIDTH,
        f"      {-REACH:<{WIDTH // 2 - 1}g}z = 0{REACH:>{WIDTH // 2 - 3}g}",
    )


def _figure(own_z: float, own_sigmoid: float) -> Figure:
    reach = max(10.0, min(abs(own_z) * 1.2, 1e6))
    z = np.linspace(-reach, reach, 801)
    smooth, steps = _curves(z)
    curves = (
        Curve(z.tolist(), smooth.tolist(), say("sigmoid")),
        Curve(z.tolist(), steps.tolist(), say("step-perceptron"), "dashed"),
        Curve([own_z], [own_sigmoid], say("your-neuron"), "filled"),
    )
    return Figure((Panel(say("sigmoid-and-step"), "z = w.x + b", say("output"), curves),), size=(6.4, 4.2))
