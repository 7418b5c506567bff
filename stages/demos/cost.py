"""One weight of a trained network changes: the cost changes smoothly, the accuracy stays constant or jumps."""

from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array, Integers
from nndigits.models.layers.activations import no_slope
from nndigits.models.network.gradients import gradients
from nndigits.models.network.metrics import count_correct
from nndigits.models.network.network import Network
from nndigits.stages.demos.shared.data import DATA, read_digits, samples
from nndigits.stages.demos.shared.demo import Demo, Given, Progress, Seed, quietly
from nndigits.stages.demos.shared.texts import Say, Table, joined
from nndigits.stages.demos.shared.trained import WEIGHTS, other_layers, trained_network
from nndigits.stages.figures.figure import Figure, Panel
from nndigits.stages.store.errors import UsageError

say = Say("cost")

WIDE, FINE, FINER = 40, 10, 200
"""Steps of the wide sweep and of the fine one, and how many times narrower the fine one is."""


class Measurement(NamedTuple):
    """Cost and number of correct predictions for one change of the weight."""

    change: float
    cost: float
    correct: int


def run(
    *,
    layer: int = 0,
    neuron: int = 3,
    weight: int = -1,
    span: Annotated[float, Given(0, 100, above=True)] = 2.0,
    images: Annotated[int, Given(1, 2000)] = 1000,
    seed: Seed = 0,
    data: Path = DATA,
    weights: Path = WEIGHTS,
    progress: Progress = quietly,
) -> Demo:
    """Change one weight and compare how the cost and the number of correct predictions change."""
    digits = read_digits(data)
    network, origin = trained_network(weights, digits, seed=seed, progress=progress, complaint=_unsuitable)
    last = len(network.dense) + 1
    if layer == 1:
        raise UsageError(say("no-weights", last=last), "layer", layer)
    layer = layer or last
    Given(2, last).check("layer", layer)
    chosen = network.dense[layer - 2]
    Given(0, chosen.outputs - 1).check("neuron", neuron)
    Given(-1, chosen.inputs - 1).check("weight", weight)
    labels = digits.test_labels[:images]
    x, y = samples(digits.test_images[:images], labels)
    slopes = gradients(network, x, y)[1][layer - 2][neuron, :-1] / len(x)
    weight = int(np.abs(slopes).argmax()) if weight < 0 else weight
    slope, row = float(slopes[weight]), chosen.w[neuron]
    name = "the-output-layer" if layer == last else "the-hidden-layer" if last == 3 else "hidden-layer"
    fine = _sweep(network, x, y, labels, row, weight, np.linspace(-span, span, FINE + 1) / FINER)
    wide = _sweep(network, x, y, labels, row, weight, np.linspace(-span, span, WIDE + 1))
    return Demo(
        idea=say("idea", weight=weight, neuron=neuron, layer=layer, name=say(name, number=layer - 1)),
        tables=(
            _table(say("the-weight-changes-in-steps", step=2 * span / FINE / FINER), fine, len(x), slope),
            _table(say("the-weight-changes-in-steps-2", step=2 * span / WIDE), wide, len(x), slope, every=4),
        ),
        findings=(
            digits.about,
            origin,
            say("backpropagation-gives-a-slope-of", slope=slope),
            _changes(fine),
            _changes(wide),
            _best(wide),
        ),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "weight": {"layer": layer, "neuron": neuron, "weight": weight},
            "images": len(x),
            "slope": slope,
            "fine": fine,
            "wide": wide,
        },
        figure=Figure((*_panels("small", fine), *_panels("large", wide))),
        try_next=("cost --layer 2 --neuron 0", "cost --span 10", "gradient-descent", "sgd"),
    )


def _unsuitable(network: Network) -> str:
    """Return why a network has no slope of the quadratic cost to show, or an empty string."""
    no_slope_there = network.last.activation.derivative is no_slope
    return other_layers(network) or (say("no-slope", last=network.last) if no_slope_there else "")


def _sweep(
    network: Network, x: Array, y: Array, labels: Integers, row: Array, weight: int, changes: Array
) -> list[Measurement]:
    """Add each change to ``row[weight]``, measure cost and accuracy, and restore the weight."""
    trained, sweep = float(row[weight]), []
    for change in changes.tolist():
        row[weight] = trained + change
        a = network.forward(x)
        cost = network.cost.evaluate(a, y, np.empty_like(a)) / len(x)
        sweep.append(Measurement(change, cost, count_correct(a, labels)))
    row[weight] = trained
    return sweep


def _table(title: str, sweep: list[Measurement], images: int, slope: float, every: int = 1) -> Table:
    middle = sweep[len(sweep) // 2]
    return say.table(
        title,
        ("change", "cost", "change-of-the-cost", "slope-x-change", say("correct-of-images", images=images)),
        (
            (one.change, round(one.cost, 9), one.cost - middle.cost, slope * one.change + 0.0, one.correct)
            for one in sweep[::every]
        ),
    )


def _changes(sweep: list[Measurement]) -> str:
    """Say in how many steps the cost and the number of correct predictions change, and by how much at most."""
    costs, counts = np.diff([one.cost for one in sweep]), np.diff([one.correct for one in sweep])
    jumps, changed = int(np.count_nonzero(counts)), int(np.count_nonzero(costs))
    step, most = sweep[1].change - sweep[0].change, np.abs(costs).max()
    return joined(
        say(
            "cost-changes" if changed else "cost-never-changes", steps=len(costs), step=step, changed=changed, most=most
        ),
        say("jumps" if jumps else "no-jump", still=len(counts) - jumps, jumps=jumps, most=np.abs(counts).max()),
    )


def _best(sweep: list[Measurement]) -> str:
    """Say at which change the cost is lowest, and at which most predictions are correct."""
    lowest, most = min(sweep, key=lambda one: one.cost), max(one.correct for one in sweep)
    where = [one.change for one in sweep if one.correct == most]
    if lowest.cost == max(one.cost for one in sweep):
        return say("the-cost-is-the-same")
    which = "every-change" if len(where) == len(sweep) else "one-change" if len(where) == 1 else "some-changes"
    changes = say(which, count=len(where), first=where[0])
    return say("the-cost-is-lowest-at", change=lowest.change, correct=lowest.correct, most=most, change2=changes)


def _panels(how: str, sweep: list[Measurement]) -> tuple[Panel, Panel]:
    changes, costs, counts = zip(*sweep, strict=True)
    return (
        say.panel(f"cost-{how}", "change-of-the-weight", "c", say.curve(changes, costs)),
        say.panel(f"correct-{how}", "change-of-the-weight", "images", say.curve(changes, counts, "", "points")),
    )
