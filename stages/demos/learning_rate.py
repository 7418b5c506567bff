"""The same network trained at three learning rates: one too small, one that works, one too large."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from nndigits.models.network.network import Network, random_network
from nndigits.stages.demos.shared import training
from nndigits.stages.demos.shared.data import CLASSES, DATA, Digits, read_digits
from nndigits.stages.demos.shared.demo import Batch, Demo, Epochs, Given, Hidden, Progress, Seed, quietly
from nndigits.stages.demos.shared.texts import Say, Text, joined
from nndigits.stages.figures.figure import Figure, Panel

say = Say("learning-rate")

SATURATED = 0.01 * 0.25
"""A sigmoid is saturated if its slope is below a hundredth of its maximum, 0.25."""


def run(
    *,
    rates: Annotated[tuple[float, ...], Given(0, 1000, above=True, count=(1, 4))] = (0.001, 3.0, 100.0),
    hidden: Hidden = 30,
    epochs: Epochs = 6,
    batch: Batch = 10,
    seed: Seed = 0,
    data: Path = DATA,
    progress: Progress = quietly,
) -> Demo:
    """Train the same network at each learning rate, and compare accuracy and cost."""
    rates = tuple(dict.fromkeys(rates))
    digits = read_digits(data)
    measure = partial(_measure, digits=digits)
    runs: list[dict[str, Any]] = []
    names = [say("eta-eta-g", eta=eta) for eta in rates]
    for index, (eta, name) in enumerate(zip(rates, names, strict=True)):
        rng = np.random.default_rng(seed)
        network = random_network([digits.pixels, hidden, CLASSES], rng)
        first, part = measure(network), (index, len(rates))
        how: dict[str, Any] = {"epochs": epochs, "eta": eta, "batch": batch, "rng": rng, "progress": progress}
        runs.append(
            {"eta": eta, "epochs": [first, *training.fit(network, digits, measure, **how, what=name, part=part)]}
        )
    last = [run["epochs"][-1] for run in runs]
    best = max(runs, key=lambda run: run["epochs"][-1]["accuracy"])
    return Demo(
        idea=say("idea"),
        tables=(
            say.table(
                say("by-epoch", network=f"{digits.pixels}-{hidden}-{CLASSES}"),
                ("epoch", *names),
                (
                    (epoch, *(round(100 * run["epochs"][epoch]["accuracy"], 2) for run in runs))
                    for epoch in range(epochs + 1)
                ),
            ),
            say.table(
                "after-training-an-image-is",
                "eta test-accuracy test-cost stuck",
                (
                    (eta, round(100 * one["accuracy"], 2), one["cost"], round(100 * one["stuck"], 1))
                    for eta, one in zip(rates, last, strict=True)
                ),
            ),
        ),
        findings=(
            digits.about,
            *map(_finding, runs),
            say("best" if len(runs) > 1 else "one-rate", eta=best["eta"], epochs=epochs),
        ),
        values={"data": digits.as_json(), "hidden": hidden, "batch": batch, "seed": seed, "runs": runs},
        figure=Figure((_panel("accuracy", "%", runs, names, 100), _panel("cost", "c", runs, names, 1))),
        try_next=("learning-rate --rates 0.03,0.3,3,30", "learning-rate --seed 1", "online", "gradient-descent"),
    )


def _measure(network: Network, digits: Digits) -> dict[str, float]:
    """Measure test accuracy, test cost, and the share of images whose correct output is saturated near 0."""
    outputs = network.outputs(digits.test_images).astype(float)
    targets = np.eye(CLASSES)[digits.test_labels]
    cost = network.cost.evaluate(outputs, targets, np.empty_like(outputs))
    correct = outputs[np.arange(len(outputs)), digits.test_labels]
    return {
        "accuracy": float(np.mean(outputs.argmax(axis=1) == digits.test_labels)),
        "cost": cost / len(outputs),
        "stuck": float(np.mean((correct < 0.5) & (correct * (1 - correct) < SATURATED))),
    }


def _finding(run: dict[str, Any]) -> str:
    first, last = run["epochs"][0], run["epochs"][-1]
    accuracies = {"first": first["accuracy"], "last": last["accuracy"]}
    gained = 100 * (last["accuracy"] - first["accuracy"])
    change = say("change", eta=run["eta"], **accuracies, gained=gained, before=first["cost"], after=last["cost"])
    if last["stuck"] > 0.5:
        return joined(change, say("saturated", share=last["stuck"]))
    if last["accuracy"] < 0.5 and last["cost"] < first["cost"]:
        return joined(change, say("slowly"))
    return change


def _panel(value: str, label: str, runs: list[dict[str, Any]], names: list[Text], scale: float) -> Panel:
    curves = (
        say.curve(range(len(run["epochs"])), [scale * one[value] for one in run["epochs"]], name)
        for run, name in zip(runs, names, strict=True)
    )
    return say.panel(f"test-{value}-2", "epoch", label, *curves)
