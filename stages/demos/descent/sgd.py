"""How well the gradient of a few images stands for the gradient of all of them, and what it saves."""

from pathlib import Path
from typing import Annotated

import numpy as np

from nn.models.arrays.types import Array, Integers
from nn.models.network.gradients import flat_gradient, multiplications, squared_lengths
from nn.models.network.inputs import as_inputs, one_hot
from nn.models.network.network import Network, random_network
from nn.models.training.mini_batches import PIECE
from nn.stages.demos.shared import limits, training
from nn.stages.demos.shared.data import CLASSES, DATA, Digits, read_digits
from nn.stages.demos.shared.demo import Demo, Progress, Table, quietly
from nn.stages.figures.figure import Curve, Figure, Panel
from nn.stages.store.errors import UsageError

MOST_SIZES, LARGEST_BATCH, MOST_DRAWS, MOST_IMAGES = 8, 1000, 200, 100_000


def run(
    *,
    sizes: Annotated[tuple[int, ...], "Sizes of mini-batches to try, up to eight."] = (1, 10, 100, 1000),
    draws: Annotated[int, "How many mini-batches of each size to draw."] = 50,
    hidden: Annotated[int, "Hidden neurons."] = 30,
    seed: Annotated[int, "Decides the network's weights and which images are drawn."] = 0,
    data: Annotated[Path, "The digits, made by nn fetch."] = DATA,
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
    whole, spread = _whole(network, digits, progress)
    rows = [_row(network, digits, whole, spread, size, draws, rng) for size in sizes]
    return Demo(
        idea=(
            "Gradient descent asks every training image which way to change the weights, and takes the mean. "
            "Stochastic gradient descent asks a few images drawn at random, a mini-batch, as an opinion poll does. "
            f"Here both gradients of a {network} network with random weights stand beside each other. Off by is the "
            "length of their difference, as a share of the whole gradient's length."
        ),
        tables=(
            Table(
                f"Mini-batches of m images against all {images:,}; {draws} of each size, drawn with replacement",
                (
                    "m",
                    "foretold",
                    "off by",
                    "angle, degrees",
                    "million products",
                    "for the price of all",
                ),
                tuple(
                    (
                        row["m"],
                        f"{row['foretold']:.1%}",
                        f"{row['measured']:.1%}",
                        round(row["angle"], 1),
                        row["products"] / 1e6,
                        f"{images / row['m']:,.0f}",
                    )
                    for row in rows
                ),
            ),
        ),
        findings=(str(digits), *_findings(rows, images)),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "draws": draws,
            "seed": seed,
            "gradient_length": float(np.linalg.norm(whole)),
            "spread_of_one": float(np.sqrt(spread)),
            "slope": _slope(rows),
            "batches": rows,
        },
        figure=_figure(rows),
        try_next=("sgd --sizes 1,2,4,8,16,32,64 --draws 100", "sgd --seed 1", "online", "steepest"),
    )


def _whole(network: Network, digits: Digits, progress: Progress) -> tuple[Array, float]:
    """The gradient over all training images, and the mean squared distance of a single image's gradient from it."""
    images = len(digits.train_images)
    total, squares = np.zeros(sum(layer.size for layer in network.trainable_layers)), 0.0
    for start in range(0, images, PIECE):
        x, y = _chosen(digits, np.arange(start, min(start + PIECE, images)))
        total += flat_gradient(network, x, y)
        squares += float(squared_lengths(network).sum())
        progress("Whole gradient", start, images)
    whole = total / images
    return whole, squares / images - float(whole @ whole)


def _chosen(digits: Digits, chosen: Integers) -> tuple[Array, Array]:
    x = as_inputs(digits.train_images[chosen], "float64")
    return x, one_hot(digits.train_labels[chosen], CLASSES, "float64")


def _row(
    network: Network, digits: Digits, whole: Array, spread: float, size: int, draws: int, rng: np.random.Generator
) -> dict[str, float]:
    """One size: how far its gradients lie from the whole one, as shares of its length, and at which angle."""
    length = float(np.linalg.norm(whole))
    squares, angles = [], []
    for _ in range(draws):
        x, y = _chosen(digits, rng.integers(len(digits.train_images), size=size))
        few = flat_gradient(network, x, y) / size
        squares.append(float(np.sum((few - whole) ** 2)))
        cosine = float(few @ whole) / (length * max(float(np.linalg.norm(few)), 1e-300))
        angles.append(float(np.degrees(np.arccos(np.clip(cosine, -1, 1)))))
    return {
        "m": size,
        "foretold": float(np.sqrt(spread / size)) / length,
        "measured": float(np.sqrt(np.mean(squares))) / length,
        "angle": float(np.mean(angles)),
        "products": size * multiplications(network),
    }


def _slope(rows: list[dict[str, float]]) -> float | None:
    """The power of m by which the error goes; -1/2 is foretold."""
    if len(rows) < 2:
        return None
    return float(np.polyfit(np.log([row["m"] for row in rows]), np.log([row["measured"] for row in rows]), 1)[0])


def _findings(rows: list[dict[str, float]], images: int) -> list[str]:
    found = []
    slope = _slope(rows)
    if slope is not None:
        found.append(
            f"From m = {rows[0]['m']} to {rows[-1]['m']} the error goes as m to the power {slope:.3f}. Foretold is "
            "-0.5, the spread of the single images' gradients over sqrt(m): to be ten times as exact takes a hundred "
            "times the images."
        )
    row = min(rows, key=lambda row: abs(row["m"] - 10))
    found.append(
        f"A mini-batch of {row['m']} costs {row['m']} / {images:,} of the whole gradient, "
        f"{images / row['m']:,.0f} times less, and is off by {row['measured']:.0%} of its length, "
        f"{row['angle']:.0f} degrees. The chapter's 6,000 is 60,000 / 10: how much cheaper one estimate is, not "
        "how much faster the network learns."
    )
    found.append(
        "Counted are products with weights, forward and back, not seconds: those differ from machine to machine."
    )
    return found


def _figure(rows: list[dict[str, float]]) -> Figure:
    m = [row["m"] for row in rows]
    return Figure(
        (
            Panel(
                "Error of a mini-batch's gradient",
                "images in the mini-batch, m",
                "share of the gradient's length",
                (
                    Curve(m, [row["foretold"] for row in rows], "foretold: falls as 1 / sqrt(m)", "dashed"),
                    Curve(m, [row["measured"] for row in rows], "measured", "points"),
                ),
                log_x=True,
                log_y=True,
            ),
            Panel(
                "Angle to the whole gradient",
                "images in the mini-batch, m",
                "degrees",
                (Curve(m, [row["angle"] for row in rows]),),
                log_x=True,
            ),
        ),
        columns=2,
    )
