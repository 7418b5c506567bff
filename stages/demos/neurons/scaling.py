"""All weights and biases times c: perceptrons do not notice, sigmoid neurons become perceptrons, except at z = 0."""

from itertools import pairwise
from typing import Annotated

import numpy as np

from nn.models.arrays.types import Array
from nn.models.chapter.perceptron import all_inputs
from nn.models.layers.activations import SIGMOID, STEP, Activation
from nn.models.layers.dense import Dense
from nn.models.network.network import Network
from nn.stages.demos.shared import limits
from nn.stages.demos.shared.demo import Demo, Table
from nn.stages.demos.shared.wording import counted, weighted_sum
from nn.stages.figures.figure import Curve, Figure, Panel

SIZES = (3, 4, 2)
MOST_FACTORS, LARGEST, LARGEST_WEIGHT = 10, 1e4, 100.0
ROUNDING = 1e-13
"""Differences below this are no longer told from the rounding of numbers near 1."""


def run(
    *,
    factors: Annotated[tuple[float, ...], "Values of c, up to ten."] = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0),
    weights: Annotated[tuple[float, float], "Two weights of a neuron of your own."] = (1.0, 1.0),
    bias: Annotated[float, "Its bias."] = -1.0,
    inputs: Annotated[tuple[float, float], "Its inputs; as given, w.x + b is exactly 0."] = (1.0, 0.0),
    seed: Annotated[int, "Decides the weights of the network."] = 0,
) -> Demo:
    """Multiply every weight and bias by c > 0, for perceptrons and for sigmoid neurons."""
    limits.count("factors", factors, 1, MOST_FACTORS)
    for c in factors:
        limits.above_zero("factors", c, LARGEST)
    for flag, numbers in (("weights", weights), ("inputs", inputs)):
        limits.count(flag, numbers, 2, 2)
        for number in numbers:
            limits.number(flag, number, -LARGEST_WEIGHT, LARGEST_WEIGHT)
    limits.number("bias", bias, -LARGEST_WEIGHT, LARGEST_WEIGHT)
    limits.seed(seed)
    factors = tuple(sorted(set(factors)))
    parameters = random_parameters(np.random.default_rng(seed))
    hard, closest = said(parameters, 1.0, STEP), closest_to_zero(parameters)
    changed = [int((said(parameters, c, STEP) != hard).sum()) for c in factors]
    apart = [float(np.abs(said(parameters, c, SIGMOID) - hard).max()) for c in factors]
    z = float(np.array(weights) @ np.array(inputs) + bias)
    single = [_one(weights, bias, inputs, c) for c in factors]
    step = int(z > 0)
    name = "-".join(map(str, SIZES))
    return Demo(
        idea=(
            "The first exercise: multiply every weight and bias of a network of perceptrons by the same c > 0. Each "
            "sum w.x + b is multiplied by c, so it stays on its side of 0, and nothing changes. Second: do the same to "
            "sigmoid neurons. As c grows, c z runs far away from 0, sigma(c z) runs to 0 or 1, and the neurons become "
            "perceptrons: as long as no neuron has w.x + b = 0, for sigma(c 0) is sigma(0) = 1/2 whatever c is."
        ),
        tables=(
            Table(
                f"A {name} network of random weights, all {len(all_inputs(SIZES[0]))} inputs, all neurons",
                ("c", "perceptrons changed", "sigmoids off by at most", "exp(-c min|z|)", "ratio"),
                tuple(
                    (c, moved, off, float(np.exp(-c * closest)), _ratio(off, float(np.exp(-c * closest))))
                    for c, moved, off in zip(factors, changed, apart, strict=True)
                ),
            ),
            Table(
                f"One neuron, c times z = {weighted_sum(weights, ('x1', 'x2'), bias)}, at x1 = {inputs[0]:g} and "
                f"x2 = {inputs[1]:g}",
                ("c", "c z", "sigma(c z)", "perceptron"),
                tuple((c, c * z + 0.0, a, step) for c, a in zip(factors, single, strict=True)),
            ),
        ),
        findings=(
            _unchanged(changed, factors),
            f"In the network of perceptrons the sum that comes closest to 0 is {closest:g} away from it.",
            *_fall(factors, apart, closest),
            _at_zero(z, single, step),
        ),
        values={
            "network": name,
            "seed": seed,
            "closest_to_zero": closest,
            "table": [
                {"c": c, "perceptrons_changed": moved, "difference": off, "exp": float(np.exp(-c * closest))}
                for c, moved, off in zip(factors, changed, apart, strict=True)
            ],
            "neuron": {
                "z": z,
                "perceptron": step,
                "table": [{"c": c, "sigmoid": a} for c, a in zip(factors, single, strict=True)],
            },
        },
        figure=_figure(factors, apart, closest),
        try_next=("scaling --seed 1", "scaling --inputs 1,0.1", "scaling --factors 0.1,1,10", "sigmoid"),
    )


