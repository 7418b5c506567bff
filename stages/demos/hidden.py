"""Hidden neurons of a trained network: their weights as pictures, and the images that excite them most.

If the first layer is a convolution, its filters are shown instead (``filters.py``).
"""

from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.montage import montage, scaled
from nndigits.models.arrays.types import Array, Bytes, Integers
from nndigits.models.chapter.image_similarity import QUARTERS, cosine_similarity, quarters
from nndigits.models.layers.convolution import Convolution
from nndigits.models.network.inputs import as_inputs
from nndigits.models.network.network import Network
from nndigits.stages.demos import filters
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.data import CLASSES, DATA, Digits, read_digits
from nndigits.stages.demos.shared.demo import Cell, Demo, Progress, Table, quietly
from nndigits.stages.demos.shared.shades import across, shaded, shaded_signs
from nndigits.stages.demos.shared.texts import texts, with_article
from nndigits.stages.demos.shared.trained import WEIGHTS, no_pictures, trained_network
from nndigits.stages.figures.figure import Figure, Panel
from nndigits.stages.store.errors import InputError

say = texts("hidden")

Mask = npt.NDArray[np.bool_]

MOST_SHOWN, MOST_IN_PICTURE, TOP = 6, 48, 10
COLUMNS, GREY = 6, 128.0
INKED = 0.02 * 255
"""Pixels with a lower mean are left out: their weights have hardly changed from the random start."""
SIMILAR = 0.7
"""Cosine similarity above which two pictures count as similar: the angle is below 45 degrees."""
LEGEND = (
    "Weights: # and + are positive and excite the neuron, = and - are negative and inhibit",
    "it. Blank: small weights, or pixels that hardly ever have ink. Below: the test image",
    "that excites the neuron most.",
)
PARTS_LEGEND = (
    "The four parts of a 0: the quarters of the mean 0. The number is that of the neuron",
    "that is most similar to the quarter; its weights are below.",
)
DRAWS = 20
"""Number of sets of random pictures that the similarity by chance is averaged over."""


def run(
    *,
    neurons: Annotated[tuple[int, ...], "Hidden neurons or filters to show, counted from 0."] = (0, 1, 2),
    digit: Annotated[int, "The digit for which outputs are shown."] = 0,
    seed: Annotated[int, "Seed of the random pictures, and of the network if it is trained here."] = 0,
    data: Annotated[Path, "The data set, made by nn fetch."] = DATA,
    weights: Annotated[Path, "The trained network, made by nn train."] = WEIGHTS,
    progress: Progress = quietly,
) -> Demo:
    """Show the weights of hidden neurons and the images that excite each most, and look for the parts of a 0."""
    limits.count("neurons", neurons, 1, MOST_SHOWN)
    limits.whole("digit", digit, 0, CLASSES - 1)
    limits.seed(seed)
    digits = read_digits(data)
    network, origin = trained_network(weights, digits, seed=seed, progress=progress, complaint=no_pictures)
    first = network.layers[0]
    for neuron in neurons:
        limits.whole("neurons", neuron, 0, (first.filters if isinstance(first, Convolution) else first.outputs) - 1)
    if isinstance(first, Convolution):
        return filters.show(network, first, neurons, digit, digits, origin, seed)
    if len(network.dense) < 2:
        raise InputError(f"{weights}: {network} has no hidden neurons. Train with `nn train --hidden 30`")
    first = network.dense[0]
    middle = f"{first.activation.value(np.zeros(1), np.empty(1))[0]:.2g}"  # the output at z = 0: 0.5 for a sigmoid
    inked = digits.train_images.mean(axis=0) > INKED
    pictures = first.w.reshape(-1, *digits.shape) * inked
    z = _weighted_inputs(network, digits.test_images)
    active = _active_shares(z, digits.test_labels)
    zero = _mean_zero(digits)
    parts = _parts_of_zero(pictures, inked, quarters(zero), np.random.default_rng(seed))
    return Demo(
        idea=(say("idea-2")),
        tables=(
            Table(
                say("the-test-images-that-excite-2", count=TOP, middle=middle),
                (
                    say("neuron"),
                    say("bias"),
                    say("their-digits"),
                    say("active-for", digit=with_article(digit)),
                    say("active-for-any"),
                ),
                tuple(_row(neuron, digit, first.b, z, digits.test_labels, active) for neuron in neurons),
            ),
            Table(
                say("quarters-of-the-mean-0-2"),
                (
                    say("quarter"),
                    say("most-similar-neuron"),
                    say("similarity"),
                    say("best-of-random-pictures", count=len(pictures)),
                ),
                tuple((say(name.replace(" ", "-")), *part) for name, part in zip(QUARTERS, parts, strict=True)),
            ),
        ),
        drawing=(
            *_drawing(pictures, neurons, z, digits.test_images),
            *_drawn_parts(pictures, zero, [neuron for neuron, _, _ in parts]),
        ),
        findings=(digits.about, origin, *_findings(active, middle, parts)),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "neurons": [
                {
                    "neuron": neuron,
                    "bias": float(first.b[neuron]),
                    "top_images": _most_exciting(z[:, neuron]).tolist(),
                    "top_digits": digits.test_labels[_most_exciting(z[:, neuron])].tolist(),
                    "answers_by_digit": active[neuron].tolist(),
                }
                for neuron in neurons
            ],
            "quarters_of_0": [
                {"quarter": name, "neuron": neuron, "likeness": similarity, "random": random}
                for name, (neuron, similarity, random) in zip(QUARTERS, parts, strict=True)
            ],
        },
        figure=_figure(pictures, z, digits, zero),
        try_next=("hidden --neurons 3,4,5", "hidden --seed 1", "cost", "nine"),
    )


