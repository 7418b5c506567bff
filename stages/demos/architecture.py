"""The layers of a network: input, hidden and output neurons, and the number of weights and biases between them."""

from itertools import pairwise
from math import isqrt
from typing import Annotated

import numpy as np

from nndigits.models.network.network import random_network
from nndigits.stages.demos.shared.demo import Demo, Given
from nndigits.stages.demos.shared.texts import Cell, Say, Table, joined
from nndigits.stages.figures.figure import Curve, Figure, Note, Panel
from nndigits.stages.store.errors import UsageError

say = Say("architecture")

MOST_PARAMETERS = 20_000_000
DRAWN = 10
"""Neurons drawn of a layer in text; of a larger layer, half of them stand above an ellipsis and half below."""
COLUMN, LINE, WIDEST_GAP = 8, 88, 12
DOTS = ":"


def run(
    *,
    sizes: Annotated[tuple[int, ...], Given(1, 1000000, count=(2, 8))] = (784, 30, 10),
) -> Demo:
    """Draw the layers of a network, and count the weights and biases of each."""
    counts = [{"weights": neurons * inputs, "biases": neurons} for inputs, neurons in pairwise(sizes)]
    total = sum(sum(count.values()) for count in counts)
    if total > MOST_PARAMETERS:
        raise UsageError(say("too-many", total=total, most=MOST_PARAMETERS), "sizes", ",".join(map(str, sizes)))
    hidden = [say("hidden-2", number=number) for number in range(1, len(sizes) - 1)]
    names: list[str] = [say("input"), *([say("hidden")] if len(hidden) == 1 else hidden), say("output")]
    return Demo(
        idea=say("idea"),
        tables=(_table(sizes, names, counts, total),),
        drawing=_drawing(sizes, names),
        findings=_findings(sizes, counts, total),
        values={
            "sizes": sizes,
            "layers": [
                {"name": name, "neurons": size, **count}
                for name, size, count in zip(names, sizes, [{"weights": 0, "biases": 0}, *counts], strict=True)
            ],
            "parameters": total,
        },
        figure=Figure((_panel(sizes, names),), size=(max(5.0, 2.2 * len(sizes)), 4.8)),
        try_next=(
            "architecture --sizes 4096,15,1",
            "architecture --sizes 784,100,10",
            "architecture --sizes 784,30,30,30,10",
            "feedforward",
        ),
    )


def shown(size: int) -> list[int | None]:
    """Return the neurons of a layer that are drawn, counted from 0; None stands for those left out."""
    half = DRAWN // 2
    return list(range(size)) if size <= DRAWN else [*range(half), None, *range(size - half, size)]


def _table(sizes: tuple[int, ...], names: list[str], counts: list[dict[str, int]], total: int) -> Table:
    rows: list[tuple[Cell, ...]] = [(names[0], f"{sizes[0]:,}", say("none"), say("none"), "0", "")]
    for (inputs, neurons), name, count in zip(pairwise(sizes), names[1:], counts, strict=True):
        own = sum(count.values())
        weights = f"{neurons:,} x {inputs:,} = {count['weights']:,}"
        rows.append((name, f"{neurons:,}", weights, f"{neurons:,}", f"{own:,}", f"{own / total:.2%}"))
    sums = (sum(sizes), sum(count["weights"] for count in counts), sum(sizes[1:]), total)
    rows.append((say("together"), *(f"{one:,}" for one in sums), "100.00%"))
    title = say("the-layers-of", name="-".join(map(str, sizes)))
    return say.table(title, "layer neurons weights biases weights-and-biases share", rows)


def _drawing(sizes: tuple[int, ...], names: list[str]) -> tuple[str, ...]:
    """Draw a column of neurons for each layer, and an arrow from each layer to the next."""
    columns = [[DOTS if neuron is None else "○" for neuron in shown(size)] for size in sizes]
    height = max(map(len, columns))
    padded = [["", *[""] * ((height - len(column)) // 2), *column, *[""] * height][: height + 1] for column in columns]
    rows = [names, *zip(*padded, strict=True), [""] * len(sizes), [f"{size:,}" for size in sizes]]
    gap = min(WIDEST_GAP, (LINE - COLUMN * len(sizes)) // (len(sizes) - 1))
    arrow = f"{'─' * (gap - 2)}▶".center(gap)
    lines = [
        (arrow if number == 2 + height // 2 else " " * gap).join(cell.center(COLUMN) for cell in row)
        for number, row in enumerate(rows)
    ]
    return tuple(line.rstrip() for line in lines)


def _findings(sizes: tuple[int, ...], counts: list[dict[str, int]], total: int) -> tuple[str, ...]:
    network = random_network(sizes, np.random.default_rng(0))
    built = sum(layer.w.size + layer.b.size for layer in network.dense)
    largest = max(range(len(counts)), key=lambda place: sum(counts[place].values()))
    share = sum(counts[largest].values()) / total
    hidden, outputs, side = len(sizes) - 2, sizes[-1], isqrt(sizes[0])
    layer = say(
        f"{'output' if largest == hidden else 'hidden' if hidden == 1 else 'numbered'}-layer", number=largest + 1
    )
    answers = {1: "one-output-answers-one-question", 10: "the-ten-outputs-stand-for"}
    depths = ("without-a-hidden-layer-the", "with-one-hidden-layer-the", "with-hidden-layers-the-network")
    return (
        say("the-count-inputs-are-the", count=sizes[0], side=side) if side > 1 and side * side == sizes[0] else "",
        say(answers.get(outputs, "the-count-outputs-stand-for"), count=outputs, classes=outputs),
        say("learning", total=total, built=built, share=share, layer=layer),
        say(depths[min(hidden, 2)], count=hidden),
        say("the-network-is-feedforward-the"),
    )


def _panel(sizes: tuple[int, ...], names: list[str]) -> Panel:
    """Draw neurons as circles and every connection between those that are drawn."""
    notes, neurons, top = [], [], (max(len(shown(size)) for size in sizes) - 1) / 2
    for across, (name, size) in enumerate(zip(names, sizes, strict=True)):
        row = shown(size)
        places = [(2.0 * across, (len(row) - 1) / 2 - place) for place in range(len(row))]
        label = joined(name, say("so-many-neurons", count=size), by="\n", in_chinese="\n")
        notes.append(Note(2.0 * across, top + 1.2, label))
        notes += [Note(*place, DOTS) for place, neuron in zip(places, row, strict=True) if neuron is None]
        neurons.append([place for place, neuron in zip(places, row, strict=True) if neuron is not None])
    wires = [
        Curve([source[0], target[0]], [source[1], target[1]], style="thin")
        for before, after in pairwise(neurons)
        for source in before
        for target in after
    ]
    circles = [Curve([x for x, _ in layer], [y for _, y in layer], style="hollow") for layer in neurons]
    x_range, y_range = (-1.0, 2 * len(sizes) - 1.0), (-top - 0.8, top + 2.0)
    return Panel("", curves=(*wires, *circles), notes=tuple(notes), x_range=x_range, y_range=y_range, bare=True)
