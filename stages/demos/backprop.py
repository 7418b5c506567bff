"""Backpropagation in a 2-2-1 network, worked out number by number and checked by finite differences."""

from typing import Annotated, NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.layers.activations import PRECISE_SIGMOID
from nndigits.models.layers.dense import Dense
from nndigits.models.network.gradients import central_differences, gradients
from nndigits.models.network.network import Network
from nndigits.stages.demos.shared.demo import Demo, Given
from nndigits.stages.demos.shared.texts import Say, Table, Text, joined
from nndigits.stages.figures.figure import Figure

say = Say("backprop")

W1, B1 = ((0.5, -1.0), (1.0, 2.0)), (0.5, -1.0)
W2, B2 = ((2.0, -1.0),), (0.0,)
STEPS = tuple(10.0**-exponent for exponent in range(1, 13))


class Neuron(NamedTuple):
    """A neuron: its name, weights, bias and inputs, its output a and its error delta."""

    name: Text
    w: Array
    b: float
    inputs: Array
    a: float
    delta: float

    @property
    def slope(self) -> float:
        """sigma'(z) = a (1 - a)."""
        return self.a * (1 - self.a)


def run(
    *,
    inputs: Annotated[tuple[float, float], Given(-10, 10, count=(2, 2))] = (1.0, 0.5),
    target: Annotated[float, Given(0, 1)] = 1.0,
    step: Annotated[float, Given(1e-12, 1)] = 1e-05,
) -> Demo:
    """Compute the gradient of a 2-2-1 network by the four equations, and check it by small changes of each weight."""
    network = Network([Dense(np.array(w), np.array(b), PRECISE_SIGMOID) for w, b in ((W1, B1), (W2, B2))])
    x, y = np.array([[*inputs, 1.0]]), np.array([[target]])
    measured = central_differences(network, x, y, step)
    by_step = [
        _largest_difference(gradients(network, x, y)[1], central_differences(network, x, y, size)) for size in STEPS
    ]
    cost, nablas = gradients(network, x, y)
    hidden, last = network.dense
    neurons = [
        Neuron(joined(say(name), str(j + 1)), layer.w[j], layer.b[j], below, layer.a[0, j], layer.delta[0, j])
        for name, layer, below in (("hidden", hidden, np.array(inputs)), ("output", last, hidden.a[0]))
        for j in range(layer.outputs)
    ]
    difference, best = _largest_difference(nablas, measured), int(np.argmin(by_step))
    size = sum(nabla.size for nabla in nablas)
    return Demo(
        idea=say("idea"),
        tables=(
            say.table("the-network-weights-w-and", "neuron w1 w2 b", ((one.name, *one.w, one.b) for one in neurons)),
            _forward(neurons, target, cost),
            _errors(neurons, target),
            _gradients(neurons, nablas, measured, step),
        ),
        findings=(
            say("the-largest-difference-between-the", difference=difference),
            say("passes", passes=2 * size, size=size),
            say("of-the-steps-from-large", large=STEPS[0], small=STEPS[-1], best=STEPS[best], difference=by_step[best]),
        ),
        values={
            "inputs": inputs,
            "target": target,
            "cost": cost,
            "hidden": {"a": hidden.a[0], "delta": hidden.delta[0]},
            "output": {"a": last.a[0], "delta": last.delta[0]},
            "gradient": nablas,
            "measured": measured,
            "largest_difference": difference,
            "difference_by_step": [
                {"step": size, "difference": largest} for size, largest in zip(STEPS, by_step, strict=True)
            ],
        },
        figure=Figure(
            (
                say.panel(
                    "error-of-the-measured-derivatives",
                    "change-of-each-weight",
                    "largest-difference",
                    say.curve(STEPS, [max(largest, 1e-16) for largest in by_step]),
                    log_x=True,
                    log_y=True,
                ),
            )
        ),
        try_next=("backprop --target 0", "backprop --step 0.1", "backprop --inputs 10,10", "sgd"),
    )


def _forward(neurons: list[Neuron], target: float, cost: float) -> Table:
    """Write out the forward pass: z = w.a + b and a = sigma(z)."""
    rows = []
    for one in neurons:
        (w1, w2), (a1, a2) = one.w, one.inputs
        weighted_sum = f"{w1:g} x {a1:.6g} + {w2:g} x {a2:.6g} + {one.b:g}".replace("+ -", "- ")
        rows.append((one.name, weighted_sum, one.w @ one.inputs + one.b, one.a, one.slope))
    title = say("forward-pass-the-target-is", target=target, cost=cost)
    return say.table(title, ("neuron", "w1 a1 + w2 a2 + b", "z", "a-sigma-z", "sigma-a-1-a"), rows)


def _errors(neurons: list[Neuron], target: float) -> Table:
    """Write out the backward pass: the errors of the output (BP1) and of the hidden neurons (BP2)."""
    *hidden, output = neurons
    rows = [(output.name, "BP1", f"({output.a:.6g} - {target:g}) x {output.slope:.6g}", output.delta)]
    for number, (one, weight) in enumerate(zip(hidden, output.w, strict=True), 1):
        product = f"{weight:g} x {output.delta:.6g} x {one.slope:.6g}"
        rows.append((say("hidden-2", number=number), "BP2", product, one.delta))
    return say.table("backward-pass-bp1-a-y", "neuron equation product delta-dc-dz", rows)


def _gradients(neurons: list[Neuron], nablas: list[Array], measured: list[Array], step: float) -> Table:
    """Compare BP3 and BP4 with the measured derivatives: a row for each weight and bias."""
    return say.table(
        say("derivatives-bp3-dc-db-delta", step=step),
        "neuron parameter equation backpropagation measured difference",
        (
            (one.name, what, by, formula, seen, formula - seen)
            for one, row, other in zip(neurons, np.concatenate(nablas), np.concatenate(measured), strict=True)
            for what, by, formula, seen in zip(("w1", "w2", "b"), ("BP4", "BP4", "BP3"), row, other, strict=True)
        ),
    )


def _largest_difference(nablas: list[Array], measured: list[Array]) -> float:
    return float(np.abs(np.concatenate(nablas) - np.concatenate(measured)).max())