def _weighted_inputs(network: Network, images: Bytes) -> Array:
    """Compute z of every hidden neuron for every image, ``(images, neurons)``."""
    return as_inputs(images, "float64") @ network.dense[0].parameters.T


def _active_shares(z: Array, labels: Bytes) -> Array:
    """Compute the share of each digit's images for which a neuron's z is above 0, ``(neurons, 10)``."""
    one_hot = np.eye(CLASSES)[labels]
    shares: Array = (z > 0).T.astype(float) @ one_hot / np.maximum(one_hot.sum(axis=0), 1)
    return shares


def _most_exciting(z: Array) -> Integers:
    """Return the images with the largest z, which still differs where many outputs are rounded to 1."""
    return np.argsort(-z, kind="stable")[:TOP]


def _row(neuron: int, digit: int, biases: Array, z: Array, labels: Bytes, active: Array) -> tuple[Cell, ...]:
    exciting = labels[_most_exciting(z[:, neuron])]
    return (
        neuron,
        float(biases[neuron]),
        " ".join(map(str, exciting.tolist())),
        round(100 * float(active[neuron, digit]), 1),
        round(100 * float((z[:, neuron] > 0).mean()), 1),
    )


def _mean_zero(digits: Digits) -> Array:
    """Return the mean of the training images of a 0, ``(height, width)``; 0 without such images."""
    zeros = digits.train_images[digits.train_labels == 0]
    mean: Array = zeros.mean(axis=0) if len(zeros) else np.zeros(digits.shape)
    return mean


def _parts_of_zero(
    pictures: Array, inked: Mask, parts: Array, rng: np.random.Generator
) -> list[tuple[int, float, float]]:
    """Return the most similar neuron for each quarter of the mean 0, its similarity, and the similarity by chance."""
    targets = parts[:, inked]
    similarity = cosine_similarity(pictures[:, inked], targets)
    random = [
        cosine_similarity(rng.standard_normal((len(pictures), targets.shape[1])), targets).max(axis=0)
        for _ in range(DRAWS)
    ]
    nearest, by_chance = similarity.argmax(axis=0), np.mean(random, axis=0)
    return [(int(nearest[part]), float(similarity[nearest[part], part]), float(by_chance[part])) for part in range(4)]


def _findings(active: Array, middle: str, parts: list[tuple[int, float, float]]) -> tuple[str, ...]:
    often = int((active[:, 0] > 0.5).sum())
    (neuron, similarity, _), chance = max(parts, key=lambda part: part[1]), max(part[2] for part in parts)
    return (
        say("of-the-hidden-neurons-have", often=often, count=len(active), middle=middle),
        say("similar" if similarity > SIMILAR else "not-similar", neuron=neuron, similarity=similarity, chance=chance),
    )


def _drawing(pictures: Array, neurons: tuple[int, ...], z: Array, images: Bytes) -> tuple[str, ...]:
    """Draw the weights of a few neurons, and below each the image that excites it most."""
    drawn = [shaded_signs(pictures[neuron]) for neuron in neurons]
    top = [shaded(images[int(z[:, neuron].argmax())].astype(float)) for neuron in neurons]
    lines = across([drawn, top], [f"neuron {neuron}" for neuron in neurons])
    return (*LEGEND, *lines) if lines else ()


def _drawn_parts(pictures: Array, zero: Array, nearest: list[int]) -> tuple[str, ...]:
    """Draw the quarters of the mean 0, below each the most similar weights, and the quarters together."""
    parts = [shaded(part) for part in (*quarters(zero), zero)]
    weights = [shaded_signs(pictures[neuron]) for neuron in nearest]
    blank = [" " * len(row) for row in weights[0]]
    captions = [f"{name} {neuron}" for name, neuron in zip(QUARTERS, nearest, strict=True)]
    lines = across([parts, [*weights, blank]], [*captions, "together"])
    return ("", *PARTS_LEGEND, *lines) if lines else ()


def _figure(pictures: Array, z: Array, digits: Digits, zero: Array) -> Figure:
    shown = pictures[:MOST_IN_PICTURE]
    exciting = digits.test_images[z[:, : len(shown)].argmax(axis=0)].astype(float)
    return Figure(
        (
            Panel(
                say("neuron-weights", last=len(shown) - 1),
                say("blue-excites-red-inhibits"),
                image=montage(scaled(shown), COLUMNS).tolist(),
                signed=True,
            ),
            Panel(
                say("test-image-that-excites-each"),
                say("in-the-same-order"),
                image=montage(exciting, COLUMNS, line=GREY).tolist(),
            ),
            Panel(
                say("the-four-parts-of-a"),
                say("quarters-of-the-mean-0"),
                image=montage(np.stack([*quarters(zero), zero]), 3, line=GREY).tolist(),
            ),
        ),
    )
