"""All weights and biases times c: perceptrons do not change, and sigmoid neurons become perceptrons unless z = 0."""

from itertools import pairwise
from typing import Annotated

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.neurons import all_inputs, sigmoid, weighted_sums
from nndigits.models.layers.activations import PRECISE_SIGMOID, STEP, Activation
from nndigits.stages.demos.shared.demo import Demo, Given, Seed
from nndigits.stages.demos.shared.texts import Say, weighted_sum
from nndigits.stages.figures.figure import Figure

say = Say("scaling")

SIZES = (3, 4, 2)
FACTORS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
SMALLEST = float(np.finfo(float).tiny)
"""Positive numbers below this have fewer digits, or are stored as 0."""


def run(
    *,
    factors: Annotated[tuple[float, ...], Given(0, 1e4, above=True, count=(1, 10))] = FACTORS,
    weights: Annotated[tuple[float, float], Given(-100, 100, count=(2, 2))] = (1.0, 1.0),
    bias: Annotated[float, Given(-100, 100)] = -1.0,
    inputs: Annotated[tuple[float, float], Given(0, 1, count=(2, 2))] = (1.0, 0.0),
    seed: Seed = 0,
) -> Demo:
    """Multiply every weight and bias by c > 0, for perceptrons and for sigmoid neurons."""
    factors = tuple(sorted(set(factors)))
    parameters = random_parameters(np.random.default_rng(seed))
    hard, closest = all_sums(parameters, 1.0, STEP) > 0, closest_to_zero(parameters)
    table = [
        {
            "c": c,
            "perceptrons_changed": int(((all_sums(parameters, c, STEP) > 0) != hard).sum()),
            "difference": _largest_difference(all_sums(parameters, c, PRECISE_SIGMOID), hard),
            "exp": float(np.exp(-c * closest)),
        }
        for c in factors
    ]
    z = float(weighted_sums([inputs], weights, bias)[0])
    outputs, step = sigmoid(np.array(factors) * z).tolist(), int(z > 0)
    name = "-".join(map(str, SIZES))
    neuron = [{"c": c, "sigmoid": a} for c, a in zip(factors, outputs, strict=True)]
    total = weighted_sum(weights, ("x1", "x2"), bias)
    measured = [(one["c"], one["difference"]) for one in table if one["difference"] > SMALLEST]
    return Demo(
        idea=say("idea"),
        tables=(
            say.table(
                say("a-network-with-random-weights", name=name, inputs=len(all_inputs(SIZES[0]))),
                "c perceptrons-changed largest-difference-of-sigmoids exp-c-min-z ratio",
                ((*one.values(), _ratio(one["difference"], one["exp"])) for one in table),
            ),
            say.table(
                say("one-neuron-with-z-multiplied", sum=total, x1=inputs[0], x2=inputs[1]),
                ("c", "c z", "sigma-c-z", "perceptron"),
                ((c, c * z + 0.0, a, step) for c, a in zip(factors, outputs, strict=True)),
            ),
        ),
        findings=(
            _unchanged(int(max(one["perceptrons_changed"] for one in table)), factors),
            say("in-the-network-of-perceptrons", closest=closest),
            _fall(measured[-2:], closest),
            _at_zero(z, outputs, step),
        ),
        values={
            "network": name,
            "seed": seed,
            "closest_to_zero": closest,
            "table": table,
            "neuron": {"z": z, "perceptron": step, "table": neuron},
        },
        figure=_figure(factors, measured, closest),
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


def _largest_difference(z: Array, hard: npt.NDArray[np.bool_]) -> float:
    """Return the largest difference of sigma(z) from the perceptron's output: sigma(z) from 0, or sigma(-z) from 1."""
    return float(sigmoid(np.where(hard, -z, z)).max())


def _ratio(difference: float, bound: float) -> str:
    return f"{difference / bound:.3g}" if min(difference, bound) > SMALLEST else say("underflow")


def _unchanged(most: int, factors: tuple[float, ...]) -> str:
    which = "rounding" if most else "unchanged" if len(factors) > 1 else "unchanged-at"
    return say(which, most=most, total=2 ** SIZES[0] * sum(SIZES[1:]), count=len(factors), c=factors[0])


def _fall(measured: list[tuple[float, float]], closest: float) -> str:
    """Say how fast the difference falls, between the two largest c at which it has all its digits."""
    if len(measured) < 2:
        return ""
    (c, difference), (larger_c, smaller) = measured
    rate = float(np.log(difference / smaller)) / (larger_c - c)
    which = "falls" if smaller < difference else "does-not-fall"
    return say(which, c=c, larger=larger_c, before=difference, after=smaller, rate=rate, closest=closest)


def _at_zero(z: float, outputs: list[float], step: int) -> str:
    if z == 0:
        return say("the-one-neuron-has-w", first=outputs[0], last=outputs[-1], step=step)
    output = f"{outputs[-1]:.6g}" if outputs[-1] > SMALLEST else say("below", smallest=SMALLEST)
    return say("not-at-zero", z=z, output=output, step=step)


def _figure(factors: tuple[float, ...], measured: list[tuple[float, float]], closest: float) -> Figure:
    z = np.linspace(-3, 3, 601)
    shown = factors if len(factors) <= 4 else (factors[0], factors[len(factors) // 3], factors[-1])
    c = np.linspace(min(factors), min(max(factors), 700 / closest), 200)
    return Figure(
        (
            say.panel(
                "sigma-c-z",
                "z",
                "output",
                *(say.curve(z, sigmoid(c * z), f"c = {c:g}") for c in shown),
                say.curve([0.0], [0.5], "1-2-at-z-0", "filled"),
            ),
            say.panel(
                "largest-difference-from-the-perceptrons",
                "c",
                "",
                say.curve(c, np.exp(-c * closest), "exp-c-min-z", "dashed"),
                say.curve([c for c, _ in measured], [difference for _, difference in measured], "measured", "points"),
                log_y=True,
            ),
        ),
        size=(5.2, 4.0),
    )
