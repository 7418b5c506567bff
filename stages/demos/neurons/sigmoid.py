"""The sigmoid neuron beside the perceptron: the same weighted sum, answered smoothly instead of by a step."""

from typing import Annotated

import numpy as np

from nn.models.arrays.types import Array
from nn.models.layers.activations import SIGMOID, STEP
from nn.models.layers.dense import Dense
from nn.stages.demos.shared import limits
from nn.stages.demos.shared.demo import Cell, Demo, Table
from nn.stages.demos.shared.wording import input_names, weighted_sum
from nn.stages.figures.figure import Curve, Figure, Panel
from nn.stages.store.errors import UsageError

Z = (-1000.0, -10.0, -5.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 1000.0)
MOST_INPUTS, LARGEST = 8, 1e6
WIDTH, HEIGHT, REACH = 61, 11, 6.0


def run(
    *,
    weights: Annotated[tuple[float, ...], "Weights of a neuron, up to eight."] = (6.0, 2.0, 2.0),
    bias: Annotated[float, "Its bias."] = -5.0,
    inputs: Annotated[tuple[float, ...], "Its inputs, one for each weight: any numbers from 0 to 1."] = (0.5, 1.0, 0.2),
) -> Demo:
    """Show the sigmoid beside the step, and what a neuron of your own answers."""
    limits.count("weights", weights, 1, MOST_INPUTS)
    if len(inputs) != len(weights):
        raise UsageError(f"--inputs: expected {len(weights)}, one for each weight, found {len(inputs)}")
    for flag, numbers in (("weights", weights), ("bias", (bias,))):
        for number in numbers:
            limits.number(flag, number, -LARGEST, LARGEST)
    for number in inputs:
        limits.number("inputs", number, 0, 1)
    z_own, answer, verdict = neuron(weights, bias, inputs)
    z = np.array(Z)
    smooth, steps = SIGMOID.value(z, np.empty_like(z)), STEP.value(z, np.empty_like(z))
    columns = input_names(len(weights))
    side = "above" if answer > 0.5 else "below" if answer < 0.5 else "at"
    return Demo(
        idea=(
            "A sigmoid neuron weighs its inputs as a perceptron does, z = w.x + b, but answers "
            "sigma(z) = 1 / (1 + exp(-z)): not only 0 or 1, but anything between. Its inputs may be anything from 0 to "
            "1, too. Far from z = 0 it is nearly a perceptron; near z = 0 it goes over smoothly, which is what makes "
            "learning by small changes possible."
        ),
        tables=(
            Table(
                "The sigmoid beside the step, as rounded by the computer",
                ("z", "sigma(z)", "step(z)", "difference"),
                tuple(
                    (f"{one:g}", float(a), int(b), float(abs(a - b)))
                    for one, a, b in zip(z, smooth, steps, strict=True)
                ),
            ),
            Table(
                f"Your neuron: z = {weighted_sum(weights, columns, bias)}",
                (*columns, "z", "sigma(z)", "a perceptron says"),
                (_own_row(inputs, z_own, answer, verdict),),
            ),
        ),
        drawing=_drawing(z_own, answer),
        findings=(
            f"At z = 0 the sigmoid is {smooth[Z.index(0.0)]:g}, half-way; the step is {steps[Z.index(0.0)]:g} there.",
            f"At z = 10 it is {smooth[Z.index(10.0)]:.6g}, at z = -10 it is {smooth[Z.index(-10.0)]:.6g}: like the "
            f"step to within {abs(1 - smooth[Z.index(10.0)]):.2g}.",
            f"Your neuron has z = {z_own:.6g} and answers {answer:.6g}, {side} one half; a perceptron with the same "
            f"weights and bias answers {verdict}.",
        ),
        values={
            "curve": [
                {"z": float(one), "sigmoid": float(a), "step": int(b)}
                for one, a, b in zip(z, smooth, steps, strict=True)
            ],
            "neuron": {
                "weights": list(weights),
                "bias": bias,
                "inputs": list(inputs),
                "z": z_own,
                "sigmoid": answer,
                "step": verdict,
            },
        },
        figure=_figure(z_own, answer),
        try_next=("sigmoid --weights 60,20,20 --bias=-50 --inputs 0.5,1,0.2", "small-change", "scaling", "feedforward"),
    )


def neuron(weights: tuple[float, ...], bias: float, inputs: tuple[float, ...]) -> tuple[float, float, int]:
    """One neuron's z, what it answers with a sigmoid, and what it answers with a step."""
    w, b, x = np.array([weights]), np.array([bias]), np.array([[*inputs, 1.0]])
    smooth, hard = Dense(w, b), Dense(w, b, STEP)
    z = float((x @ smooth.parameters.T)[0, 0])
    return z, float(smooth.forward(x)[0, 0]), int(hard.forward(x)[0, 0])


def _own_row(inputs: tuple[float, ...], z: float, answer: float, verdict: int) -> tuple[Cell, ...]:
    return (*map(float, inputs), z, answer, verdict)


def _curve(reach: float, points: int) -> tuple[Array, Array, Array]:
    z = np.linspace(-reach, reach, points)
    return z, SIGMOID.value(z, np.empty_like(z)), STEP.value(z, np.empty_like(z))


def _drawing(z_own: float, answer: float) -> tuple[str, ...]:
    """Both curves as text: · the step, ● the sigmoid, X your neuron where it is in sight."""
    _, smooth, steps = _curve(REACH, WIDTH)
    rows = [[" "] * WIDTH for _ in range(HEIGHT)]
    for curve, sign in ((steps, "·"), (smooth, "●")):
        for column, value in enumerate(curve):
            rows[round((1 - float(value)) * (HEIGHT - 1))][column] = sign
    if abs(z_own) <= REACH:
        rows[round((1 - answer) * (HEIGHT - 1))][round((z_own / REACH + 1) / 2 * (WIDTH - 1))] = "X"
    marks = {0: "1.0", HEIGHT // 2: "0.5", HEIGHT - 1: "0.0"}
    seen = "X your neuron" if abs(z_own) <= REACH else "your neuron is out of sight"
    return (
        f"● sigma(z)   · step(z)   {seen}",
        *(f"{marks.get(number, ''):>4} │{''.join(row)}" for number, row in enumerate(rows)),
        "     └" + "─" * WIDTH,
        f"      {-REACH:<{WIDTH // 2 - 1}g}z = 0{REACH:>{WIDTH // 2 - 3}g}",
    )


def _figure(z_own: float, answer: float) -> Figure:
    z, smooth, steps = _curve(max(10.0, min(abs(z_own) * 1.2, 1e6)), 801)
    curves = (
        Curve(z.tolist(), smooth.tolist(), "sigmoid"),
        Curve(z.tolist(), steps.tolist(), "step (perceptron)", "dashed"),
        Curve([z_own], [answer], "your neuron", "filled"),
    )
    return Figure((Panel("Sigmoid and step", "z = w.x + b", "answer", curves),), size=(6.4, 4.2))
