"""How well the gradient of a mini-batch estimates the gradient over all training images, and what it saves."""

from pathlib import Path
from typing import Annotated

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.network.gradients import flat_gradient, multiplications, squared_lengths
from nndigits.models.network.network import Network, random_network
from nndigits.models.training.mini_batches import PIECE
from nndigits.stages.demos.shared.data import CLASSES, DATA, Digits, read_digits, samples
from nndigits.stages.demos.shared.demo import Demo, Given, Hidden, Progress, Seed, quietly
from nndigits.stages.demos.shared.texts import Say
from nndigits.stages.figures.figure import Figure
from nndigits.stages.store.errors import UsageError

say = Say("sgd")

MOST_IMAGES = 100_000


def run(
    *,
    sizes: Annotated[tuple[int, ...], Given(1, 1000, count=(1, 8))] = (1, 10, 100, 1000),
    draws: Annotated[int, Given(2, 200)] = 50,
    hidden: Hidden = 30,
    seed: Seed = 0,
    data: Path = DATA,
    progress: Progress = quietly,
) -> Demo:
    """Compare the gradients of mini-batches with the gradient over all training images."""
    sizes = tuple(sorted(set(sizes)))
    if sum(sizes) * draws > MOST_IMAGES:
        raise UsageError(say("too-many", images=sum(sizes) * draws, most=MOST_IMAGES), "draws", draws)
    digits, rng = read_digits(data), np.random.default_rng(seed)
    network = random_network([digits.pixels, hidden, CLASSES], rng, "float64")
    images = len(digits.train_images)
    full, variance = _full_gradient(network, digits, progress)
    rows = [_row(network, digits, full, variance, size, draws, rng) for size in sizes]
    ten = min(rows, key=lambda row: abs(row["m"] - 10))
    slope, times = _slope(rows), images / ten["m"]
    return Demo(
        idea=say("idea", network=network),
        tables=(
            say.table(
                say("mini-batches-of-m-out", images=images, draws=draws),
                "m predicted-error error angle-degrees million-products batches-per-full-gradient",
                (
                    (m, f"{predicted:.1%}", f"{error:.1%}", round(angle, 1), products / 1e6, f"{images / m:,.0f}")
                    for m, predicted, error, angle, products in map(dict.values, rows)
                ),
            ),
        ),
        findings=(
            digits.about,
            "" if slope is None else say("from-m-to-the-error", small=sizes[0], large=sizes[-1], slope=slope),
            say(
                "cheaper",
                size=ten["m"],
                images=images,
                times=f"{times:,.0f}" if times >= 10 else f"{times:.2g}",
                error=ten["measured"],
                angle=ten["angle"],
            ),
            say("the-cost-is-the-number"),
        ),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "draws": draws,
            "seed": seed,
            "gradient_length": float(np.linalg.norm(full)),
            "spread_of_one": float(np.sqrt(variance)),
            "slope": slope,
            "batches": rows,
        },
        figure=_figure(rows),
        try_next=("sgd --sizes 1,2,4,8,16,32,64 --draws 100", "sgd --seed 1", "online", "steepest"),
    )


def _full_gradient(network: Network, digits: Digits, progress: Progress) -> tuple[Array, float]:
    """Compute the gradient over all training images, and the mean squared distance of single gradients from it."""
    images = len(digits.train_images)
    total, squares = np.zeros(sum(layer.size for layer in network.trainable_layers)), 0.0
    for start in range(0, images, PIECE):
        piece = slice(start, start + PIECE)
        total += flat_gradient(network, *samples(digits.train_images[piece], digits.train_labels[piece]))
        squares += float(squared_lengths(network).sum())
        progress(say("full-gradient"), start, images)
    full = total / images
    return full, squares / images - float(full @ full)


def _row(
    network: Network, digits: Digits, full: Array, variance: float, size: int, draws: int, rng: np.random.Generator
) -> dict[str, float]:
    """Measure error and angle of the gradients of one size; errors are shares of the length of the full gradient."""
    length = float(np.linalg.norm(full))
    squares, angles = [], []
    for _ in range(draws):
        chosen = rng.integers(len(digits.train_images), size=size)
        estimate = flat_gradient(network, *samples(digits.train_images[chosen], digits.train_labels[chosen])) / size
        squares.append(float(np.sum((estimate - full) ** 2)))
        cosine = float(estimate @ full) / (length * max(float(np.linalg.norm(estimate)), 1e-300))
        angles.append(float(np.degrees(np.arccos(np.clip(cosine, -1, 1)))))
    return {
        "m": size,
        "predicted": float(np.sqrt(variance / size)) / length,
        "measured": float(np.sqrt(np.mean(squares))) / length,
        "angle": float(np.mean(angles)),
        "products": size * multiplications(network),
    }


def _slope(rows: list[dict[str, float]]) -> float | None:
    """Fit the exponent of m in the error; theory predicts -1/2."""
    if len(rows) < 2:
        return None
    return float(np.polyfit(np.log([row["m"] for row in rows]), np.log([row["measured"] for row in rows]), 1)[0])


def _figure(rows: list[dict[str, float]]) -> Figure:
    m, predicted, measured, angles, _ = zip(*(row.values() for row in rows), strict=True)
    return Figure(
        (
            say.panel(
                "error-of-a-mini-batchs",
                "images-in-the-mini-batch",
                "share-of-the-full-gradients",
                say.curve(m, predicted, "predicted-1-sqrt-m", "dashed"),
                say.curve(m, measured, "measured", "points"),
                log_x=True,
                log_y=True,
            ),
            say.panel(
                "angle-to-the-full-gradient", "images-in-the-mini-batch", "degrees", say.curve(m, angles), log_x=True
            ),
        ),
    )
