"""The same network trained at three learning rates: one too small, one that works, one too large."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from nndigits.models.network.network import Network, random_network
from nndigits.stages.demos.shared import limits, training
from nndigits.stages.demos.shared.data import CLASSES, DATA, Digits, read_digits
from nndigits.stages.demos.shared.demo import Demo, Progress, Table, quietly
from nndigits.stages.demos.shared.texts import joined, texts
from nndigits.stages.figures.figure import Curve, Figure, Panel

say = texts("learning-rate")

MOST_RATES = 4
SATURATED = 0.01 * 0.25
"""A sigmoid is saturated if its slope is below a hundredth of its maximum, 0.25."""

Measurement = dict[str, float]


def run(
    *,
    rates: Annotated[tuple[float, ...], "Learning rates eta, up to four."] = (0.001, 3.0, 100.0),
    hidden: Annotated[int, "Hidden neurons."] = 30,
    epochs: Annotated[int, "Training epochs."] = 6,
    batch: Annotated[int, "Images in a mini-batch."] = 10,
    seed: Annotated[int, "Seed of the first weights and the order of the images."] = 0,
    data: Annotated[Path, "The data set, made by nn fetch."] = DATA,
    progress: Progress = quietly,
) -> Demo:
    """Train the same network at each learning rate, and compare accuracy and cost."""
    limits.count("rates", rates, 1, MOST_RATES)
    for eta in rates:
        limits.above_zero("rates", eta, training.LARGEST_ETA)
    training.check(hidden=hidden, epochs=epochs, batch=batch, seed=seed)
    rates = tuple(dict.fromkeys(rates))
    digits = read_digits(data)
    runs: list[dict[str, Any]] = []
    for index, eta in enumerate(rates):
        rng = np.random.default_rng(seed)
        network = random_network([digits.pixels, hidden, CLASSES], rng)
        first = _measure(network, digits)
        later = training.fit(
            network,
            digits,
            lambda network: _measure(network, digits),
            epochs=epochs,
            eta=eta,
            batch=batch,
            rng=rng,
            progress=progress,
            what=say("eta-eta-g", eta=eta),
            part=(index, len(rates)),
        )
        runs.append({"eta": eta, "epochs": [first, *later]})
    return Demo(
        idea=(say("idea")),
        tables=(
            Table(
                say("by-epoch", network=f"{digits.pixels}-{hidden}-{CLASSES}"),
                (say("epoch"), *(say("eta-eta-g", eta=eta) for eta in rates)),
                tuple(
                    (epoch, *(round(100 * run["epochs"][epoch]["accuracy"], 2) for run in runs))
                    for epoch in range(epochs + 1)
                ),
            ),
            Table(
                say("after-training-an-image-is"),
                (say("eta"), say("test-accuracy"), say("test-cost"), say("stuck")),
                tuple(
                    (
                        run["eta"],
                        round(100 * run["epochs"][-1]["accuracy"], 2),
                        run["epochs"][-1]["cost"],
                        round(100 * run["epochs"][-1]["stuck"], 1),
                    )
                    for run in runs
                ),
            ),
        ),
        findings=(digits.about, *map(_finding, runs), _best(runs)),
        values={"data": digits.as_json(), "hidden": hidden, "batch": batch, "seed": seed, "runs": runs},
        figure=Figure(
            (
                _panel(say("test-accuracy-2"), "%", runs, lambda one: 100 * one["accuracy"]),
                _panel(say("test-cost-2"), say("c"), runs, lambda one: one["cost"]),
            ),
            columns=2,
        ),
        try_next=("learning-rate --rates 0.03,0.3,3,30", "learning-rate --seed 1", "online", "gradient-descent"),
    )


def _measure(network: Network, digits: Digits) -> Measurement:
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
    gained = 100 * (last["accuracy"] - first["accuracy"])
    change = say(
        "change",
        eta=run["eta"],
        first=first["accuracy"],
        last=last["accuracy"],
        gained=gained,
        before=first["cost"],
        after=last["cost"],
    )
    if last["stuck"] > 0.5:
        return joined((change, say("saturated", share=last["stuck"])))
    if last["accuracy"] < 0.5 and last["cost"] < first["cost"]:
        return joined((change, say("slowly")))
    return change


def _best(runs: list[dict[str, Any]]) -> str:
    best = max(runs, key=lambda run: run["epochs"][-1]["accuracy"])
    if len(runs) == 1:
        return say("one-rate", eta=best["eta"])
    return say("best", eta=best["eta"], epochs=len(best["epochs"]) - 1)


def _panel(title: str, label: str, runs: list[dict[str, Any]], value: Callable[[Measurement], float]) -> Panel:
    curves = (
        Curve(list(range(len(run["epochs"]))), [value(one) for one in run["epochs"]], say("eta-eta-g", eta=run["eta"]))
        for run in runs
    )
    return Panel(title, say("epoch"), label, tuple(curves))
