"""Backpropagation in a 2-2-1 network, worked out number by number and checked by finite differences."""

from typing import Annotated

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.layers.activations import PRECISE_SIGMOID
from nndigits.models.layers.dense import Dense
from nndigits.models.network.gradients import central_differences, gradients
from nndigits.models.network.network import Network
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.demo import Cell, Demo, Table
from nndigits.stages.demos.shared.texts import joined, texts
from nndigits.stages.figures.figure import Curve, Figure, Panel

say = texts("backprop")

LARGEST = 10.0
W1, B1 = ((0.5, -1.0), (1.0, 2.0)), (0.5, -1.0)
W2, B2 = ((2.0, -1.0),), (0.0,)
STEPS = tuple(10.0**-exponent for exponent in range(1, 13))


def run(
    *,
    inputs: Annotated[tuple[float, float], "The two inputs."] = (1.0, 0.5),
    target: Annotated[float, "Target output, 0 to 1."] = 1.0,
    step: Annotated[float, "Change of each weight, up and down, for the measured derivatives."] = 1e-5,
) -> Demo:
    """Compute the gradient of a 2-2-1 network by the four equations, and check it by small changes of each weight."""
    limits.count("inputs", inputs, 2, 2)
    for number in inputs:
        limits.number("inputs", number, -LARGEST, LARGEST)
    limits.number("target", target, 0, 1)
    limits.number("step", step, 1e-12, 1.0)
    network = Network([Dense(np.array(w), np.array(b), PRECISE_SIGMOID) for w, b in ((W1, B1), (W2, B2))])
    x, y = np.array([[*inputs, 1.0]]), np.array([[target]])
    measured = central_differences(network, x, y, step)
    by_step = [
        _largest_difference(gradients(network, x, y)[1], central_differences(network, x, y, size)) for size in STEPS
    ]
    cost, nablas = gradients(network, x, y)
    hidden, last = network.dense
    difference = _largest_difference(nablas, measured)
    size = sum(nabla.size for nabla in nablas)
    return Demo(
        idea=(say("idea")),
        tables=(
            _network_table(network),
            _forward(inputs, hidden, last, target, cost),
            _errors(hidden, last, target),
            _gradient_table(nablas, measured, step),
        ),
        findings=(
            say("the-largest-difference-between-the", difference=difference),
            say("passes", passes=2 * size, size=size),
            _best_step(by_step),
        ),
        values={
            "inputs": list(inputs),
            "target": target,
            "cost": cost,
            "hidden": {"a": hidden.a[0].tolist(), "delta": hidden.delta[0].tolist()},
            "output": {"a": last.a[0].tolist(), "delta": last.delta[0].tolist()},
            "gradient": [nabla.tolist() for nabla in nablas],
            "measured": [nabla.tolist() for nabla in measured],
            "largest_difference": difference,
            "difference_by_step": [
                {"step": size, "difference": largest} for size, largest in zip(STEPS, by_step, strict=True)
            ],
        },
        figure=Figure(
            (
                Panel(
                    say("error-of-the-measured-derivatives"),
                    say("change-of-each-weight"),
                    say("largest-difference"),
                    (Curve(STEPS, [max(largest, 1e-16) for largest in by_step]),),
                    log_x=True,
                    log_y=True,
                ),
            )
        ),
        try_next=("backprop --target 0", "backprop --step 0.1", "backprop --inputs 10,10", "sgd"),
    )


def _network_table(network: Network) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (joined((name, str(number))), float(w[0]), float(w[1]), float(b))
        for name, layer in zip((say("hidden"), say("output")), network.dense, strict=True)
        for number, (w, b) in enumerate(zip(layer.w, layer.b, strict=True), 1)
    ]
    return Table(say("the-network-weights-w-and"), (say("neuron"), "w1", "w2", "b"), tuple(rows))


def _forward(inputs: tuple[float, float], hidden: Dense, last: Dense, target: float, cost: float) -> Table:
    """Write out the forward pass: z = w.a + b and a = sigma(z)."""
    rows: list[tuple[Cell, ...]] = []
    for name, layer, below in ((say("hidden"), hidden, inputs), (say("output"), last, hidden.a[0].tolist())):
        for number, (w, b) in enumerate(zip(layer.w, layer.b, strict=True)):
            z, a = float(w @ np.array(below) + b), float(layer.a[0, number])
            weighted_sum = f"{w[0]:g} x {below[0]:.6g} + {w[1]:g} x {below[1]:.6g} + {b:g}".replace("+ -", "- ")
            rows.append((joined((name, str(number + 1))), weighted_sum, z, a, a * (1 - a)))
    return Table(
        say("forward-pass-the-target-is", target=target, cost=cost),
        (say("neuron"), "w1 a1 + w2 a2 + b", "z", say("a-sigma-z"), say("sigma-a-1-a")),
        tuple(rows),
    )


def _errors(hidden: Dense, last: Dense, target: float) -> Table:
    """Write out the backward pass: the errors of the output (BP1) and of the hidden neurons (BP2)."""
    a, delta = float(last.a[0, 0]), float(last.delta[0, 0])
    rows: list[tuple[Cell, ...]] = [
        (joined((say("output"), "1")), "BP1", f"({a:.6g} - {target:g}) x {a * (1 - a):.6g}", delta)
    ]
    for number in range(2):
        slope = float(hidden.a[0, number] * (1 - hidden.a[0, number]))
        product = f"{last.w[0, number]:g} x {delta:.6g} x {slope:.6g}"
        rows.append((say("hidden-2", number=number + 1), "BP2", product, float(hidden.delta[0, number])))
    return Table(
        say("backward-pass-bp1-a-y"),
        (say("neuron"), say("equation"), say("product"), say("delta-dc-dz")),
        tuple(rows),
    )


def _gradient_table(nablas: list[Array], measured: list[Array], step: float) -> Table:
    """Compare BP3 and BP4 with the measured derivatives: a row for each weight and bias."""
    rows: list[tuple[Cell, ...]] = []
    for name, nabla, estimates in zip((say("hidden"), say("output")), nablas, measured, strict=True):
        for neuron, (row, other) in enumerate(zip(nabla.tolist(), estimates.tolist(), strict=True), 1):
            for what, by, formula, seen in zip(("w1", "w2", "b"), ("BP4", "BP4", "BP3"), row, other, strict=True):
                rows.append((joined((name, str(neuron))), what, by, formula, seen, formula - seen))
    return Table(
        say("derivatives-bp3-dc-db-delta", step=step),
        (
            say("neuron"),
            say("parameter"),
            say("equation"),
            say("backpropagation"),
            say("measured"),
            say("difference"),
        ),
        tuple(rows),
    )


def _largest_difference(nablas: list[Array], measured: list[Array]) -> float:
    return max(float(np.abs(one - other).max()) for one, other in zip(nablas, measured, strict=True))


def _best_step(by_step: list[float]) -> str:
    best = int(np.argmin(by_step))
    return say("of-the-steps-from-large", large=STEPS[0], small=STEPS[-1], best=STEPS[best], difference=by_step[best])
