"""The layers of a network: input, hidden and output neurons, and the number of weights and biases between them."""

from itertools import pairwise
from math import isqrt
from typing import Annotated

import numpy as np

from nndigits.models.network.network import random_network
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.demo import Cell, Demo, Table
from nndigits.stages.demos.shared.texts import joined, texts
from nndigits.stages.figures.figure import Curve, Figure, Note, Panel
from nndigits.stages.store.errors import UsageError

say = texts("architecture")

MOST_LAYERS, MOST_NEURONS, MOST_PARAMETERS = 8, 1_000_000, 20_000_000
DRAWN = 10
"""Neurons drawn of a layer in text; of a larger layer, half of them stand above an ellipsis and half below."""
COLUMN, LINE, WIDEST_GAP = 8, 88, 12
DOTS = ":"


def run(
    *,
    sizes: Annotated[tuple[int, ...], "Neurons of each layer: the inputs, the hidden layers, the outputs."] = (
        784,
        30,
        10,
    ),
) -> Demo:
    """Draw the layers of a network, and count the weights and biases of each."""
    limits.count("sizes", sizes, 2, MOST_LAYERS)
    for size in sizes:
        limits.whole("sizes", size, 1, MOST_NEURONS)
    counts = [{"weights": neurons * inputs, "biases": neurons} for inputs, neurons in pairwise(sizes)]
    total = sum(sum(count.values()) for count in counts)
    if total > MOST_PARAMETERS:
        raise UsageError(
            f"these layers have {total:,} weights and biases; at most {MOST_PARAMETERS:,} are counted here",
            "sizes",
            ",".join(map(str, sizes)),
        )
    names = layer_names(len(sizes))
    return Demo(
        idea=(say("idea")),
        tables=(_table(sizes, names, counts, total),),
        drawing=_drawing(sizes, names),
        findings=_findings(sizes, names, counts, total),
        values={
            "sizes": list(sizes),
            "layers": [
                {"name": name, "neurons": size, **count}
                for name, size, count in zip(names, sizes, [{"weights": 0, "biases": 0}, *counts], strict=True)
            ],
            "parameters": total,
        },
        figure=_figure(sizes, names),
        try_next=(
            "architecture --sizes 4096,15,1",
            "architecture --sizes 784,100,10",
            "architecture --sizes 784,30,30,30,10",
            "feedforward",
        ),
    )


def layer_names(layers: int) -> list[str]:
    """Return the names of the layers: input, hidden (numbered if there are several), output."""
    hidden = [say("hidden")] if layers == 3 else [say("hidden-2", number=number) for number in range(1, layers - 1)]
    return [say("input"), *hidden, say("output")]


def shown(size: int) -> list[int | None]:
    """Return the neurons of a layer that are drawn, counted from 0; None stands for those left out."""
    if size <= DRAWN:
        return list(range(size))
    half = DRAWN // 2
    return [*range(half), None, *range(size - half, size)]


def _table(sizes: tuple[int, ...], names: list[str], counts: list[dict[str, int]], total: int) -> Table:
    rows: list[tuple[Cell, ...]] = [(names[0], f"{sizes[0]:,}", say("none"), say("none"), "0", "")]
    for (inputs, neurons), name, count in zip(pairwise(sizes), names[1:], counts, strict=True):
        own = count["weights"] + count["biases"]
        weights = f"{neurons:,} x {inputs:,} = {count['weights']:,}"
        rows.append((name, f"{neurons:,}", weights, f"{neurons:,}", f"{own:,}", f"{own / total:.2%}"))
    rows.append(
        (
            say("together"),
            f"{sum(sizes):,}",
            f"{sum(count['weights'] for count in counts):,}",
            f"{sum(sizes[1:]):,}",
            f"{total:,}",
            "100.00%",
        )
    )
    return Table(
        say("the-layers-of", name="-".join(map(str, sizes))),
        (
            say("layer"),
            say("neurons"),
            say("weights"),
            say("biases"),
            say("weights-and-biases"),
            say("share"),
        ),
        tuple(rows),
    )


