"""Hidden neurons of a trained network: their weights as pictures, and the images that excite them most.

If the first layer is a convolution, its filters are shown instead (``filters.py``).
"""

from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.montage import montage, scaled
from nndigits.models.arrays.types import Array, Bytes
from nndigits.models.chapter.feature_detectors import QUARTERS, cosine_similarity, quarters
from nndigits.models.layers.convolution import Convolution
from nndigits.models.network.inputs import as_inputs
from nndigits.stages.demos import filters
from nndigits.stages.demos.shared.data import CLASSES, DATA, read_digits
from nndigits.stages.demos.shared.demo import Demo, Given, Progress, Seed, quietly
from nndigits.stages.demos.shared.shades import across, shaded, shaded_signs
from nndigits.stages.demos.shared.texts import Say, with_article
from nndigits.stages.demos.shared.trained import WEIGHTS, no_pictures, trained_network
from nndigits.stages.figures.figure import Figure
from nndigits.stages.store.errors import InputError

say = Say("hidden")

MOST_IN_PICTURE, TOP = 48, 10
COLUMNS, GREY = 6, 128.0
INKED = 0.02 * 255
"""Pixels with a lower mean are left out: their weights have hardly changed from the random start."""
SIMILAR = 0.7
"""Cosine similarity above which two pictures count as similar: the angle is below 45 degrees."""
DRAWS = 20
"""Number of sets of random pictures that the similarity by chance is averaged over."""


def run(
    *,
    neurons: Annotated[tuple[int, ...], Given(count=(1, 6))] = (0, 1, 2),
    digit: Annotated[int, Given(0, 9)] = 0,
    seed: Seed = 0,
    data: Path = DATA,
    weights: Path = WEIGHTS,
    progress: Progress = quietly,
) -> Demo:
    """Show the weights of hidden neurons and the images that excite each most, and look for the parts of a 0."""
    digits = read_digits(data)
    network, origin = trained_network(weights, digits, seed=seed, progress=progress, complaint=no_pictures)
    first = network.layers[0]
    units = first.filters if isinstance(first, Convolution) else first.outputs
    Given(0, units - 1).check("neurons", neurons)
    if isinstance(first, Convolution):
        return filters.show(network, first, neurons, digit, digits, origin, seed)
    if len(network.dense) < 2:
        raise InputError(say("no-hidden", file=weights, network=network))
    first = network.dense[0]
    middle = f"{first.activation.value(np.zeros(1), np.empty(1))[0]:.2g}"  # the output at z = 0: 0.5 for a sigmoid
    inked = digits.train_images.mean(axis=0) > INKED
    pictures = first.w.reshape(-1, *digits.shape) * inked
    z = as_inputs(digits.test_images, "float64") @ first.parameters.T  # of every neuron for every image
    one_hot = np.eye(CLASSES)[digits.test_labels]
    active: Array = (z > 0).T @ one_hot / np.maximum(one_hot.sum(axis=0), 1)  # share of each digit's images
    top = np.argsort(-z, axis=0, kind="stable")[:TOP]  # by z, which still differs where many outputs are rounded to 1
    zeros = digits.train_images[digits.train_labels == 0]
    zero = zeros.mean(axis=0) if len(zeros) else np.zeros(digits.shape)
    parts = _parts_of_zero(pictures, inked, quarters(zero), np.random.default_rng(seed))
    often = int((active[:, 0] > 0.5).sum())
    (nearest, similarity, _), chance = max(parts, key=lambda part: part[1]), max(part[2] for part in parts)
    similar = "similar" if similarity > SIMILAR else "not-similar"
    return Demo(
        idea=say("idea-2"),
        tables=(
            say.table(
                say("the-test-images-that-excite-2", count=TOP, middle=middle),
                ("neuron", "bias", "their-digits", say("active-for", digit=with_article(digit)), "active-for-any"),
                (
                    (
                        neuron,
                        float(first.b[neuron]),
                        " ".join(map(str, digits.test_labels[top[:, neuron]])),
                        round(100 * float(active[neuron, digit]), 1),
                        round(100 * float((z[:, neuron] > 0).mean()), 1),
                    )
                    for neuron in neurons
                ),
            ),
            say.table(
                "quarters-of-the-mean-0-2",
                ("quarter", "most-similar-neuron", "similarity", say("best-of-random-pictures", count=len(pictures))),
                ((say(name.replace(" ", "-")), *part) for name, part in zip(QUARTERS, parts, strict=True)),
            ),
        ),
        drawing=(
            *_drawing(pictures, neurons, digits.test_images[top[0, list(neurons)]]),
            *_drawn_parts(pictures, zero, [neuron for neuron, _, _ in parts]),
        ),
        findings=(
            digits.about,
            origin,
            say("of-the-hidden-neurons-have", often=often, count=len(active), middle=middle),
            say(similar, neuron=nearest, similarity=similarity, chance=chance),
        ),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "neurons": [
                {
                    "neuron": neuron,
                    "bias": first.b[neuron],
                    "top_images": top[:, neuron],
                    "top_digits": digits.test_labels[top[:, neuron]],
                    "answers_by_digit": active[neuron],
                }
                for neuron in neurons
            ],
            "quarters_of_0": [
                {"quarter": name, "neuron": neuron, "likeness": likeness, "random": random}
                for name, (neuron, likeness, random) in zip(QUARTERS, parts, strict=True)
            ],
        },
        figure=_figure(pictures, digits.test_images[top[0]], zero),
        try_next=("hidden --neurons 3,4,5", "hidden --seed 1", "cost", "nine"),
    )


def _parts_of_zero(
    pictures: Array, inked: npt.NDArray[np.bool_], parts: Array, rng: np.random.Generator
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


def _drawing(pictures: Array, neurons: tuple[int, ...], exciting: Bytes) -> tuple[str, ...]:
    """Draw the weights of a few neurons, and below each the image that excites it most."""
    drawn = [shaded_signs(pictures[neuron]) for neuron in neurons]
    lines = across([drawn, [*map(shaded, exciting)]], [f"neuron {neuron}" for neuron in neurons])
    return (say("neurons-drawn"), *lines) if lines else ()


def _drawn_parts(pictures: Array, zero: Array, nearest: list[int]) -> tuple[str, ...]:
    """Draw the quarters of the mean 0, below each the most similar weights, and the quarters together."""
    parts = [shaded(part) for part in (*quarters(zero), zero)]
    weights = [shaded_signs(pictures[neuron]) for neuron in nearest]
    blank = [" " * len(row) for row in weights[0]]
    captions = [f"{name} {neuron}" for name, neuron in zip(QUARTERS, nearest, strict=True)]
    lines = across([parts, [*weights, blank]], [*captions, "together"])
    return ("", say("parts-drawn"), *lines) if lines else ()


def _figure(pictures: Array, exciting: Bytes, zero: Array) -> Figure:
    shown = pictures[:MOST_IN_PICTURE]
    weights = montage(scaled(shown), COLUMNS)
    examples = montage(exciting[: len(shown)].astype(float), COLUMNS, line=GREY)
    parts = montage(np.stack([*quarters(zero), zero]), 3, line=GREY)
    title = say("neuron-weights", last=len(shown) - 1)
    return Figure(
        (
            say.panel(title, "blue-excites-red-inhibits", "", image=weights, signed=True),
            say.panel("test-image-that-excites-each", "in-the-same-order", "", image=examples),
            say.panel("the-four-parts-of-a", "quarters-of-the-mean-0", "", image=parts),
        ),
        columns=3,
    )
