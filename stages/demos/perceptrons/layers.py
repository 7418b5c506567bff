"""Perceptrons that decide on the decisions of others: a network of three layers, with every neuron's verdict."""

from typing import Annotated

import numpy as np

from nn.models.arrays.types import Array
from nn.models.chapter.perceptron import all_inputs
from nn.stages.demos.shared import limits
from nn.stages.demos.shared.demo import Demo, Table
from nn.stages.demos.shared.named_network import Named, NamedNetwork
from nn.stages.demos.shared.wording import counted, listed
from nn.stages.figures.figure import Figure
from nn.stages.store.errors import UsageError

INPUTS = ("sun", "partner", "train", "car", "tired")
LARGEST = 1000.0


def festival(thresholds: tuple[float, ...]) -> NamedNetwork:
    """The festival again, asked step by step; one threshold for each of the six perceptrons."""
    pleasant, reachable, awake, tempting, feasible, go = thresholds
    return NamedNetwork(
        INPUTS,
        (
            (
                Named("pleasant", {"sun": 1, "partner": 1}, pleasant),
                Named("reachable", {"train": 1, "car": 1}, reachable),
                Named("awake", {"partner": 1, "tired": -2}, awake),
            ),
            (
                Named("tempting", {"pleasant": 1, "awake": 1}, tempting),
                Named("feasible", {"reachable": 1, "awake": 1}, feasible),
            ),
            (Named("go", {"tempting": 1, "feasible": 1}, go),),
        ),
    )


def run(
    *,
    inputs: Annotated[
        tuple[int, int, int, int, int], "Sun, partner, train, car, tired: 1 where it is so, 0 where not."
    ] = (1, 0, 1, 0, 0),
    thresholds: Annotated[
        tuple[float, float, float, float, float, float],
        "Of pleasant, reachable, awake, tempting, feasible, go.",
    ] = (0.5, 0.5, -1.5, 1.5, 1.5, 1.5),
) -> Demo:
    """Let three layers of perceptrons decide, and see what each of them says."""
    limits.count("inputs", inputs, len(INPUTS), len(INPUTS))
    if set(inputs) - {0, 1}:
        raise UsageError("expected only 0 and 1", "inputs", ",".join(map(str, inputs))[:70])
    limits.count("thresholds", thresholds, 6, 6)
    for threshold in thresholds:
        limits.number("thresholds", threshold, -LARGEST, LARGEST)
    network, x = festival(thresholds), np.array(inputs, float)
    every = all_inputs(len(INPUTS))
    everywhere = network.verdicts(every)
    said = {name: int(verdict[0]) for name, verdict in network.verdicts(x[None]).items()}
    neurons = [name for column in network.columns[1:] for name in column]
    turned = [INPUTS[place] for place in range(len(INPUTS)) if _turns(network, x, place)]
    goes = "go" if said["go"] else "stay"
    return Demo(
        idea=(
            "One perceptron weighs evidence once. In a network the first layer decides simple things from the inputs, "
            "the second layer weighs these decisions, and the third weighs those: the further on a layer is, the more "
            "complex and abstract is what it can decide. Each arrow carries the one answer of a neuron, 0 or 1; it may "
            "go to several neurons, but it is still one answer."
        ),
        tables=(
            network.table("What each perceptron weighs and says", x),
            Table(
                "How often each of them says yes, over all 32 inputs",
                ("neuron", "yes", "no"),
                tuple((name, int(everywhere[name].sum()), int(32 - everywhere[name].sum())) for name in neurons),
            ),
        ),
        drawing=("● yes   ○ no", "", *network.drawing(x)),
        findings=(
            f"With {listed(name for name in INPUTS if said[name]) or 'none of the inputs on'} the verdict is: {goes}. "
            f"Of the six perceptrons {sum(said[name] for name in neurons)} say yes.",
            f"Turning round one input alone turns the verdict round for {listed(turned) or 'none of them'}.",
            f"Over all inputs, the network goes in {counted(int(everywhere['go'].sum()), 'case')} of {len(every)}.",
        ),
        values={
            "inputs": dict(zip(INPUTS, inputs, strict=True)),
            "thresholds": dict(zip(neurons, thresholds, strict=True)),
            "verdicts": {name: said[name] for name in neurons},
            "decisive_inputs": turned,
            "yes_over_all_inputs": {name: int(everywhere[name].sum()) for name in neurons},
        },
        figure=Figure((network.panel(f"The verdict: {goes}", x),), size=(8.0, 4.5)),
        try_next=("layers --inputs 0,1,1,0,1", "layers --thresholds 1.5,0.5,-1.5,1.5,1.5,1.5", "deep", "gates"),
    )


def _turns(network: NamedNetwork, x: Array, place: int) -> bool:
    """Whether the verdict changes when one input does."""
    other = x.copy()
    other[place] = 1 - other[place]
    verdicts = network.verdicts(np.array([x, other]))["go"]
    return bool(verdicts[0] != verdicts[1])
