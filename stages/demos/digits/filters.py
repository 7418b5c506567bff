"""What the filters of a convolution look for: their weights, their maps of a digit, the windows they answer to most."""

from math import ceil, sqrt
from typing import Any

import numpy as np

from nn.models.arrays.montage import montage, scaled
from nn.models.arrays.types import Array
from nn.models.chapter.filter_responses import smoothness
from nn.models.layers.convolution import Convolution
from nn.models.network.network import Network
from nn.stages.demos.digits.filter_responses import TOP, Looks, look
from nn.stages.demos.shared.data import Digits
from nn.stages.demos.shared.demo import Cell, Demo, Table
from nn.stages.demos.shared.shades import across, beside, shaded, shaded_signs
from nn.stages.figures.figure import Figure, Panel

DRAWN, MOST_IN_PICTURE = 5, 16
TRIES = 100
"""How often the weights of each filter are shuffled, for what is alike by chance."""
EDGE = 0.25
"""Weights whose sum is a smaller share of their sizes' sum are called an edge: ink here, against ink there."""
SILENT = 0.001
"""A filter that answers at a smaller share of the places has nothing to say to the layers behind it."""
GREY, ENLARGED = 0.5, 3


def show(
    network: Network, first: Convolution, filters: tuple[int, ...], digit: int, digits: Digits, whence: str, seed: int
) -> Demo:
    """Show filters of a network's first layer, what they answer to, and whether they are smoother than by chance."""
    looks = look(first, digit, digits)
    alike, chance = smoothness(looks.pictures), _by_chance(looks.pictures, np.random.default_rng(seed))
    return Demo(
        idea=(
            "A filter of a convolution is a small picture that is moved over the image: where the ink is as its "
            "weights are, it answers, and its answers are a map of that one feature (chapter 6). Nobody told the "
            "filters what to look for. Here is what they learned, and the pieces of digits they answer to most."
        ),
        tables=(
            Table(
                f"The {TOP} test images that excite each filter most, each at its best place",
                ("filter", "bias", "their digits", "answers at, % of places", "smoothness", "shuffled"),
                tuple(_row(looks, number, alike, chance) for number in filters),
            ),
        ),
        drawing=_drawing(looks, filters),
        findings=(str(digits), whence, *_findings(looks, alike, chance)),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "layers": [repr(layer) for layer in network.layers],
            "image": {"index": looks.image, "digit": digit},
            "filters": [_values(looks, number, alike) for number in filters],
        },
        figure=_figure(looks, digit),
        try_next=(f"hidden --digit {(digit + 4) % 10}", "hidden --neurons 3,4,5", "feedforward"),
    )


def _by_chance(pictures: Array, rng: np.random.Generator) -> Array:
    """How smooth each filter is on the mean with its weights in another order."""
    flat = np.repeat(pictures.reshape(1, len(pictures), -1), TRIES, axis=0)
    shuffled = rng.permuted(flat, axis=2).reshape(-1, *pictures.shape[1:])
    mean: Array = smoothness(shuffled).reshape(TRIES, -1).mean(axis=0)
    return mean


def _row(looks: Looks, number: int, alike: Array, chance: Array) -> tuple[Cell, ...]:
    return (
        number,
        float(looks.biases[number]),
        " ".join(map(str, looks.digits.test_labels[looks.liked(number)].tolist())),
        round(100 * float(looks.on[number]), 1),
        round(float(alike[number]), 2),
        round(float(chance[number]), 2),
    )


def _values(looks: Looks, number: int, alike: Array) -> dict[str, Any]:
    liked, columns = looks.liked(number), looks.maps.shape[2]
    return {
        "filter": number,
        "bias": float(looks.biases[number]),
        "weights": looks.pictures[number].tolist(),
        "map": looks.maps[number].tolist(),
        "top_images": liked.tolist(),
        "top_digits": looks.digits.test_labels[liked].tolist(),
        "top_places": [list(divmod(int(place), columns)) for place in looks.places[liked, number]],
        "on": float(looks.on[number]),
        "smoothness": float(alike[number]),
    }


def _findings(looks: Looks, alike: Array, chance: Array) -> tuple[str, ...]:
    n = len(looks.pictures)
    balance = looks.pictures.sum(axis=(1, 2)) / np.maximum(np.abs(looks.pictures).sum(axis=(1, 2)), 1e-300)
    edges, ink = int((np.abs(balance) < EDGE).sum()), int((balance >= EDGE).sum())
    learned = "they learned shapes" if alike.mean() > chance.mean() else "no more shape in them than by chance"
    silent = int((looks.on < SILENT).sum())
    return (
        f"{edges} of the {n} filters weigh ink here against ink there, as an edge or a line has them; {ink} look for "
        f"ink, {n - edges - ink} for paper.",
        f"Neighbouring weights are alike by {alike.mean():.2f} on the mean, and by {chance.mean():.2f} where each "
        f"filter's own weights are shuffled: {learned}.",
        f"{silent} of the {n} are silent nearly everywhere, at more than {1 - SILENT:.1%} of the places.",
    )


def _drawing(looks: Looks, filters: tuple[int, ...]) -> tuple[str, ...]:
    """A line for each filter, of its weights and the windows it likes, and then the maps of a digit."""
    labels, image = looks.digits.test_labels, looks.digits.test_images[looks.image] / 255.0
    lines = [
        "Weights: ink at # and + excites the filter, ink at = and - calms it. Beside: the windows of test",
        "images that excite it most.",
    ]
    for number in filters:
        liked = labels[looks.liked(number)[:DRAWN]]
        blocks = [shaded_signs(looks.pictures[number]), *map(shaded, looks.patches(number)[:DRAWN])]
        lines += ["", *beside(blocks, [f"filter {number}", *(f"in a {label}" for label in liked)])]
    maps = [shaded_signs(looks.maps[number]) for number in filters]
    lines += [
        "",
        f"Test image {looks.image}, a {labels[looks.image]}, and its maps: # and + where a filter answers.",
        "",
    ]
    lines += shaded(image)
    return (*lines, *across([maps], [f"map {number}" for number in filters]))


def _figure(looks: Looks, digit: int) -> Figure:
    shown = looks.pictures[:MOST_IN_PICTURE]
    columns = ceil(sqrt(len(shown)))
    patches = [patch for number in range(len(shown)) for patch in looks.patches(number)]
    which = f"filters 0 to {len(shown) - 1}"
    return Figure(
        (
            Panel(
                f"The weights of {which}",
                "blue excites, red calms",
                image=montage(_enlarged(scaled(shown)), columns).tolist(),
                signed=True,
            ),
            Panel(
                "The windows that excite each most",
                f"a row for each of {which}",
                image=montage(_enlarged(np.array(patches)), TOP, line=GREY).tolist(),
            ),
            Panel(
                f"Test image {looks.image}, a {digit}",
                image=looks.digits.test_images[looks.image].tolist(),
            ),
            Panel(
                f"The maps that {which} make of it",
                "blue where the filter answers",
                image=montage(_enlarged(scaled(looks.maps[: len(shown)])), columns).tolist(),
                signed=True,
            ),
        ),
        columns=2,
    )


def _enlarged(images: Array) -> Array:
    """Every pixel as a few, so that the lines between images are narrower than their pixels."""
    return np.repeat(np.repeat(images, ENLARGED, axis=1), ENLARGED, axis=2)
