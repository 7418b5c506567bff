"""A network of three layers of perceptrons: each layer decides from the decisions of the layer before."""

from typing import Annotated

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.perceptron import all_inputs
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.demo import Demo, Table
from nndigits.stages.demos.shared.named_network import Named, NamedNetwork
from nndigits.stages.demos.shared.texts import listed, texts
from nndigits.stages.figures.figure import Figure
from nndigits.stages.store.errors import UsageError

say = texts("layers")

INPUTS = ("sun", "partner", "train", "car", "tired")
LARGEST = 1000.0


def festival(thresholds: tuple[float, ...]) -> NamedNetwork:
    """The festival decision split into steps, with one threshold for each of the six perceptrons."""
    pleasant, reachable, awake, tempting, feasible, go = thresholds
    return NamedNetwork(
        say,
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
    inputs: Annotated[tuple[int, int, int, int, int], "Sun, partner, train, car, tired: 1 for yes, 0 for no."] = (
        1,
        0,
        1,
        0,
        0,
    ),
    thresholds: Annotated[
        tuple[float, float, float, float, float, float],
        "Thresholds of pleasant, reachable, awake, tempting, feasible, go.",
    ] = (0.5, 0.5, -1.5, 1.5, 1.5, 1.5),
) -> Demo:
    """Let three layers of perceptrons decide, and show the output of each perceptron."""
    limits.count("inputs", inputs, len(INPUTS), len(INPUTS))
    if set(inputs) - {0, 1}:
        raise UsageError("expected only 0 and 1", "inputs", ",".join(map(str, inputs))[:70])
    limits.count("thresholds", thresholds, 6, 6)
    limits.numbers("thresholds", thresholds, -LARGEST, LARGEST)
    network, x = festival(thresholds), np.array(inputs, float)
    outputs = {name: int(output[0]) for name, output in network.verdicts(x[None]).items()}
    neurons = [name for column in network.columns[1:] for name in column]
    cases = 2 ** len(INPUTS)
    yes = {name: int(output.sum()) for name, output in network.verdicts(all_inputs(len(INPUTS))).items()}
    decisive = [name for place, name in enumerate(INPUTS) if _is_decisive(network, x, place)]
    decision = say("go") if outputs["go"] else say("stay")
    return Demo(
        idea=(say("idea")),
        tables=(
            network.table(say("the-weighted-sum-and-the"), x),
            Table(
                say("outputs-of-each-perceptron-over", count=cases),
                (say("neuron"), say("yes"), say("no")),
                tuple((say(name), yes[name], cases - yes[name]) for name in neurons),
            ),
        ),
        drawing=("● yes   ○ no", "", *network.drawing(x)),
        findings=(
            say(
                "with-the-decision-is-of",
                inputs=listed(say(name) for name in INPUTS if outputs[name]) or say("all-inputs-0"),
                decision=decision,
                count=sum(outputs[name] for name in neurons),
            ),
            say("changing-one-input-alone-changes", inputs=listed(map(say, decisive)) or say("none-of-them")),
            say("over-all-inputs-the-decision", count=yes["go"], total=cases),
        ),
        values={
            "inputs": dict(zip(INPUTS, inputs, strict=True)),
            "thresholds": dict(zip(neurons, thresholds, strict=True)),
            "verdicts": {name: outputs[name] for name in neurons},
            "decisive_inputs": decisive,
            "yes_over_all_inputs": {name: yes[name] for name in neurons},
        },
        figure=Figure((network.panel(say("the-decision", decision=decision), x),), size=(8.0, 4.5)),
        try_next=("layers --inputs 0,1,1,0,1", "layers --thresholds 1.5,0.5,-1.5,1.5,1.5,1.5", "deep", "gates"),
    )


def _is_decisive(network: NamedNetwork, x: Array, place: int) -> bool:
    """Return whether the decision changes if the input at ``place`` changes."""
    changed = x.copy()
    changed[place] = 1 - changed[place]
    before, after = network.verdicts(np.array([x, changed]))["go"]
    return bool(before != after)
