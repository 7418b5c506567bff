"""Filters of a convolution: their weights, their feature maps of a digit, and the windows with the largest outputs."""

from math import ceil, sqrt
from typing import Any

import numpy as np

from nndigits.models.arrays.montage import montage, scaled
from nndigits.models.arrays.types import Array
from nndigits.models.chapter.feature_detectors import smoothness
from nndigits.models.layers.convolution import Convolution
from nndigits.models.network.network import Network
from nndigits.stages.demos.filter_responses import TOP, FilterResponses, filter_responses
from nndigits.stages.demos.shared.data import Digits
from nndigits.stages.demos.shared.demo import Demo
from nndigits.stages.demos.shared.shades import across, beside, shaded, shaded_signs
from nndigits.stages.demos.shared.texts import Say, with_article
from nndigits.stages.figures.figure import Figure

say = Say("hidden")

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
    values = [_values(found, number, smooth) for number in filters]
    return Demo(
        idea=say("idea"),
        tables=(
            say.table(
                say("the-test-images-that-excite", count=TOP),
                "filter bias their-digits z-above-0-of-positions smoothness shuffled",
                (
                    (
                        one["filter"],
                        one["bias"],
                        " ".join(map(str, one["top_digits"])),
                        round(100 * one["on"], 1),
                        round(one["smoothness"], 2),
                        round(float(chance[one["filter"]]), 2),
                    )
                    for one in values
                ),
            ),
        ),
        drawing=_drawing(found, filters),
        findings=(digits.about, origin, *_findings(found, smooth, chance)),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "layers": [repr(layer) for layer in network.layers],
            "image": {"index": found.image, "digit": digit},
            "filters": values,
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
    learned = "smoothness-learned" if smooth.mean() > chance.mean() else "smoothness-by-chance"
    return (
        say("of-the-filters-with-balanced", count=n, edges=edges, ink=ink, rest=n - edges - ink),
        say(learned, smooth=smooth.mean(), chance=chance.mean()),
        say("silent-filters-with-z-at", share=1 - SILENT, silent=int((found.active < SILENT).sum()), count=n),
    )


def _drawing(found: FilterResponses, filters: tuple[int, ...]) -> tuple[str, ...]:
    """Draw each filter's weights next to its top windows, then the feature maps of one image."""
    labels, image = found.digits.test_labels, found.digits.test_images[found.image] / 255.0
    lines: list[str] = [say("filters-drawn")]
    for number in filters:
        top = labels[found.top_images(number)[:DRAWN]]
        blocks = [shaded_signs(found.filters[number]), *map(shaded, found.top_windows(number)[:DRAWN])]
        lines += ["", *beside(blocks, [f"filter {number}", *(f"in {with_article(label)}" for label in top)])]
    maps = [shaded_signs(found.maps[number]) for number in filters]
    caption = say("maps-drawn", image=found.image, digit=with_article(labels[found.image]))
    return (*lines, "", caption, "", *shaded(image), *across([maps], [f"map {number}" for number in filters]))


def _figure(found: FilterResponses, digit: int) -> Figure:
    filters = found.filters[:MOST_IN_PICTURE]
    columns, last = ceil(sqrt(len(filters))), len(filters) - 1
    windows = np.array([window for number in range(len(filters)) for window in found.top_windows(number)])
    weights, maps = (_sheet(scaled(some), columns) for some in (filters, found.maps[: len(filters)]))
    image = found.digits.test_images[found.image].tolist()
    return Figure(
        (
            say.panel(say("filter-weights", last=last), "blue-positive-red-negative", "", image=weights, signed=True),
            say.panel(
                "windows-that-excite-each-filter",
                say("filter-rows", last=last),
                "",
                image=_sheet(windows, TOP, line=GREY),
            ),
            say.panel(say("test-image", image=found.image, digit=with_article(digit)), "", "", image=image),
            say.panel(say("feature-maps", last=last), "blue-where-z-is-positive", "", image=maps, signed=True),
        ),
        columns=2,
    )


def _sheet(images: Array, columns: int, **options: float) -> list[list[float]]:
    """Return a sheet of images whose pixels are repeated, so that the lines between images are narrower than those."""
    enlarged = np.repeat(np.repeat(images, ENLARGED, axis=1), ENLARGED, axis=2)
    sheet: list[list[float]] = montage(enlarged, columns, **options).tolist()
    return sheet
