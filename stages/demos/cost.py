"""One weight of a trained network changes: the cost changes smoothly, the accuracy stays constant or jumps."""

from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array, Integers
from nndigits.models.layers.activations import no_slope
from nndigits.models.network.gradients import gradients
from nndigits.models.network.inputs import as_inputs, one_hot
from nndigits.models.network.metrics import count_correct
from nndigits.models.network.network import Network
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.data import CLASSES, DATA, read_digits
from nndigits.stages.demos.shared.demo import Demo, Progress, Table, quietly
from nndigits.stages.demos.shared.texts import joined, texts
from nndigits.stages.demos.shared.trained import WEIGHTS, other_layers, trained_network
from nndigits.stages.figures.figure import Curve, Figure, Panel
from nndigits.stages.store.errors import UsageError

say = texts("cost")

MOST_IMAGES, LARGEST_SPAN = 2000, 100.0
WIDE, FINE, FINER = 40, 10, 200
"""Steps of the wide sweep and of the fine one, and how many times narrower the fine one is."""


def run(
    *,
    layer: Annotated[
        int, "Layer of the neuron, counted as in the chapter: 1 is the input layer, without weights; 0: the last layer."
    ] = 0,
    neuron: Annotated[int, "Neuron of that layer, counted from 0."] = 3,
    weight: Annotated[int, "Weight of that neuron, counted from 0; -1 is the one with the steepest cost."] = -1,
    span: Annotated[float, "Largest change of the weight, up and down."] = 2.0,
    images: Annotated[int, "Number of test images."] = 1000,
    seed: Annotated[int, "Seed of the network, if it is trained here."] = 0,
    data: Annotated[Path, "The data set, made by nn fetch."] = DATA,
    weights: Annotated[Path, "The trained network, made by nn train."] = WEIGHTS,
    progress: Progress = quietly,
) -> Demo:
    """Change one weight and compare how the cost and the number of correct predictions change."""
    limits.above_zero("span", span, LARGEST_SPAN)
    limits.whole("images", images, 1, MOST_IMAGES)
    limits.seed(seed)
    digits = read_digits(data)
    network, origin = trained_network(weights, digits, seed=seed, progress=progress, complaint=_unsuitable)
    if layer == 1:
        raise UsageError(f"the input layer has no weights; expected 2 to {len(network.dense) + 1}", "layer", layer)
    if layer:
        limits.whole("layer", layer, 2, len(network.dense) + 1)
    place = layer - 2 if layer else len(network.dense) - 1
    chosen, layer = network.dense[place], place + 2
    limits.whole("neuron", neuron, 0, chosen.outputs - 1)
    limits.whole("weight", weight, -1, chosen.inputs - 1)
    x = as_inputs(digits.test_images[:images], "float64")
    y, labels = one_hot(digits.test_labels[:images], CLASSES, "float64"), digits.test_labels[:images]
    slopes = gradients(network, x, y)[1][place][neuron, :-1] / len(x)
    weight = int(np.abs(slopes).argmax()) if weight < 0 else weight
    slope = float(slopes[weight])
    fine = _sweep(network, x, y, labels, chosen.w[neuron], weight, np.linspace(-span, span, FINE + 1) / FINER)
    wide = _sweep(network, x, y, labels, chosen.w[neuron], weight, np.linspace(-span, span, WIDE + 1))
    return Demo(
        idea=say("idea", weight=weight, neuron=neuron, layer=layer, name=_layer_name(network, place)),
        tables=(
            _table(say("the-weight-changes-in-steps", step=2 * span / FINE / FINER), fine, len(x), slope),
            _table(
                say("the-weight-changes-in-steps-2", step=2 * span / WIDE),
                wide,
                len(x),
                slope,
                every=4,
            ),
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
            "fine": [one._asdict() for one in fine],
            "wide": [one._asdict() for one in wide],
        },
        figure=Figure((*_panels("small", fine), *_panels("large", wide)), columns=2),
        try_next=("cost --layer 2 --neuron 0", "cost --span 10", "gradient-descent", "sgd"),
    )


def _layer_name(network: Network, place: int) -> str:
    """Return the chapter's name of the layer at ``place`` of those with weights."""
    if place == len(network.dense) - 1:
        return say("the-output-layer")
    return say("the-hidden-layer") if len(network.dense) == 2 else say("hidden-layer", number=place + 1)


class Measurement(NamedTuple):
    """Cost and number of correct predictions for one change of the weight."""

    change: float
    cost: float
    correct: int


def _unsuitable(network: Network) -> str:
    """Return why a network has no slope of the quadratic cost to show, or an empty string."""
    last = network.last
    return other_layers(network) or (
        f"ends in {last!r}, and the quadratic cost has no slope there" if last.activation.derivative is no_slope else ""
    )


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
    return Table(
        title,
        (
            say("change"),
            say("cost"),
            say("change-of-the-cost"),
            say("slope-x-change"),
            say("correct-of-images", images=images),
        ),
        tuple(
            (one.change, round(one.cost, 9), one.cost - middle.cost, slope * one.change + 0.0, one.correct)
            for one in sweep[::every]
        ),
    )


def _changes(sweep: list[Measurement]) -> str:
    """Say in how many steps the cost and the number of correct predictions change, and by how much at most."""
    costs, counts = np.diff([one.cost for one in sweep]), np.diff([one.correct for one in sweep])
    jumps = int(np.count_nonzero(counts))
    changed = int(np.count_nonzero(costs))
    return joined(
        (
            say(
                "cost-changes" if changed else "cost-never-changes",
                steps=len(costs),
                step=sweep[1].change - sweep[0].change,
                changed=changed,
                most=np.abs(costs).max(),
            ),
            say("jumps" if jumps else "no-jump", still=len(counts) - jumps, jumps=jumps, most=np.abs(counts).max()),
        )
    )


def _best(sweep: list[Measurement]) -> str:
    """Say at which change the cost is lowest, and at which most predictions are correct."""
    lowest, most = min(sweep, key=lambda one: one.cost), max(one.correct for one in sweep)
    where = [one.change for one in sweep if one.correct == most]
    if lowest.cost == max(one.cost for one in sweep):
        return say("the-cost-is-the-same")
    if len(where) == len(sweep):
        changes = say("every-change")
    else:
        changes = say("one-change" if len(where) == 1 else "some-changes", count=len(where), first=where[0])
    return say("the-cost-is-lowest-at", change=lowest.change, correct=lowest.correct, most=most, change2=changes)


def _panels(how: str, sweep: list[Measurement]) -> tuple[Panel, Panel]:
    changes = [one.change for one in sweep]
    costs, counts = [one.cost for one in sweep], [float(one.correct) for one in sweep]
    return (
        Panel(say(f"cost-{how}"), say("change-of-the-weight"), say("c"), (Curve(changes, costs),)),
        Panel(
            say(f"correct-{how}"),
            say("change-of-the-weight"),
            say("images"),
            (Curve(changes, counts, "", "points"),),
        ),
    )
