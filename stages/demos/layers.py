"""A network of three layers of perceptrons: each layer decides from the decisions of the layer before."""

from typing import Annotated

import numpy as np

from nndigits.models.chapter.neurons import all_inputs
from nndigits.stages.demos.shared.demo import Demo, Given
from nndigits.stages.demos.shared.texts import Say, listed
from nndigits.stages.demos.shared.wiring import Named, NamedNetwork
from nndigits.stages.figures.figure import Figure
from nndigits.stages.store.errors import UsageError

say = Say("layers")

INPUTS = ("sun", "partner", "train", "car", "tired")
THRESHOLDS = (0.5, 0.5, -1.5, 1.5, 1.5, 1.5)


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
    inputs: Annotated[tuple[int, int, int, int, int], Given(count=(5, 5))] = (1, 0, 1, 0, 0),
    thresholds: Annotated[tuple[float, ...], Given(-1000, 1000, count=(6, 6))] = THRESHOLDS,
) -> Demo:
    """Let three layers of perceptrons decide, and show the output of each perceptron."""
    if set(inputs) - {0, 1}:
        raise UsageError(say("only-0-and-1"), "inputs", ",".join(map(str, inputs))[:70])
    network, x, cases = festival(thresholds), np.array(inputs, float), all_inputs(len(INPUTS))
    outputs = network.outputs(x)
    neurons = [name for column in network.columns[1:] for name in column]
    yes = {name: int(output.sum()) for name, output in network.verdicts(cases).items()}
    changed = network.verdicts(np.abs(x - np.eye(len(INPUTS))))["go"]
    decisive = [name for name, go in zip(INPUTS, changed, strict=True) if go != outputs["go"]]
    decision = say("go" if outputs["go"] else "stay")
    return Demo(
        idea=say("idea"),
        tables=(
            network.table(say("the-weighted-sum-and-the"), x),
            say.table(
                say("outputs-of-each-perceptron-over", count=len(cases)),
                "neuron yes no",
                ((say(name), yes[name], len(cases) - yes[name]) for name in neurons),
            ),
        ),
        drawing=network.drawing(say("yes-no"), x),
        findings=(
            say(
                "with-the-decision-is-of",
                inputs=listed(say(name) for name in INPUTS if outputs[name]) or say("all-inputs-0"),
                decision=decision,
                count=sum(outputs[name] for name in neurons),
            ),
            say("changing-one-input-alone-changes", inputs=listed(map(say, decisive)) or say("none-of-them")),
            say("over-all-inputs-the-decision", count=yes["go"], total=len(cases)),
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
