"""All weights and biases times c: perceptrons do not change, and sigmoid neurons become perceptrons unless z = 0."""

from itertools import pairwise
from typing import Annotated

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.perceptron import all_inputs, weighted_sums
from nndigits.models.layers.activations import PRECISE_SIGMOID, STEP, Activation
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.demo import Demo, Table
from nndigits.stages.demos.shared.texts import texts
from nndigits.stages.demos.shared.wording import weighted_sum
from nndigits.stages.figures.figure import Curve, Figure, Panel

say = texts("scaling")

Booleans = npt.NDArray[np.bool_]

SIZES = (3, 4, 2)
MOST_FACTORS, LARGEST, LARGEST_WEIGHT = 10, 1e4, 100.0
SMALLEST = float(np.finfo(float).tiny)
"""Positive numbers below this have fewer digits, or are stored as 0."""


def run(
    *,
    factors: Annotated[tuple[float, ...], "Values of c, up to ten."] = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0),
    weights: Annotated[tuple[float, float], "Two weights of your own neuron."] = (1.0, 1.0),
    bias: Annotated[float, "Its bias."] = -1.0,
    inputs: Annotated[tuple[float, float], "Its inputs, 0 to 1; by default w.x + b is exactly 0."] = (1.0, 0.0),
    seed: Annotated[int, "Seed of the random weights of the network."] = 0,
) -> Demo:
    """Multiply every weight and bias by c > 0, for perceptrons and for sigmoid neurons."""
    limits.count("factors", factors, 1, MOST_FACTORS)
    for c in factors:
        limits.above_zero("factors", c, LARGEST)
    limits.count("weights", weights, 2, 2)
    limits.numbers("weights", weights, -LARGEST_WEIGHT, LARGEST_WEIGHT)
    limits.count("inputs", inputs, 2, 2)
    limits.numbers("inputs", inputs, 0, 1)
    limits.number("bias", bias, -LARGEST_WEIGHT, LARGEST_WEIGHT)
    limits.seed(seed)
    factors = tuple(sorted(set(factors)))
    parameters = random_parameters(np.random.default_rng(seed))
    hard, closest = all_sums(parameters, 1.0, STEP) > 0, closest_to_zero(parameters)
    changed = [int(((all_sums(parameters, c, STEP) > 0) != hard).sum()) for c in factors]
    differences = [_largest_difference(all_sums(parameters, c, PRECISE_SIGMOID), hard) for c in factors]
    z = float(weighted_sums([inputs], weights, bias)[0])
    outputs = _sigmoid(np.array(factors) * z).tolist()
    step = int(z > 0)
    name = "-".join(map(str, SIZES))
    return Demo(
        idea=(say("idea")),
        tables=(
            Table(
                say("a-network-with-random-weights", name=name, inputs=len(all_inputs(SIZES[0]))),
                (
                    "c",
                    say("perceptrons-changed"),
                    say("largest-difference-of-sigmoids"),
                    say("exp-c-min-z"),
                    say("ratio"),
                ),
                tuple(
                    (c, count, difference, float(np.exp(-c * closest)), _ratio(difference, float(np.exp(-c * closest))))
                    for c, count, difference in zip(factors, changed, differences, strict=True)
                ),
            ),
            Table(
                say(
                    "one-neuron-with-z-multiplied",
                    sum=weighted_sum(weights, ("x1", "x2"), bias),
                    x1=inputs[0],
                    x2=inputs[1],
                ),
                ("c", "c z", say("sigma-c-z"), say("perceptron")),
                tuple((c, c * z + 0.0, a, step) for c, a in zip(factors, outputs, strict=True)),
            ),
        ),
        findings=(
            _unchanged(changed, factors),
            say("in-the-network-of-perceptrons", closest=closest),
            *_fall(factors, differences, closest),
            _at_zero(z, outputs, step),
        ),
        values={
            "network": name,
            "seed": seed,
            "closest_to_zero": closest,
            "table": [
                {"c": c, "perceptrons_changed": count, "difference": difference, "exp": float(np.exp(-c * closest))}
                for c, count, difference in zip(factors, changed, differences, strict=True)
            ],
            "neuron": {
                "z": z,
                "perceptron": step,
                "table": [{"c": c, "sigmoid": a} for c, a in zip(factors, outputs, strict=True)],
            },
        },
        figure=_figure(factors, differences, closest),
        try_next=("scaling --seed 1", "scaling --inputs 1,0.1", "scaling --factors 0.1,1,10", "sigmoid"),
    )


