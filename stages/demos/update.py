"""One step of the update rule (equations 20 and 21) on a mini-batch small enough to compute by hand."""

from math import hypot
from typing import Annotated, NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.layers.activations import SIGMOID
from nndigits.models.layers.dense import Dense
from nndigits.models.network.network import Network
from nndigits.models.training.trainer import plain_trainer
from nndigits.stages.demos.shared.demo import Demo, Given
from nndigits.stages.demos.shared.texts import Say, joined
from nndigits.stages.figures.figure import Figure
from nndigits.stages.store.errors import UsageError

say = Say("update")

PARAMETERS = ("w1", "w2", "b")
PLOTTED = 61


class Batch(NamedTuple):
    """What the neuron computes from m samples: outputs, errors and costs ``(m,)``, and gradients ``(m, 3)``."""

    a: Array
    delta: Array
    costs: Array
    gradients: Array


def run(
    *,
    inputs: Annotated[tuple[float, ...], Given(-10, 10)] = (1.0, 0.0, 1.0, 1.0),
    targets: Annotated[tuple[float, ...], Given(0, 1, count=(1, 8))] = (1.0, 0.0),
    weights: Annotated[tuple[float, float], Given(-10, 10, count=(2, 2))] = (2.0, -1.0),
    bias: Annotated[float, Given(-10, 10)] = -1.0,
    eta: Annotated[float, Given(0, 100, above=True)] = 3.0,
) -> Demo:
    """Compute one step of the update rule by hand, and compare it with a step of the trainer."""
    m = len(targets)
    if len(inputs) != 2 * m:
        raise UsageError(say("pairs", count=2 * m, targets=m, found=len(inputs)), "inputs")
    x, y = np.array([*zip(inputs[::2], inputs[1::2], [1.0] * m, strict=True)]), np.array(targets)
    before = np.array([*weights, bias])
    batch = evaluate(before, x, y)
    sums = batch.gradients.sum(axis=0)
    after = before - eta / m * sums
    trained = _trained(before, x, y, eta)
    moved = evaluate(after, x, y)
    difference = float(np.abs(after - trained).max())
    return Demo(
        idea=say("idea"),
        tables=(
            say.table(
                say("the-mini-batch-m-with", m=m, w1=before[0], w2=before[1], b=before[2]),
                ("x1", "x2", "y", "a", "delta", *(say("dc-x", name=name) for name in PARAMETERS)),
                (
                    (f"{x1:g}", f"{x2:g}", f"{target:g}", a, delta, *(gradient + 0.0))
                    for (x1, x2, _), target, a, delta, gradient in zip(
                        x, targets, batch.a, batch.delta, batch.gradients, strict=True
                    )
                ),
            ),
            say.table(
                say("the-update", eta=eta, m=m, rate=eta / m),
                ("", "before", "sum-of-derivatives", "eta-m-x-sum", "after", "the-trainers"),
                zip(PARAMETERS, before, sums, eta / m * sums, after, trained, strict=True),
            ),
        ),
        findings=(
            say("the-trainer-of-nn-train" if difference else "the-trainer-of-nn-train-2", difference=difference),
            _effect(batch, moved, sums, eta),
        ),
        values={
            "inputs": x[:, :2],
            "targets": targets,
            "eta": eta,
            "samples": [
                dict(zip(("a", "delta", "cost", "gradient"), sample, strict=True))
                for sample in zip(*batch, strict=True)
            ],
            "before": before,
            "sum": sums,
            "after": after,
            "trainer": trained,
            "largest_difference": difference,
            "cost_before": batch.costs.mean(),
            "cost_after": moved.costs.mean(),
        },
        figure=_figure(before, x, y, sums / m, eta),
        try_next=("update --eta 0.1", "update --eta 30", "update --inputs 1,1 --targets 1", "backprop", "sgd"),
    )


def evaluate(parameters: Array, x: Array, y: Array) -> Batch:
    """Compute the outputs, errors, costs and gradients of the neuron for inputs ``(m, 3)``, of which the last is 1."""
    w1, w2, b = parameters
    z = w1 * x[:, 0] + w2 * x[:, 1] + b
    a = SIGMOID.value(z, np.empty_like(z))
    delta = (a - y) * a * (1 - a)
    return Batch(a, delta, (y - a) ** 2 / 2, delta[:, None] * x)


def _trained(before: Array, x: Array, y: Array, eta: float) -> Array:
    """Take the same step with the trainer of ``nn train``; return w1, w2 and b afterwards."""
    layer = Dense(before[None, :2].copy(), before[2:].copy())
    trainer = plain_trainer(Network([layer]), eta)
    trainer.step(x, y.reshape(-1, 1), trainer.eta)
    return np.append(layer.w[0], layer.b)


def _effect(batch: Batch, moved: Batch, sums: Array, eta: float) -> str:
    """Compare the change of the cost with that of a tiny step, eta |gradient|²."""
    cost, later = batch.costs.mean(), moved.costs.mean()
    change = later - cost
    if not any(sums):
        return say("no-derivative", cost=cost)
    if change == 0:
        return say("lost", cost=cost)
    effect = say("falls" if change < 0 else "rises", before=cost, after=later, change=change)
    predicted = say("predicted", predicted=-eta * hypot(*sums) ** 2 / len(batch.a) ** 2)
    return joined(effect, predicted, say("too-long") if change > 0 else "")


def _figure(before: Array, x: Array, y: Array, gradient: Array, eta: float) -> Figure:
    """Plot the cost of the mini-batch for steps from 0 to twice eta."""

    def cost(rate: float) -> float:
        """Return the cost after a step with this learning rate."""
        return float(evaluate(before - rate * gradient, x, y).costs.mean())

    rates = np.linspace(0, 2 * eta, PLOTTED)
    start, fall = cost(0.0), hypot(*gradient) ** 2
    costs = [*map(cost, rates)]
    panel = say.panel(
        "the-cost-after-one-step",
        "eta",
        "c-of-the-mini-batch",
        say.curve(rates, costs, "c"),
        say.curve(rates, start - rates * fall, "straight-line", "dashed"),
        say.curve([0.0, eta], [start, cost(eta)], "before-and-after", "points"),
        y_range=(0.0, 1.1 * (max(costs) or 1.0)),
    )
    return Figure((panel,), size=(5.5, 4.0))
