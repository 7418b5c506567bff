"""What the hidden neurons of a trained network look for: their weights as pictures, and the images they answer to.

Where the first layer is a convolution, its filters are shown (``filters.py``).
"""

from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt

from nn.models.arrays.montage import montage, scaled
from nn.models.arrays.types import Array, Bytes, Integers
from nn.models.chapter.image_similarity import QUARTERS, cosine_similarity, quarters
from nn.models.layers.convolution import Convolution
from nn.models.network.inputs import as_inputs
from nn.models.network.network import Network
from nn.stages.demos.digits import filters
from nn.stages.demos.shared import limits
from nn.stages.demos.shared.data import CLASSES, DATA, Digits, read_digits
from nn.stages.demos.shared.demo import Cell, Demo, Progress, Table, quietly
from nn.stages.demos.shared.shades import across, shaded, shaded_signs
from nn.stages.demos.shared.trained import WEIGHTS, no_pictures, trained_network
from nn.stages.figures.figure import Figure, Panel
from nn.stages.store.errors import InputError

Mask = npt.NDArray[np.bool_]

MOST_SHOWN, MOST_IN_PICTURE, TOP = 6, 48, 10
COLUMNS, GREY = 6, 128.0
INKED = 0.02 * 255
"""Pixels with less ink on the mean hold little but the random weights that the network started with: left out."""
NEAR = 0.7
"""From this cosine on, two pictures are called near: the angle between them is then below 45 degrees."""
LEGEND = (
    "Weights: ink at # and + excites the neuron, ink at = and - calms it; blank where the",
    "weight is small or there is hardly ever ink. Below: the test image that excites it most.",
)
TRIES = 20
"""How many times as many random pictures the quarters are compared with."""


def run(
    *,
    neurons: Annotated[tuple[int, ...], "Hidden neurons to show, or filters, counted from 0."] = (0, 1, 2),
    digit: Annotated[int, "The digit whose answers are shown."] = 0,
    seed: Annotated[int, "Decides the network, where one has to be trained, and the random pictures."] = 0,
    data: Annotated[Path, "The digits, made by nn fetch."] = DATA,
    weights: Annotated[Path, "The trained network, made by nn train."] = WEIGHTS,
    progress: Progress = quietly,
) -> Demo:
    """Show hidden neurons' weights, the images that excite each most, and whether they are parts of a 0."""
    limits.count("neurons", neurons, 1, MOST_SHOWN)
    limits.whole("digit", digit, 0, CLASSES - 1)
    limits.seed(seed)
    digits = read_digits(data)
    network, whence = trained_network(weights, digits, seed=seed, progress=progress, complaint=no_pictures)
    first = network.layers[0]
    for neuron in neurons:
        limits.whole("neurons", neuron, 0, (first.filters if isinstance(first, Convolution) else first.outputs) - 1)
    if isinstance(first, Convolution):
        return filters.show(network, first, neurons, digit, digits, whence, seed)
    if len(network.dense) < 2:
        raise InputError(f"{weights}: {network} has no hidden neurons. Train with `nn train --hidden 30`")
    first = network.dense[0]
    on = f"{first.activation.value(np.zeros(1), np.empty(1))[0]:.2g}"  # where z is 0: a sigmoid's 0.5
    inked = digits.train_images.mean(axis=0) > INKED
    pictures = first.w.reshape(-1, *digits.shape) * inked
    z = _weighted_inputs(network, digits.test_images)
    answers = _answers(z, digits.test_labels)
    parts = _parts_of_zero(pictures, inked, digits, np.random.default_rng(seed))
    return Demo(
        idea=(
            "A hidden neuron weighs the pixels of an image, so its weights are a picture of what it looks for: ink "
            "where they are positive excites it, ink where they are negative calms it. The chapter guesses that "
            "four hidden neurons might look for the four parts of a 0. Do they? Here is what they learned."
        ),
        tables=(
            Table(
                f"The {TOP} test images that excite each neuron most; on means that it answers above {on}",
                ("neuron", "bias", "their digits", f"on at a {digit}, %", "on at any, %"),
                tuple(_row(neuron, digit, first.b, z, digits.test_labels, answers) for neuron in neurons),
            ),
            Table(
                "Quarters of the mean 0 and weights: likeness 1 is the same picture, 0 unrelated",
                ("quarter", "nearest neuron", "its likeness", "nearest of as many random pictures"),
                tuple((name, *part) for name, part in zip(QUARTERS, parts, strict=True)),
            ),
        ),
        drawing=_drawing(pictures, neurons, z, digits.test_images),
        findings=(str(digits), whence, *_findings(answers, on, parts)),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "neurons": [
                {
                    "neuron": neuron,
                    "bias": float(first.b[neuron]),
                    "top_images": _most_exciting(z[:, neuron]).tolist(),
                    "top_digits": digits.test_labels[_most_exciting(z[:, neuron])].tolist(),
                    "answers_by_digit": answers[neuron].tolist(),
                }
                for neuron in neurons
            ],
            "quarters_of_0": [
                {"quarter": name, "neuron": neuron, "likeness": similarity, "random": random}
                for name, (neuron, similarity, random) in zip(QUARTERS, parts, strict=True)
            ],
        },
        figure=_figure(pictures, z, digits),
        try_next=("hidden --neurons 3,4,5", "hidden --seed 1", "cost", "nine"),
    )