def random_parameters(rng: np.random.Generator) -> list[tuple[Array, Array]]:
    """Draw whole weights from -3 to 3, ``(out, in)``, and biases half-way between integers, so that no sum is 0."""
    return [
        (rng.integers(-3, 4, (out, into)).astype(float), rng.integers(-3, 3, out) + 0.5)
        for into, out in pairwise(SIZES)
    ]


def all_sums(parameters: list[tuple[Array, Array]], c: float, activation: Activation) -> Array:
    """Return w.x + b of all neurons, ``(inputs, neurons)``, with all weights and biases times c."""
    a, sums = all_inputs(SIZES[0]), []
    for w, b in parameters:
        sums.append(a @ (c * w).T + c * b)
        a = activation.value(sums[-1], np.empty_like(sums[-1]))
    return np.hstack(sums)


def closest_to_zero(parameters: list[tuple[Array, Array]]) -> float:
    """Return the smallest |w.x + b| over all perceptrons of the network and all inputs."""
    return float(np.abs(all_sums(parameters, 1.0, STEP)).min())


def _sigmoid(z: Array) -> Array:
    return PRECISE_SIGMOID.value(z, np.empty_like(z))


def _largest_difference(z: Array, hard: Booleans) -> float:
    """Return the largest difference of sigma(z) from the perceptron's output: sigma(z) from 0, or sigma(-z) from 1."""
    return float(_sigmoid(np.where(hard, -z, z)).max())


def _ratio(difference: float, bound: float) -> str:
    return f"{difference / bound:.3g}" if min(difference, bound) > SMALLEST else say("underflow")


def _unchanged(changed: list[int], factors: tuple[float, ...]) -> str:
    total = 2 ** SIZES[0] * sum(SIZES[1:])
    if any(changed):
        return say("rounding", most=max(changed), total=total)
    return say("unchanged" if len(factors) > 1 else "unchanged-at", total=total, count=len(factors), c=factors[0])


def _fall(factors: tuple[float, ...], differences: list[float], closest: float) -> tuple[str, ...]:
    """Say how fast the difference falls, between the two largest c at which it has all its digits."""
    measured = _representable(factors, differences)[-2:]
    if len(measured) < 2:
        return ()
    (c, difference), (larger_c, smaller) = measured
    values = {"c": c, "larger": larger_c, "before": difference, "after": smaller}
    if smaller >= difference:
        return (say("does-not-fall", **values),)
    rate = float(np.log(difference / smaller)) / (larger_c - c)
    return (say("falls", **values, rate=rate, closest=closest),)


def _representable(factors: tuple[float, ...], differences: list[float]) -> list[tuple[float, float]]:
    return [(c, difference) for c, difference in zip(factors, differences, strict=True) if difference > SMALLEST]


def _at_zero(z: float, outputs: list[float], step: int) -> str:
    if z == 0:
        return say("the-one-neuron-has-w", first=outputs[0], last=outputs[-1], step=step)
    output = f"{outputs[-1]:.6g}" if outputs[-1] > SMALLEST else say("below", smallest=SMALLEST)
    return say("not-at-zero", z=z, output=output, step=step)


def _figure(factors: tuple[float, ...], differences: list[float], closest: float) -> Figure:
    z = np.linspace(-3, 3, 601)
    shown = factors if len(factors) <= 4 else (factors[0], factors[len(factors) // 3], factors[-1])
    curves = [Curve(z.tolist(), _sigmoid(c * z).tolist(), f"c = {c:g}") for c in shown]
    curves.append(Curve([0.0], [0.5], say("1-2-at-z-0"), "filled"))
    c = np.linspace(min(factors), min(max(factors), 700 / closest), 200)
    measured = _representable(factors, differences)
    return Figure(
        (
            Panel(say("sigma-c-z"), "z", say("output"), tuple(curves)),
            Panel(
                say("largest-difference-from-the-perceptrons"),
                "c",
                "",
                (
                    Curve(c.tolist(), np.exp(-c * closest).tolist(), say("exp-c-min-z"), "dashed"),
                    Curve(
                        [c for c, _ in measured],
                        [difference for _, difference in measured],
                        say("measured"),
                        "points",
                    ),
                ),
                log_y=True,
            ),
        ),
        columns=2,
        size=(5.2, 4.0),
    )