def _drawing(sizes: tuple[int, ...], names: list[str]) -> tuple[str, ...]:
    """Draw a column of neurons for each layer, and an arrow from each layer to the next."""
    columns = [[DOTS if neuron is None else "○" for neuron in shown(size)] for size in sizes]
    height = max(map(len, columns))
    gap = min(WIDEST_GAP, (LINE - COLUMN * len(sizes)) // (len(sizes) - 1))
    arrow = f"{'─' * (gap - 2)}▶".center(gap)
    lines = []
    for row in range(height):
        cells = [_cell(column, row - (height - len(column)) // 2).center(COLUMN) for column in columns]
        lines.append((arrow if row == height // 2 else " " * gap).join(cells))
    head = (" " * gap).join(name.center(COLUMN) for name in names)
    below = (" " * gap).join(f"{size:,}".center(COLUMN) for size in sizes)
    return tuple(line.rstrip() for line in (head, "", *lines, "", below))


def _cell(column: list[str], row: int) -> str:
    return column[row] if 0 <= row < len(column) else ""


def _findings(sizes: tuple[int, ...], names: list[str], counts: list[dict[str, int]], total: int) -> tuple[str, ...]:
    network = random_network(sizes, np.random.default_rng(0))
    built = sum(layer.w.size + layer.b.size for layer in network.dense)
    largest = max(range(len(counts)), key=lambda place: sum(counts[place].values()))
    share = sum(counts[largest].values()) / total
    hidden = len(sizes) - 2
    which = "output" if largest == hidden else "hidden" if hidden == 1 else "numbered"
    side = isqrt(sizes[0])
    findings: list[str] = []
    if side > 1 and side * side == sizes[0]:
        findings.append(say("the-count-inputs-are-the", count=sizes[0], side=side))
    findings.append(_outputs(sizes[-1]))
    findings.append(
        say("learning", total=total, built=built, share=share, layer=say(f"{which}-layer", number=largest + 1))
    )
    findings.append(_depth(len(sizes) - 2))
    findings.append(say("the-network-is-feedforward-the"))
    return tuple(findings)


def _outputs(outputs: int) -> str:
    if outputs == 1:
        return say("one-output-answers-one-question")
    if outputs == 10:
        return say("the-ten-outputs-stand-for")
    return say("the-count-outputs-stand-for", count=outputs, classes=outputs)


def _depth(hidden: int) -> str:
    if not hidden:
        return say("without-a-hidden-layer-the")
    if hidden == 1:
        return say("with-one-hidden-layer-the")
    return say("with-hidden-layers-the-network", count=hidden)


def _figure(sizes: tuple[int, ...], names: list[str]) -> Figure:
    """Draw neurons as circles and every connection between those that are drawn."""
    rows = [shown(size) for size in sizes]
    places = [
        [(float(2 * across), (len(row) - 1) / 2 - place) for place in range(len(row))]
        for across, row in enumerate(rows)
    ]
    neurons = [
        [place for place, neuron in zip(layer, row, strict=True) if neuron is not None]
        for layer, row in zip(places, rows, strict=True)
    ]
    wires = tuple(
        Curve([source[0], target[0]], [source[1], target[1]], style="thin")
        for before, after in pairwise(neurons)
        for source in before
        for target in after
    )
    circles = tuple(Curve([x for x, _ in layer], [y for _, y in layer], style="hollow") for layer in neurons)
    top = max(y for layer in neurons for _, y in layer)
    notes = []
    for name, size, layer, row in zip(names, sizes, places, rows, strict=True):
        notes.append(Note(layer[0][0], top + 1.2, joined((name, say("so-many-neurons", count=size)), "\n", "\n")))
        notes += [Note(*place, DOTS) for place, neuron in zip(layer, row, strict=True) if neuron is None]
    return Figure(
        (
            Panel(
                "",
                curves=(*wires, *circles),
                notes=tuple(notes),
                x_range=(-1.0, 2 * len(sizes) - 1.0),
                y_range=(-top - 0.8, top + 2.0),
                bare=True,
            ),
        ),
        size=(max(5.0, 2.2 * len(sizes)), 4.8),
    )
