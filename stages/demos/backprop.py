"""Backpropagation in a 2-2-1 network, worked out number by number and checked by finite differences."""

from typing import Annotated

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.layers.activations import PRECISE_SIGMOID
from nndigits.models.layers.dense import Dense
from nndigits.models.network.gradients import central_differences, gradients
from nndigits.models.network.network import Network
from nndigits.stages.demos.shared.demo import Demo, Given
from nndigits.stages.demos.shared.texts import Cell, Say, Table, Text, joined
from nndigits.stages.figures.figure import Figure

say = Say("backprop")

W1, B1 = ((0.5, -1.0), (1.0, 2.0)), (0.5, -1.0)
W2, B2 = ((2.0, -1.0),), (0.0,)
STEPS = tuple(10.0**-exponent for exponent in range(1, 13))


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
    difference, best = _largest_difference(nablas, measured), int(np.argmin(by_step))
    size = sum(nabla.size for nabla in nablas)
    return Demo(
        idea=say("idea"),
        tables=(
            say.table(
                "the-network-weights-w-and",
                "neuron w1 w2 b",
                (
                    (name, *layer.w[place].tolist(), float(layer.b[place]))
                    for name, layer, place, _ in _neurons(inputs, network)
                ),
            ),
            _forward(inputs, network, target, cost),
            _errors(hidden, last, target),
            _gradient_table(inputs, network, nablas, measured, step),
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
            "gradient": [nabla.tolist() for nabla in nablas],
            "measured": [nabla.tolist() for nabla in measured],
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


def _neurons(inputs: tuple[float, float], network: Network) -> list[tuple[Text, Dense, int, list[float]]]:
    """Return each neuron: its name, its layer, its place there, and the layer's inputs."""
    hidden, last = network.dense
    return [
        (joined(say(name), str(place + 1)), layer, place, below)
        for name, layer, below in (("hidden", hidden, list(inputs)), ("output", last, hidden.a[0].tolist()))
        for place in range(layer.outputs)
    ]


def _forward(inputs: tuple[float, float], network: Network, target: float, cost: float) -> Table:
    """Write out the forward pass: z = w.a + b and a = sigma(z)."""
    rows: list[tuple[Cell, ...]] = []
    for name, layer, place, below in _neurons(inputs, network):
        w, b, a = layer.w[place], layer.b[place], float(layer.a[0, place])
        weighted_sum = f"{w[0]:g} x {below[0]:.6g} + {w[1]:g} x {below[1]:.6g} + {b:g}".replace("+ -", "- ")
        rows.append((name, weighted_sum, float(w @ np.array(below) + b), a, a * (1 - a)))
    title = say("forward-pass-the-target-is", target=target, cost=cost)
    return say.table(title, ("neuron", "w1 a1 + w2 a2 + b", "z", "a-sigma-z", "sigma-a-1-a"), rows)


def _errors(hidden: Dense, last: Dense, target: float) -> Table:
    """Write out the backward pass: the errors of the output (BP1) and of the hidden neurons (BP2)."""
    a, delta = float(last.a[0, 0]), float(last.delta[0, 0])
    rows: list[tuple[Cell, ...]] = [
        (joined(say("output"), "1"), "BP1", f"({a:.6g} - {target:g}) x {a * (1 - a):.6g}", delta)
    ]
    for number in range(2):
        slope = float(hidden.a[0, number] * (1 - hidden.a[0, number]))
        product = f"{last.w[0, number]:g} x {delta:.6g} x {slope:.6g}"
        rows.append((say("hidden-2", number=number + 1), "BP2", product, float(hidden.delta[0, number])))
    return say.table("backward-pass-bp1-a-y", "neuron equation product delta-dc-dz", rows)


def _gradient_table(
    inputs: tuple[float, float], network: Network, nablas: list[Array], measured: list[Array], step: float
) -> Table:
    """Compare BP3 and BP4 with the measured derivatives: a row for each weight and bias."""
    names = [name for name, *_ in _neurons(inputs, network)]
    found, estimates = (np.concatenate(some).tolist() for some in (nablas, measured))
    return say.table(
        say("derivatives-bp3-dc-db-delta", step=step),
        "neuron parameter equation backpropagation measured difference",
        (
            (name, what, by, formula, seen, formula - seen)
            for name, row, other in zip(names, found, estimates, strict=True)
            for what, by, formula, seen in zip(("w1", "w2", "b"), ("BP4", "BP4", "BP3"), row, other, strict=True)
        ),
    )


def _largest_difference(nablas: list[Array], measured: list[Array]) -> float:
    return float(np.abs(np.concatenate(nablas) - np.concatenate(measured)).max())
