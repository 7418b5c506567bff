"""One weight of a trained network moved a little: the cost moves smoothly, the accuracy stands still or jumps."""

from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np

from nn.models.arrays.types import Array, Integers
from nn.models.layers.activations import no_slope
from nn.models.network.gradients import gradients
from nn.models.network.inputs import as_inputs, one_hot
from nn.models.network.metrics import count_correct
from nn.models.network.network import Network
from nn.stages.demos.shared import limits
from nn.stages.demos.shared.data import CLASSES, DATA, read_digits
from nn.stages.demos.shared.demo import Demo, Progress, Table, quietly
from nn.stages.demos.shared.trained import WEIGHTS, other_layers, trained_network
from nn.stages.figures.figure import Curve, Figure, Panel

MOST_IMAGES, LARGEST_SPAN = 2000, 100.0
WIDE, FINE, FINER = 40, 10, 200
"""Steps of the wide sweep and of the fine one, which is so many times narrower."""


def run(
    *,
    layer: Annotated[int, "Layer of the weight; 0 is the last layer."] = 0,
    neuron: Annotated[int, "Neuron of that layer, counted from 0."] = 3,
    weight: Annotated[int, "Which of its weights, counted from 0; -1 is the one where the cost is steepest."] = -1,
    span: Annotated[float, "How far to move the weight, up and down."] = 2.0,
    images: Annotated[int, "How many test images to look at."] = 1000,
    seed: Annotated[int, "Decides the network, where one has to be trained."] = 0,
    data: Annotated[Path, "The digits, made by nn fetch."] = DATA,
    weights: Annotated[Path, "The trained network, made by nn train."] = WEIGHTS,
    progress: Progress = quietly,
) -> Demo:
    """Move one weight and watch the cost and the number of images read right."""
    limits.above_zero("span", span, LARGEST_SPAN)
    limits.whole("images", images, 1, MOST_IMAGES)
    limits.seed(seed)
    digits = read_digits(data)
    network, whence = trained_network(weights, digits, seed=seed, progress=progress, complaint=_no_slope)
    limits.whole("layer", layer, 0, len(network.dense))
    moved = network.dense[layer - 1]
    limits.whole("neuron", neuron, 0, moved.outputs - 1)
    limits.whole("weight", weight, -1, moved.inputs - 1)
    x = as_inputs(digits.test_images[:images], "float64")
    y, labels = one_hot(digits.test_labels[:images], CLASSES, "float64"), digits.test_labels[:images]
    slopes = gradients(network, x, y)[1][layer - 1][neuron, :-1] / len(x)
    weight = int(np.abs(slopes).argmax()) if weight < 0 else weight
    slope = float(slopes[weight])
    fine = _sweep(network, x, y, labels, moved.w[neuron], weight, np.linspace(-span, span, FINE + 1) / FINER)
    wide = _sweep(network, x, y, labels, moved.w[neuron], weight, np.linspace(-span, span, WIDE + 1))
    here = f"weight {weight} of neuron {neuron} in layer {network.dense.index(moved) + 1}"
    return Demo(
        idea=(
            "What a network is for is reading digits, so why does it learn by the quadratic cost, C = the mean of "
            "|y - a|² / 2, and not by the number that it reads right? Because that number cannot say which way to "
            f"change a weight. Here {here} of a trained network is moved a little, and nothing else."
        ),
        tables=(
            _table(f"Moved in steps of {2 * span / FINE / FINER:g}", fine, len(x), slope),
            _table(f"Moved in steps of {2 * span / WIDE:g}: every fourth is shown", wide, len(x), slope, every=4),
        ),
        findings=(
            str(digits),
            whence,
            f"At the weight as it is, backpropagation gives the slope of the cost as {slope:.6g}.",
            _steps(fine),
            _steps(wide),
            _ends(wide),
        ),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "weight": {"layer": network.dense.index(moved) + 1, "neuron": neuron, "weight": weight},
            "images": len(x),
            "slope": slope,
            "fine": [look._asdict() for look in fine],
            "wide": [look._asdict() for look in wide],
        },
        figure=Figure((*_panels("a little", fine), *_panels("further", wide)), columns=2),
        try_next=("cost --layer 1 --neuron 0", "cost --span 10", "gradient-descent", "sgd"),
    )


class Look(NamedTuple):
    """How the network does with the weight changed by so much."""

    change: float
    cost: float
    correct: int


def _no_slope(network: Network) -> str:
    """Why the quadratic cost of a network has no slope to show."""
    last = network.last
    return other_layers(network) or (
        f"ends in {last!r}, and the quadratic cost has no slope there" if last.activation.derivative is no_slope else ""
    )


def _sweep(
    network: Network, x: Array, y: Array, labels: Integers, row: Array, weight: int, changes: Array
) -> list[Look]:
    """Put each change into ``row[weight]``, look, and put the weight back."""
    kept, looks = float(row[weight]), []
    for change in changes.tolist():
        row[weight] = kept + change
        a = network.forward(x)
        looks.append(Look(change, network.cost.evaluate(a, y, np.empty_like(a)) / len(x), count_correct(a, labels)))
    row[weight] = kept
    return looks


def _table(title: str, looks: list[Look], images: int, slope: float, every: int = 1) -> Table:
    middle = looks[len(looks) // 2]
    return Table(
        title,
        ("change", "cost", "cost less the one at 0", "slope x change", f"right of {images:,}"),
        tuple(
            (look.change, round(look.cost, 9), look.cost - middle.cost, slope * look.change + 0.0, look.correct)
            for look in looks[::every]
        ),
    )


def _steps(looks: list[Look]) -> str:
    """How often each of the two changed, and by how much at most."""
    costs, counts = np.diff([look.cost for look in looks]), np.diff([look.correct for look in looks])
    moved, jumped = int(np.count_nonzero(costs)), int(np.count_nonzero(counts))
    if jumped:
        told = f"the number read right stood still in {len(counts) - jumped} and jumped in {jumped}, by up to "
        told += f"{np.abs(counts).max()}"
    else:
        told = "the number read right never changed: its slope there is 0, which says nothing"
    return (
        f"In {len(costs)} steps of {looks[1].change - looks[0].change:.2g} the cost changed in {moved}, by "
        f"{np.abs(costs).max():.2g} at most; {told}."
    )


def _ends(looks: list[Look]) -> str:
    """Where each of the two is best."""
    lowest, most = min(looks, key=lambda look: look.cost), max(look.correct for look in looks)
    where = [look.change for look in looks if look.correct == most]
    places = f"at {where[0]:+.2g}" if len(where) == 1 else f"at {len(where)} of the places, {where[0]:+.2g} the first"
    return (
        f"The cost is lowest at a change of {lowest.change:+.2g}, where {lowest.correct} are right; the most right are "
        f"{most}, {places}."
    )


def _panels(how: str, looks: list[Look]) -> tuple[Panel, Panel]:
    changes = [look.change for look in looks]
    return (
        Panel(
            f"Cost, weight moved {how}", "change of the weight", "C", (Curve(changes, [look.cost for look in looks]),)
        ),
        Panel(
            f"Images read right, weight moved {how}",
            "change of the weight",
            "images",
            (Curve(changes, [float(look.correct) for look in looks], "", "points"),),
        ),
    )
