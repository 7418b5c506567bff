"""The same network at three learning rates: one too small, one that works, one too large."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from nn.models.network.network import Network, random_network
from nn.stages.demos.shared import limits, training
from nn.stages.demos.shared.data import CLASSES, DATA, Digits, read_digits
from nn.stages.demos.shared.demo import Demo, Progress, Table, quietly
from nn.stages.figures.figure import Curve, Figure, Panel

MOST_RATES = 4
FLAT = 0.01 * 0.25
"""The sigmoid is flat where it is less than a hundredth as steep as in its middle, where its slope is 0.25."""

Look = dict[str, float]


def run(
    *,
    rates: Annotated[tuple[float, ...], "Learning rates eta, up to four."] = (0.001, 3.0, 100.0),
    hidden: Annotated[int, "Hidden neurons."] = 30,
    epochs: Annotated[int, "How often to go through the images."] = 6,
    batch: Annotated[int, "Images in a mini-batch."] = 10,
    seed: Annotated[int, "Decides the first weights and the order of the images."] = 0,
    data: Annotated[Path, "The digits, made by nn fetch."] = DATA,
    progress: Progress = quietly,
) -> Demo:
    """Train from the same start at each learning rate, and compare the curves."""
    limits.count("rates", rates, 1, MOST_RATES)
    for eta in rates:
        limits.above_zero("rates", eta, training.LARGEST_ETA)
    training.check(hidden=hidden, epochs=epochs, batch=batch, seed=seed)
    digits = read_digits(data)
    runs: list[dict[str, Any]] = []
    for place, eta in enumerate(rates):
        rng = np.random.default_rng(seed)
        network = random_network([digits.pixels, hidden, CLASSES], rng)
        first = _look(network, digits)
        seen = training.fit(
            network,
            digits,
            lambda network: _look(network, digits),
            epochs=epochs,
            eta=eta,
            batch=batch,
            rng=rng,
            progress=progress,
            what=f"eta {eta:g}",
            part=(place, len(rates)),
        )
        runs.append({"eta": eta, "epochs": [first, *seen]})
    return Demo(
        idea=(
            "The learning rate eta says how far each step goes. The book trains at 3 and shows 0.001 as too small and "
            "100 as too large. Here the same network starts from the same weights and sees the same images in the same "
            "order each time; only eta differs. The test images are those that it does not learn from."
        ),
        tables=(
            Table(
                f"{digits.pixels}-{hidden}-{CLASSES}: % of the test images right after each epoch",
                ("epoch", *(f"eta {eta:g}" for eta in rates)),
                tuple(
                    (epoch, *(round(100 * run["epochs"][epoch]["accuracy"], 2) for run in runs))
                    for epoch in range(epochs + 1)
                ),
            ),
            Table(
                "At the end; an image is stuck if its right output is near 0, where the sigmoid is flat",
                ("eta", "% right", "cost on the test images", "% stuck"),
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
        findings=(str(digits), *map(_finding, runs), _best(runs)),
        values={"data": digits.as_json(), "hidden": hidden, "batch": batch, "seed": seed, "runs": runs},
        figure=Figure(
            (
                _panel("Test images read right", "%", runs, lambda seen: 100 * seen["accuracy"]),
                _panel("Cost on the test images", "C", runs, lambda seen: seen["cost"]),
            ),
            columns=2,
        ),
        try_next=("learning-rate --rates 0.03,0.3,3,30", "learning-rate --seed 1", "online", "gradient-descent"),
    )


def _look(network: Network, digits: Digits) -> Look:
    """Accuracy and cost on the test images, and the share of them whose right output is low and on the flat."""
    outputs = network.outputs(digits.test_images).astype(float)
    wanted = np.eye(CLASSES)[digits.test_labels]
    cost = network.cost.evaluate(outputs, wanted, np.empty_like(outputs))
    right = outputs[np.arange(len(outputs)), digits.test_labels]
    return {
        "accuracy": float(np.mean(outputs.argmax(axis=1) == digits.test_labels)),
        "cost": cost / len(outputs),
        "stuck": float(np.mean((right < 0.5) & (right * (1 - right) < FLAT))),
    }


def _finding(run: dict[str, Any]) -> str:
    first, last = run["epochs"][0], run["epochs"][-1]
    gained = 100 * (last["accuracy"] - first["accuracy"])
    return (
        f"At eta = {run['eta']:g} the network goes from {first['accuracy']:.1%} to {last['accuracy']:.1%} right "
        f"({gained:+.1f} points), the cost from {first['cost']:.4f} to {last['cost']:.4f}{_why(first, last)}."
    )


def _why(first: Look, last: Look) -> str:
    """What kept it from learning, where something did."""
    if last["stuck"] > 0.5:
        return f". {last['stuck']:.1%} of the images are stuck: where the sigmoid is flat, every further step is tiny"
    if last["accuracy"] < 0.5 and last["cost"] < first["cost"]:
        return ": the right direction, but slowly"
    return ""


def _best(runs: list[dict[str, Any]]) -> str:
    best = max(runs, key=lambda run: run["epochs"][-1]["accuracy"])
    if len(runs) == 1:
        return f"Give more rates to compare eta = {best['eta']:g} with."
    return f"Of these, eta = {best['eta']:g} read the most after {len(best['epochs']) - 1} epochs."


def _panel(title: str, label: str, runs: list[dict[str, Any]], figure: Callable[[Look], float]) -> Panel:
    curves = (
        Curve(list(range(len(run["epochs"]))), [figure(seen) for seen in run["epochs"]], f"eta {run['eta']:g}")
        for run in runs
    )
    return Panel(title, "epoch", label, tuple(curves))
