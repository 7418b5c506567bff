"""The target y(x) of one image beside the output a of a trained network, and the cost of that image."""

from pathlib import Path
from typing import Annotated

import numpy as np

from nndigits.models.arrays.types import Array, Bytes
from nndigits.stages.demos.shared.data import CLASSES, DATA, read_digits, samples
from nndigits.stages.demos.shared.demo import Demo, Given, Progress, Seed, quietly
from nndigits.stages.demos.shared.shades import LINE, beside, centred, shaded
from nndigits.stages.demos.shared.texts import Cell, Say, Table, joined, with_article
from nndigits.stages.demos.shared.trained import WEIGHTS, trained_network
from nndigits.stages.figures.figure import Figure
from nndigits.stages.store.errors import UsageError

say = Say("target")

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
BAR = 10
"""Characters of a bar for an output of 1."""


def run(
    *,
    digit: Annotated[int, Given(0, 9)] = 6,
    image: int = -1,
    seed: Seed = 0,
    data: Path = DATA,
    weights: Path = WEIGHTS,
    progress: Progress = quietly,
) -> Demo:
    """Write out the target of one image, the output of the network beside it, and the cost."""
    digits = read_digits(data)
    Given(-1, len(digits.test_images) - 1).check("image", image)
    if image < 0 and digit not in digits.test_labels:
        raise UsageError(say("no-image"), "digit", digit)
    chosen = int(np.argmax(digits.test_labels == digit)) if image < 0 else image
    network, origin = trained_network(weights, digits, seed=seed, progress=progress)
    x, y = samples(digits.test_images, digits.test_labels)
    a = network.outputs(digits.test_images)
    costs = np.square(y - a).sum(axis=1) / 2
    label, own, target, cost = int(digits.test_labels[chosen]), a[chosen], y[chosen], float(costs[chosen])
    checked = network.forward(x[chosen : chosen + 1])
    cost_too = network.cost.evaluate(checked, target[None], np.empty_like(checked))
    prediction, squares, larger = int(own.argmax()), np.square(target - own), int((costs > cost).sum())
    share = float(squares.max() / max(float(squares.sum()), 1e-300))
    verdict = say("right") if prediction == label else say("wrong", digit=with_article(label))
    return Demo(
        idea=say("idea", six=vector(np.eye(CLASSES)[6])),
        tables=(_table(chosen, label, target, own, cost),),
        drawing=_drawing(digits.test_images[chosen], chosen, label, target, own),
        findings=(
            digits.about,
            origin,
            say("the-target-of-this-image", digit=with_article(label), index=label, ordinal=say(ORDINALS[label])),
            say("prediction", digit=prediction, output=own[prediction], verdict=verdict),
            say("the-cost-of-this-image", cost=cost, cost2=cost_too, index=int(squares.argmax()), share=share),
            joined(
                say("mean-cost", count=len(costs), mean=costs.mean()),
                say("count-of-them-cost-more" if larger else "none-of-them-costs-more", count=larger),
            ),
        ),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "image": chosen,
            "digit": label,
            "target": target,
            "output": own,
            "prediction": prediction,
            "cost": cost,
            "mean_cost": float(costs.mean()),
            "larger_costs": larger,
        },
        figure=_figure(digits.test_images[chosen], label, target, own),
        try_next=("target --digit 4", f"target --image {int(costs.argmax())}", "cost", "update"),
    )


def vector(entries: Array) -> str:
    """Write a column vector as a row with a T, as the book does: ``(0, 0, 1)^T``."""
    return f"({', '.join(f'{entry:.4g}' for entry in entries.tolist())})^T"


def _table(chosen: int, label: int, target: Array, a: Array, cost: float) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (f"{index}", f"{y:g}", f"{output:.4f}", _signed(y - output), f"{(y - output) ** 2:.6f}")
        for index, (y, output) in enumerate(zip(target.tolist(), a.tolist(), strict=True))
    ]
    rows.append(("", "", "", say("sum"), f"{2 * cost:.6f}"))
    title = say("test-image-image-target-and", image=chosen, digit=with_article(label))
    return say.table(title, ("index-and-digit", "y(x)", "a", "y(x) - a", "squared"), rows)


def _drawing(image: Bytes, chosen: int, label: int, target: Array, a: Array) -> tuple[str, ...]:
    """Draw the image, and beside it bars for the target and the output."""
    picture = shaded(image)
    bars = [f"{index}  {_bar(y)}  {_bar(output)}" for index, (y, output) in enumerate(zip(target, a, strict=True))]
    height, width = max(len(picture), len(bars)), max(map(len, picture))
    if width + len(bars[0]) + 2 > LINE:
        return ()
    blocks = [centred(picture, height, width), centred(bars, height, len(bars[0]))]
    caption, *lines = beside(blocks, [f"image {chosen}: {label}", f"   {'y(x)':<{BAR}}  a"])
    return caption, *"\n".join(lines).strip("\n").split("\n")


def _bar(value: float) -> str:
    filled = round(value * BAR)
    return "#" * filled + "." * (BAR - filled)


def _signed(difference: float) -> str:
    """Write a difference with its sign, unless it is rounded to 0."""
    text = f"{difference:+.4f}"
    return text[1:] if float(text) == 0 else text


def _figure(image: Bytes, label: int, target: Array, a: Array) -> Figure:
    panel = say.panel(
        "y-x-and-a",
        "index-and-digit",
        "output",
        say.curve(range(CLASSES), target, "y-x-the-target", "hollow"),
        say.curve(range(CLASSES), a, "a-the-output", "points"),
        y_range=(-0.05, 1.05),
    )
    return Figure((say.panel(say("x", digit=with_article(label)), "", "", image=image.astype(float)), panel))
