"""The sigmoid neuron compared with the perceptron: the same weighted sum, with a smooth output instead of a step."""

from typing import Annotated

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.neurons import perceptron, sigmoid, weighted_sums
from nndigits.models.layers.activations import STEP
from nndigits.stages.demos.shared.demo import Demo, Given
from nndigits.stages.demos.shared.texts import Say, input_names, weighted_sum
from nndigits.stages.figures.figure import Figure

say = Say("sigmoid")

Z = np.array([-1000.0, -10.0, -5.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 1000.0])
WIDTH, HEIGHT, REACH = 53, 11, 6.0
"""Size of the text plot in characters, and its largest z."""


def run(
    *,
    weights: Annotated[tuple[float, ...], Given(-1e6, 1e6, count=(1, 8))] = (6.0, 2.0, 2.0),
    bias: Annotated[float, Given(-1e6, 1e6)] = -5.0,
    inputs: Annotated[tuple[float, ...], Given(0, 1)] = (0.5, 1.0, 0.2),
) -> Demo:
    """Compare the sigmoid with the step function, and compute the output of your own neuron."""
    Given(count=(len(weights), len(weights))).check("inputs", inputs)
    z, output, step = neuron(weights, bias, inputs)
    smooth, steps = sigmoid(Z), _step(Z)
    below = sigmoid(-np.abs(Z))
    at = {z: (float(a), int(b)) for z, a, b in zip(Z.tolist(), smooth, steps, strict=True)}
    names = input_names(len(weights))
    side = "above" if output > 0.5 else "below" if output < 0.5 else "equal"
    return Demo(
        idea=say("idea"),
        tables=(
            say.table(
                "the-sigmoid-and-the-step",
                "z sigma-z step-z difference",
                ((f"{z:g}", *one, float(gap)) for (z, one), gap in zip(at.items(), below, strict=True)),
            ),
            say.table(
                say("your-neuron-z", sum=weighted_sum(weights, names, bias)),
                (*names, "z", "sigma-z", "perceptron"),
                [(*map(float, inputs), z, output, step)],
            ),
        ),
        drawing=_drawing(z, output),
        findings=(
            say("at-z-0-the-sigmoid", sigmoid=at[0][0], step=at[0][1]),
            say("at-z-10-the-sigmoid", high=at[10][0], low=at[-10][0], difference=at[-10][0]),
            say("the-difference-is-never-0"),
            say(side, z=z, output=_in_words(z, output), step=step),
        ),
        values={
            "curve": [{"z": z, "sigmoid": a, "step": b} for z, (a, b) in at.items()],
            "neuron": {
                "weights": weights,
                "bias": bias,
                "inputs": inputs,
                "z": z,
                "sigmoid": output,
                "step": step,
            },
        },
        figure=_figure(z, output),
        try_next=("sigmoid --weights 60,20,20 --bias=-50 --inputs 0.5,1,0.2", "small-change", "scaling", "feedforward"),
    )


def neuron(weights: tuple[float, ...], bias: float, inputs: tuple[float, ...]) -> tuple[float, float, int]:
    """Return z of one neuron, its output as a sigmoid neuron, and its output as a perceptron."""
    z = weighted_sums([inputs], weights, bias)
    return float(z[0]), float(sigmoid(z)[0]), int(perceptron([inputs], weights, bias)[0])


def _in_words(z: float, a: float) -> str:
    """Return an output with six digits, or its distance from 1 if it would be rounded to 1."""
    tail = float(sigmoid(np.array([-z]))[0])
    return f"1 - {tail:.3g}" if f"{a:.6g}" == "1" and tail else f"{a:.6g}"


def _step(z: Array) -> Array:
    return STEP.value(z, np.empty_like(z))


def _drawing(own_z: float, own_sigmoid: float) -> tuple[str, ...]:
    """Plot both curves as text: · for the step, ● for the sigmoid, X for your neuron if it is within reach."""

    def row_of(value: float) -> int:
        return round((1 - value) * (HEIGHT - 1))

    z = np.linspace(-REACH, REACH, WIDTH)
    rows = [[" "] * WIDTH for _ in range(HEIGHT)]
    for curve, character in ((_step(z), "·"), (sigmoid(z), "●")):
        for column, value in enumerate(curve):
            rows[row_of(float(value))][column] = character
    inside = abs(own_z) <= REACH
    if inside:
        rows[row_of(own_sigmoid)][round((own_z / REACH + 1) / 2 * (WIDTH - 1))] = "X"
    labels = {0: "1.0", HEIGHT // 2: "0.5", HEIGHT - 1: "0.0"}
    return (
        say("legend" if inside else "legend-outside"),
        *(f"{labels.get(number, ''):>4} │{''.join(row)}" for number, row in enumerate(rows)),
        "     └" + "─" * WIDTH,
        f"      {-REACH:<{WIDTH // 2 - 1}g}z = 0{REACH:>{WIDTH // 2 - 3}g}",
    )


def _figure(own_z: float, own_sigmoid: float) -> Figure:
    reach = max(10.0, min(abs(own_z) * 1.2, 1e6))
    z = np.linspace(-reach, reach, 801)
    panel = say.panel(
        "sigmoid-and-step",
        "z = w.x + b",
        "output",
        say.curve(z, sigmoid(z), "sigmoid"),
        say.curve(z, _step(z), "step-perceptron", "dashed"),
        say.curve([own_z], [own_sigmoid], "your-neuron", "filled"),
    )
    return Figure((panel,), size=(6.4, 4.2))
