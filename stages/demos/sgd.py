"""How well the gradient of a mini-batch estimates the gradient over all training images, and what it saves."""

from pathlib import Path
from typing import Annotated

import numpy as np

from nndigits.models.arrays.types import Array, Integers
from nndigits.models.network.gradients import flat_gradient, multiplications, squared_lengths
from nndigits.models.network.inputs import as_inputs, one_hot
from nndigits.models.network.network import Network, random_network
from nndigits.models.training.mini_batches import PIECE
from nndigits.stages.demos.shared import limits, training
from nndigits.stages.demos.shared.data import CLASSES, DATA, Digits, read_digits
from nndigits.stages.demos.shared.demo import Demo, Progress, Table, quietly
from nndigits.stages.demos.shared.texts import texts
from nndigits.stages.figures.figure import Curve, Figure, Panel
from nndigits.stages.store.errors import UsageError

say = texts("sgd")

MOST_SIZES, LARGEST_BATCH, MOST_DRAWS, MOST_IMAGES = 8, 1000, 200, 100_000


def run(
    *,
    sizes: Annotated[tuple[int, ...], "Mini-batch sizes, up to eight."] = (1, 10, 100, 1000),
    draws: Annotated[int, "Number of mini-batches of each size."] = 50,
    hidden: Annotated[int, "Hidden neurons."] = 30,
    seed: Annotated[int, "Seed of the weights and of the mini-batches."] = 0,
    data: Annotated[Path, "The data set, made by nn fetch."] = DATA,
    progress: Progress = quietly,
) -> Demo:
    """Compare the gradients of mini-batches with the gradient over all training images."""
    limits.count("sizes", sizes, 1, MOST_SIZES)
    for size in sizes:
        limits.whole("sizes", size, 1, LARGEST_BATCH)
    limits.whole("draws", draws, 2, MOST_DRAWS)
    training.check(hidden=hidden, seed=seed)
    sizes = tuple(sorted(set(sizes)))
    if sum(sizes) * draws > MOST_IMAGES:
        raise UsageError(
            f"with these sizes that is {sum(sizes) * draws:,} images, at most {MOST_IMAGES:,}", "draws", draws
        )
    digits, rng = read_digits(data), np.random.default_rng(seed)
    network = random_network([digits.pixels, hidden, CLASSES], rng, "float64")
    images = len(digits.train_images)
    full, variance = _full_gradient(network, digits, progress)
    rows = [_row(network, digits, full, variance, size, draws, rng) for size in sizes]
    return Demo(
        idea=(say("idea", network=network)),
        tables=(
            Table(
                say("mini-batches-of-m-out", images=images, draws=draws),
                (
                    "m",
                    say("predicted-error"),
                    say("error"),
                    say("angle-degrees"),
                    say("million-products"),
                    say("batches-per-full-gradient"),
                ),
                tuple(
                    (
                        row["m"],
                        f"{row['predicted']:.1%}",
                        f"{row['measured']:.1%}",
                        round(row["angle"], 1),
                        row["products"] / 1e6,
                        f"{images / row['m']:,.0f}",
                    )
                    for row in rows
                ),
            ),
        ),
        findings=(digits.about, *_findings(rows, images)),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "draws": draws,
            "seed": seed,
            "gradient_length": float(np.linalg.norm(full)),
            "spread_of_one": float(np.sqrt(variance)),
            "slope": _slope(rows),
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
        x, y = _batch(digits, np.arange(start, min(start + PIECE, images)))
        total += flat_gradient(network, x, y)
        squares += float(squared_lengths(network).sum())
        progress("Full gradient", start, images)
    full = total / images
    return full, squares / images - float(full @ full)


def _batch(digits: Digits, chosen: Integers) -> tuple[Array, Array]:
    x = as_inputs(digits.train_images[chosen], "float64")
    return x, one_hot(digits.train_labels[chosen], CLASSES, "float64")


def _row(
    network: Network, digits: Digits, full: Array, variance: float, size: int, draws: int, rng: np.random.Generator
) -> dict[str, float]:
    """Measure error and angle of the gradients of one size; errors are shares of the length of the full gradient."""
    length = float(np.linalg.norm(full))
    squares, angles = [], []
    for _ in range(draws):
        x, y = _batch(digits, rng.integers(len(digits.train_images), size=size))
        estimate = flat_gradient(network, x, y) / size
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


def _findings(rows: list[dict[str, float]], images: int) -> list[str]:
    findings: list[str] = []
    slope = _slope(rows)
    if slope is not None:
        findings.append(say("from-m-to-the-error", small=rows[0]["m"], large=rows[-1]["m"], slope=slope))
    row = min(rows, key=lambda row: abs(row["m"] - 10))
    findings.append(
        say(
            "cheaper",
            size=row["m"],
            images=images,
            times=_times(images / row["m"]),
            error=row["measured"],
            angle=row["angle"],
        )
    )
    findings.append(say("the-cost-is-the-number"))
    return findings


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}"


def _figure(rows: list[dict[str, float]]) -> Figure:
    m = [row["m"] for row in rows]
    return Figure(
        (
            Panel(
                say("error-of-a-mini-batchs"),
                say("images-in-the-mini-batch"),
                say("share-of-the-full-gradients"),
                (
                    Curve(m, [row["predicted"] for row in rows], say("predicted-1-sqrt-m"), "dashed"),
                    Curve(m, [row["measured"] for row in rows], say("measured"), "points"),
                ),
                log_x=True,
                log_y=True,
            ),
            Panel(
                say("angle-to-the-full-gradient"),
                say("images-in-the-mini-batch"),
                say("degrees"),
                (Curve(m, [row["angle"] for row in rows]),),
                log_x=True,
            ),
        ),
        columns=2,
    )
