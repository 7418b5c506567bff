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
from nndigits.stages.demos.shared.wording import counted, weighted_sum
from nndigits.stages.figures.figure import Curve, Figure, Panel

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
        idea=(
            "The first exercise: multiply every weight and bias in a network of perceptrons by a constant c > 0. Each "
            "sum w.x + b is multiplied by c and keeps its sign, so no output changes. The second exercise: do the same "
            "with sigmoid neurons. As c grows, c z moves away from 0, sigma(c z) approaches 0 or 1, and the neurons "
            "become perceptrons. This requires that no neuron has w.x + b = 0, because sigma(c 0) = sigma(0) = 1/2 for "
            "every c."
        ),
        tables=(
            Table(
                f"A {name} network with random weights, over all {len(all_inputs(SIZES[0]))} inputs and all neurons",
                ("c", "perceptrons changed", "largest difference of sigmoids", "exp(-c min|z|)", "ratio"),
                tuple(
                    (c, count, difference, float(np.exp(-c * closest)), _ratio(difference, float(np.exp(-c * closest))))
                    for c, count, difference in zip(factors, changed, differences, strict=True)
                ),
            ),
            Table(
                f"One neuron with z = {weighted_sum(weights, ('x1', 'x2'), bias)}, multiplied by c, at "
                f"x1 = {inputs[0]:g} and x2 = {inputs[1]:g}",
                ("c", "c z", "sigma(c z)", "perceptron"),
                tuple((c, c * z + 0.0, a, step) for c, a in zip(factors, outputs, strict=True)),
            ),
        ),
        findings=(
            _unchanged(changed, factors),
            f"In the network of perceptrons, the smallest |w.x + b| is {closest:g}.",
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
    return f"{difference / bound:.3g}" if min(difference, bound) > SMALLEST else "underflow"


def _unchanged(changed: list[int], factors: tuple[float, ...]) -> str:
    total = 2 ** SIZES[0] * sum(SIZES[1:])
    if not any(changed):
        values = f"c = {factors[0]:g}" if len(factors) == 1 else f"any of the {counted(len(factors), 'value')} of c"
        return f"None of the {total} perceptron outputs changed, for {values}."
    return f"At most {max(changed)} of the {total} perceptron outputs changed. These are rounding errors: c is above 0."


def _fall(factors: tuple[float, ...], differences: list[float], closest: float) -> tuple[str, ...]:
    """Say how fast the difference falls, between the two largest c at which it has all its digits."""
    measured = _representable(factors, differences)[-2:]
    if len(measured) < 2:
        return ()
    (c, difference), (larger_c, smaller) = measured
    change = f"From c = {c:g} to {larger_c:g} the largest difference"
    if smaller >= difference:
        return (
            f"{change} does not fall: it is {difference:.3g}, then {smaller:.3g}. So small a c leaves every sigmoid "
            "near 1/2. The sigmoid neurons become perceptrons as c grows: try larger factors.",
        )
    rate = float(np.log(difference / smaller)) / (larger_c - c)
    return (
        f"{change} falls from {difference:.3g} to {smaller:.3g}, as "
        f"exp(-{rate:.3g} c). The formula exp(-c min|z|) gives exp(-{closest:g} c).",
    )


def _representable(factors: tuple[float, ...], differences: list[float]) -> list[tuple[float, float]]:
    return [(c, difference) for c, difference in zip(factors, differences, strict=True) if difference > SMALLEST]


def _at_zero(z: float, outputs: list[float], step: int) -> str:
    if z == 0:
        return (
            f"The one neuron has w.x + b = 0 exactly: sigma stays {outputs[0]:g} for every c, from the first to the "
            f"last ({outputs[-1]:g}), and never approaches the output of the perceptron, {step}. Solutions that let it "
            "approach 1 are wrong."
        )
    output = f"{outputs[-1]:.6g}" if outputs[-1] > SMALLEST else f"below {SMALLEST:.1g}"
    return (
        f"The one neuron has w.x + b = {z:.6g}, not 0: at the largest c its output is {output}, and the "
        f"perceptron's is {step}."
    )


def _figure(factors: tuple[float, ...], differences: list[float], closest: float) -> Figure:
    z = np.linspace(-3, 3, 601)
    shown = factors if len(factors) <= 4 else (factors[0], factors[len(factors) // 3], factors[-1])
    curves = [Curve(z.tolist(), _sigmoid(c * z).tolist(), f"c = {c:g}") for c in shown]
    curves.append(Curve([0.0], [0.5], "1/2 at z = 0, always", "filled"))
    c = np.linspace(min(factors), min(max(factors), 700 / closest), 200)
    measured = _representable(factors, differences)
    return Figure(
        (
            Panel("sigma(c z)", "z", "output", tuple(curves)),
            Panel(
                "Largest difference from the perceptrons",
                "c",
                "",
                (
                    Curve(c.tolist(), np.exp(-c * closest).tolist(), "exp(-c min|z|)", "dashed"),
                    Curve([c for c, _ in measured], [difference for _, difference in measured], "measured", "points"),
                ),
                log_y=True,
            ),
        ),
        columns=2,
        size=(5.2, 4.0),
    )