def random_parameters(rng: np.random.Generator) -> list[tuple[Array, Array]]:
    """Whole weights from -3 to 3, ``(out, in)``, and biases half-way between whole numbers, so that no sum is 0."""
    return [
        (rng.integers(-3, 4, (out, into)).astype(float), rng.integers(-3, 3, out) + 0.5)
        for into, out in pairwise(SIZES)
    ]


def said(parameters: list[tuple[Array, Array]], c: float, activation: Activation) -> Array:
    """What every neuron of the network answers, ``(inputs, neurons)``, with all weights and biases times c."""
    network = Network([Dense(c * w, c * b, activation) for w, b in parameters])
    x = all_inputs(SIZES[0])
    network.forward(np.column_stack([x, np.ones(len(x))]))
    return np.hstack([layer.a for layer in network.dense])


def closest_to_zero(parameters: list[tuple[Array, Array]]) -> float:
    """The least |w.x + b| of any perceptron of the network on any input."""
    a, least = all_inputs(SIZES[0]), np.inf
    for w, b in parameters:
        z = a @ w.T + b
        least, a = min(least, float(np.abs(z).min())), STEP.value(z, np.empty_like(z))
    return float(least)


def _one(weights: tuple[float, ...], bias: float, inputs: tuple[float, ...], c: float) -> float:
    layer = Dense(c * np.array([weights]), c * np.array([bias]))
    return float(layer.forward(np.array([[*inputs, 1.0]]))[0, 0])


def _ratio(off: float, bound: float) -> str:
    return f"{off / bound:.3g}" if off > ROUNDING else "rounding"


def _unchanged(changed: list[int], factors: tuple[float, ...]) -> str:
    total = 2 ** SIZES[0] * sum(SIZES[1:])
    if not any(changed):
        return (
            f"None of the {total} answers of perceptrons changed, at any of the {counted(len(factors), 'value')} of c."
        )
    return f"At most {max(changed)} of the {total} answers of perceptrons changed: rounding, for c is above 0."


def _fall(factors: tuple[float, ...], apart: list[float], closest: float) -> tuple[str, ...]:
    """How fast the difference falls, between the two largest c at which it is not rounding yet."""
    seen = [(c, off) for c, off in zip(factors, apart, strict=True) if off > ROUNDING][-2:]
    if len(seen) < 2:
        return ()
    (c, off), (later, less) = seen
    rate = float(np.log(off / less)) / (later - c)
    return (
        f"From c = {c:g} to {later:g} the largest difference falls from {off:.3g} to {less:.3g}: as "
        f"exp(-{rate:.3g} c), where exp(-c min|z|) says exp(-{closest:g} c).",
    )


def _at_zero(z: float, single: list[float], step: int) -> str:
    if z == 0:
        return (
            f"The one neuron has w.x + b = 0 exactly: sigma stays {single[0]:g} for every c, from first to last "
            f"({single[-1]:g}), and never comes to what a perceptron says, {step}. "
            "Notes that let it go to 1 there are wrong."
        )
    if abs(z) < 1e-9:
        return f"The one neuron has w.x + b = {z:.2g}: 0 but for rounding, so sigma stays near 1/2 for every c tried."
    return (
        f"The one neuron has w.x + b = {z:.6g}, not 0: at the largest c its answer is {single[-1]:.6g}, the "
        f"perceptron's is {step}."
    )


def _figure(factors: tuple[float, ...], apart: list[float], closest: float) -> Figure:
    z = np.linspace(-3, 3, 601)
    shown = factors if len(factors) <= 4 else (factors[0], factors[len(factors) // 3], factors[-1])
    curves = [Curve(z.tolist(), SIGMOID.value(c * z, np.empty_like(z)).tolist(), f"c = {c:g}") for c in shown]
    curves.append(Curve([0.0], [0.5], "1/2 at z = 0, always", "filled"))
    c = np.linspace(min(factors), min(max(factors), 60 / closest), 200)
    told = [(one, off) for one, off in zip(factors, apart, strict=True) if off > ROUNDING]
    return Figure(
        (
            Panel("sigma(c z)", "z", "answer", tuple(curves)),
            Panel(
                "Largest difference from the perceptrons",
                "c",
                "",
                (
                    Curve(c.tolist(), np.exp(-c * closest).tolist(), "exp(-c min|z|)", "dashed"),
                    Curve([one for one, _ in told], [off for _, off in told], "measured", "points"),
                ),
                log_y=True,
            ),
        ),
        columns=2,
        size=(5.2, 4.0),
    )
