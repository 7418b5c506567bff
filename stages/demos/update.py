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
from nndigits.stages.demos.shared.texts import Say, Table, joined
from nndigits.stages.figures.figure import Figure
from nndigits.stages.store.errors import UsageError

say = Say("update")

PARAMETERS = ("w1", "w2", "b")
PLOTTED = 61


class Sample(NamedTuple):
    """A training input with its target, and what the neuron computes from it."""

    x1: float
    x2: float
    y: float
    a: float
    delta: float

    @property
    def gradient(self) -> tuple[float, float, float]:
        """Return dC_x/dw1, dC_x/dw2 and dC_x/db."""
        return self.delta * self.x1, self.delta * self.x2, self.delta

    @property
    def cost(self) -> float:
        """Return C_x = (y - a)² / 2."""
        return (self.y - self.a) ** 2 / 2


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
    pairs = list(zip(inputs[::2], inputs[1::2], strict=True))
    before = (*weights, bias)
    batch = evaluate(before, pairs, targets)
    sums = [sum(column) for column in zip(*(sample.gradient for sample in batch), strict=True)]
    after = tuple(value - eta / m * total for value, total in zip(before, sums, strict=True))
    trained = _trained(before, pairs, targets, eta)
    moved = evaluate(after, pairs, targets)
    difference = max(abs(one - other) for one, other in zip(after, trained, strict=True))
    return Demo(
        idea=say("idea"),
        tables=(
            _batch_table(before, batch),
            say.table(
                say("the-update", eta=eta, m=m, rate=eta / m),
                ("", "before", "sum-of-derivatives", "eta-m-x-sum", "after", "the-trainers"),
                (
                    (name, old, total, eta / m * total, new, other)
                    for name, old, total, new, other in zip(PARAMETERS, before, sums, after, trained, strict=True)
                ),
            ),
        ),
        findings=(
            say("the-trainer-of-nn-train" if difference else "the-trainer-of-nn-train-2", difference=difference),
            _effect(batch, moved, sums, eta),
        ),
        values={
            "inputs": [list(pair) for pair in pairs],
            "targets": targets,
            "eta": eta,
            "samples": [
                {"a": sample.a, "delta": sample.delta, "cost": sample.cost, "gradient": list(sample.gradient)}
                for sample in batch
            ],
            "before": before,
            "sum": sums,
            "after": after,
            "trainer": trained,
            "largest_difference": difference,
            "cost_before": mean_cost(batch),
            "cost_after": mean_cost(moved),
        },
        figure=_figure(before, pairs, targets, sums, eta),
        try_next=("update --eta 0.1", "update --eta 30", "update --inputs 1,1 --targets 1", "backprop", "sgd"),
    )


def evaluate(
    parameters: tuple[float, ...], pairs: list[tuple[float, float]], targets: tuple[float, ...]
) -> list[Sample]:
    """Compute the output and the error of the neuron for every sample, without matrices."""
    w1, w2, b = parameters
    batch = []
    for (x1, x2), y in zip(pairs, targets, strict=True):
        a = float(SIGMOID.value(np.array([w1 * x1 + w2 * x2 + b]), np.empty(1))[0])
        batch.append(Sample(x1, x2, y, a, (a - y) * a * (1 - a)))
    return batch


def mean_cost(batch: list[Sample]) -> float:
    """Return the cost of the mini-batch, the mean of C_x."""
    return sum(sample.cost for sample in batch) / len(batch)


def _trained(
    before: tuple[float, ...], pairs: list[tuple[float, float]], targets: tuple[float, ...], eta: float
) -> list[float]:
    """Take the same step with the trainer of ``nn train``; return w1, w2 and b afterwards."""
    layer = Dense(np.array([before[:2]]), np.array(before[2:]))
    trainer = plain_trainer(Network([layer]), eta)
    x: Array = np.array([[*pair, 1.0] for pair in pairs])
    trainer.step(x, np.array(targets).reshape(-1, 1), trainer.eta)
    return [*layer.w[0].tolist(), float(layer.b[0])]


def _batch_table(before: tuple[float, ...], batch: list[Sample]) -> Table:
    w1, w2, b = before
    return say.table(
        say("the-mini-batch-m-with", m=len(batch), w1=w1, w2=w2, b=b),
        ("x1", "x2", "y", "a", "delta", *(say("dc-x", name=name) for name in PARAMETERS)),
        (
            (*(f"{number:g}" for number in one[:3]), one.a, one.delta, *(value + 0.0 for value in one.gradient))
            for one in batch
        ),
    )


def _effect(batch: list[Sample], moved: list[Sample], sums: list[float], eta: float) -> str:
    """Compare the change of the cost with that of a tiny step, eta |gradient|²."""
    cost, later = mean_cost(batch), mean_cost(moved)
    change = later - cost
    if not any(sums):
        return say("no-derivative", cost=cost)
    if change == 0:
        return say("lost", cost=cost)
    effect = say("falls" if change < 0 else "rises", before=cost, after=later, change=change)
    predicted = say("predicted", predicted=-eta * hypot(*sums) ** 2 / len(batch) ** 2)
    return joined(effect, predicted, *([say("too-long")] if change > 0 else []))


def _figure(
    before: tuple[float, ...],
    pairs: list[tuple[float, float]],
    targets: tuple[float, ...],
    sums: list[float],
    eta: float,
) -> Figure:
    """Plot the cost of the mini-batch for steps from 0 to twice eta."""
    gradient = [total / len(targets) for total in sums]

    def cost(rate: float) -> float:
        """Return the cost after a step with this learning rate."""
        moved = tuple(value - rate * slope for value, slope in zip(before, gradient, strict=True))
        return mean_cost(evaluate(moved, pairs, targets))

    rates = np.linspace(0, 2 * eta, PLOTTED).tolist()
    start, fall = cost(0.0), hypot(*gradient) ** 2
    costs = [cost(rate) for rate in rates]
    panel = say.panel(
        "the-cost-after-one-step",
        "eta",
        "c-of-the-mini-batch",
        say.curve(rates, costs, "c"),
        say.curve(rates, [start - rate * fall for rate in rates], "straight-line", "dashed"),
        say.curve([0.0, eta], [start, cost(eta)], "before-and-after", "points"),
        y_range=(0.0, 1.1 * (max(costs) or 1.0)),
    )
    return Figure((panel,), size=(5.5, 4.0))