def _weighted_inputs(network: Network, images: Bytes) -> Array:
    """z of every hidden neuron for every image, ``(images, neurons)``."""
    return as_inputs(images, "float64") @ network.dense[0].parameters.T


def _answers(z: Array, labels: Bytes) -> Array:
    """For each neuron and digit, the share of images to which its z is above 0: ``(neurons, 10)``."""
    one_each = np.eye(CLASSES)[labels]
    shares: Array = (z > 0).T.astype(float) @ one_each / np.maximum(one_each.sum(axis=0), 1)
    return shares


def _most_exciting(z: Array) -> Integers:
    """The images with the largest z: where many answers are 1 to the last digit, z still tells them apart."""
    return np.argsort(-z, kind="stable")[:TOP]


def _row(neuron: int, digit: int, biases: Array, z: Array, labels: Bytes, answers: Array) -> tuple[Cell, ...]:
    exciting = labels[_most_exciting(z[:, neuron])]
    return (
        neuron,
        float(biases[neuron]),
        " ".join(map(str, exciting.tolist())),
        round(100 * float(answers[neuron, digit]), 1),
        round(100 * float((z[:, neuron] > 0).mean()), 1),
    )


def _parts_of_zero(
    pictures: Array, inked: Mask, digits: Digits, rng: np.random.Generator
) -> list[tuple[int, float, float]]:
    """For each quarter of the mean 0: the neuron most like it, how like, and how like the best random picture is."""
    zeros = digits.train_images[digits.train_labels == 0]
    mean = zeros.mean(axis=0) if len(zeros) else np.zeros(digits.shape)
    wanted = quarters(mean)[:, inked]
    like = cosine_similarity(pictures[:, inked], wanted)
    random = [
        cosine_similarity(rng.standard_normal((len(pictures), wanted.shape[1])), wanted).max(axis=0)
        for _ in range(TRIES)
    ]
    nearest, by_chance = like.argmax(axis=0), np.mean(random, axis=0)
    return [(int(nearest[part]), float(like[nearest[part], part]), float(by_chance[part])) for part in range(4)]


def _findings(answers: Array, on: str, parts: list[tuple[int, float, float]]) -> tuple[str, ...]:
    often = int((answers[:, 0] > 0.5).sum())
    best, chance = max(parts, key=lambda part: part[1]), max(part[2] for part in parts)
    near = (
        "which is near the chapter's guess"
        if best[1] > NEAR
        else "far from the same picture: this network found another way than the chapter's guess"
    )
    return (
        f"{often} of the {len(answers)} hidden neurons answer above {on} to more than half of the 0s.",
        f"The neuron most like a quarter of a 0 is neuron {best[0]}, with a likeness of {best[1]:.2f} ({chance:.2f} by "
        f"chance), {near}.",
    )


def _drawing(pictures: Array, neurons: tuple[int, ...], z: Array, images: Bytes) -> tuple[str, ...]:
    """The weights of a few neurons, and below each the image that excites it most."""
    drawn = [shaded_signs(pictures[neuron]) for neuron in neurons]
    liked = [shaded(images[int(z[:, neuron].argmax())].astype(float)) for neuron in neurons]
    lines = across([drawn, liked], [f"neuron {neuron}" for neuron in neurons])
    return (*LEGEND, *lines) if lines else ()


def _figure(pictures: Array, z: Array, digits: Digits) -> Figure:
    shown = pictures[:MOST_IN_PICTURE]
    exciting = digits.test_images[z[:, : len(shown)].argmax(axis=0)].astype(float)
    return Figure(
        (
            Panel(
                f"Weights of hidden neurons 0 to {len(shown) - 1}",
                "blue excites, red calms",
                image=montage(scaled(shown), COLUMNS).tolist(),
                signed=True,
            ),
            Panel(
                "The test image that excites each most",
                "in the same places",
                image=montage(exciting, COLUMNS, line=GREY).tolist(),
            ),
        ),
        columns=2,
    )
