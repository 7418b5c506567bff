"""Filters of a convolution: their weights, their feature maps of a digit, and the windows with the largest outputs."""

from math import ceil, sqrt
from typing import Any

import numpy as np

from nndigits.models.arrays.montage import montage, scaled
from nndigits.models.arrays.types import Array
from nndigits.models.chapter.filter_responses import smoothness
from nndigits.models.layers.convolution import Convolution
from nndigits.models.network.network import Network
from nndigits.stages.demos.filter_responses import TOP, FilterResponses, filter_responses
from nndigits.stages.demos.shared.data import Digits
from nndigits.stages.demos.shared.demo import Cell, Demo, Table
from nndigits.stages.demos.shared.shades import across, beside, shaded, shaded_signs
from nndigits.stages.demos.shared.texts import texts, with_article
from nndigits.stages.figures.figure import Figure, Panel

say = texts("hidden")

DRAWN, MOST_IN_PICTURE = 5, 16
SHUFFLES = 100
"""Number of times each filter's weights are shuffled to measure the smoothness expected by chance."""
EDGE = 0.25
"""A filter is an edge detector if the absolute sum of its weights is below this share of their absolute values' sum."""
SILENT = 0.001
"""A filter is silent if z is above 0 at a smaller share of the positions than this."""
GREY, ENLARGED = 0.5, 3


def show(
    network: Network, first: Convolution, filters: tuple[int, ...], digit: int, digits: Digits, origin: str, seed: int
) -> Demo:
    """Show filters of a network's first layer, and compare their smoothness with that of shuffled weights."""
    found = filter_responses(first, digit, digits)
    smooth, chance = smoothness(found.filters), _shuffled_smoothness(found.filters, np.random.default_rng(seed))
    return Demo(
        idea=(say("idea")),
        tables=(
            Table(
                say("the-test-images-that-excite", count=TOP),
                (
                    say("filter"),
                    say("bias"),
                    say("their-digits"),
                    say("z-above-0-of-positions"),
                    say("smoothness"),
                    say("shuffled"),
                ),
                tuple(_row(found, number, smooth, chance) for number in filters),
            ),
        ),
        drawing=_drawing(found, filters),
        findings=(digits.about, origin, *_findings(found, smooth, chance)),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "layers": [repr(layer) for layer in network.layers],
            "image": {"index": found.image, "digit": digit},
            "filters": [_values(found, number, smooth) for number in filters],
        },
        figure=_figure(found, digit),
        try_next=(f"hidden --digit {(digit + 4) % 10}", "hidden --neurons 3,4,5", "feedforward"),
    )


def _shuffled_smoothness(filters: Array, rng: np.random.Generator) -> Array:
    """Compute the mean smoothness of each filter over random orders of its weights, ``(n,)``."""
    flat = np.repeat(filters.reshape(1, len(filters), -1), SHUFFLES, axis=0)
    shuffled = rng.permuted(flat, axis=2).reshape(-1, *filters.shape[1:])
    mean: Array = smoothness(shuffled).reshape(SHUFFLES, -1).mean(axis=0)
    return mean


def _row(found: FilterResponses, number: int, smooth: Array, chance: Array) -> tuple[Cell, ...]:
    return (
        number,
        float(found.biases[number]),
        " ".join(map(str, found.digits.test_labels[found.top_images(number)].tolist())),
        round(100 * float(found.active[number]), 1),
        round(float(smooth[number]), 2),
        round(float(chance[number]), 2),
    )


def _values(found: FilterResponses, number: int, smooth: Array) -> dict[str, Any]:
    top, columns = found.top_images(number), found.maps.shape[2]
    return {
        "filter": number,
        "bias": float(found.biases[number]),
        "weights": found.filters[number].tolist(),
        "map": found.maps[number].tolist(),
        "top_images": top.tolist(),
        "top_digits": found.digits.test_labels[top].tolist(),
        "top_places": [list(divmod(int(position), columns)) for position in found.positions[top, number]],
        "on": float(found.active[number]),
        "smoothness": float(smooth[number]),
    }


def _findings(found: FilterResponses, smooth: Array, chance: Array) -> tuple[str, ...]:
    n = len(found.filters)
    balance = found.filters.sum(axis=(1, 2)) / np.maximum(np.abs(found.filters).sum(axis=(1, 2)), 1e-300)
    edges, ink = int((np.abs(balance) < EDGE).sum()), int((balance >= EDGE).sum())
    silent = int((found.active < SILENT).sum())
    return (
        say("of-the-filters-with-balanced", count=n, edges=edges, ink=ink, rest=n - edges - ink),
        say(
            "smoothness-learned" if smooth.mean() > chance.mean() else "smoothness-by-chance",
            smooth=smooth.mean(),
            chance=chance.mean(),
        ),
        say("silent-filters-with-z-at", share=1 - SILENT, silent=silent, count=n),
    )


def _drawing(found: FilterResponses, filters: tuple[int, ...]) -> tuple[str, ...]:
    """Draw each filter's weights next to its top windows, then the feature maps of one image."""
    labels, image = found.digits.test_labels, found.digits.test_images[found.image] / 255.0
    lines = [
        "Weights: # and + are positive, = and - are negative. Right: the windows of test images that",
        "excite the filter most.",
    ]
    for number in filters:
        top = labels[found.top_images(number)[:DRAWN]]
        blocks = [shaded_signs(found.filters[number]), *map(shaded, found.top_windows(number)[:DRAWN])]
        lines += ["", *beside(blocks, [f"filter {number}", *(f"in {with_article(label)}" for label in top)])]
    maps = [shaded_signs(found.maps[number]) for number in filters]
    lines += [
        "",
        f"Test image {found.image}, {with_article(labels[found.image])}, and its feature maps: z is positive at # "
        "and +.",
        "",
    ]
    lines += shaded(image)
    return (*lines, *across([maps], [f"map {number}" for number in filters]))


def _figure(found: FilterResponses, digit: int) -> Figure:
    filters = found.filters[:MOST_IN_PICTURE]
    columns = ceil(sqrt(len(filters)))
    windows = [window for number in range(len(filters)) for window in found.top_windows(number)]
    last = len(filters) - 1
    return Figure(
        (
            Panel(
                say("filter-weights", last=last),
                say("blue-positive-red-negative"),
                image=montage(_enlarged(scaled(filters)), columns).tolist(),
                signed=True,
            ),
            Panel(
                say("windows-that-excite-each-filter"),
                say("filter-rows", last=last),
                image=montage(_enlarged(np.array(windows)), TOP, line=GREY).tolist(),
            ),
            Panel(
                say("test-image", image=found.image, digit=with_article(digit)),
                image=found.digits.test_images[found.image].tolist(),
            ),
            Panel(
                say("feature-maps", last=last),
                say("blue-where-z-is-positive"),
                image=montage(_enlarged(scaled(found.maps[: len(filters)])), columns).tolist(),
                signed=True,
            ),
        ),
        columns=2,
    )


def _enlarged(images: Array) -> Array:
    """Repeat pixels, so that the lines between images are narrower than a pixel of the images."""
    return np.repeat(np.repeat(images, ENLARGED, axis=1), ENLARGED, axis=2)
