"""Filters of a convolution: their weights, their feature maps of a digit, and the windows with the largest outputs."""

from math import ceil, sqrt
from typing import NamedTuple

import numpy as np

from nndigits.models.arrays.montage import montage, scaled
from nndigits.models.arrays.types import Array, Integers
from nndigits.models.chapter.feature_detectors import responses, smoothness, strongest, window
from nndigits.models.layers.convolution import Convolution
from nndigits.models.network.network import Network
from nndigits.models.training.mini_batches import PIECE
from nndigits.stages.demos.shared.data import Digits
from nndigits.stages.demos.shared.demo import Demo
from nndigits.stages.demos.shared.shades import across, beside, shaded, shaded_signs
from nndigits.stages.demos.shared.texts import Say, with_article
from nndigits.stages.figures.figure import Figure

say = Say("hidden")

TOP = 10
"""Number of test images listed for each filter."""
DRAWN, MOST_IN_PICTURE = 5, 16
SHUFFLES = 100
"""Number of times each filter's weights are shuffled to measure the smoothness expected by chance."""
EDGE = 0.25
"""A filter is an edge detector if the absolute sum of its weights is below this share of their absolute values' sum."""
SILENT = 0.001
"""A filter is silent if z is above 0 at a smaller share of the positions than this."""
GREY, ENLARGED = 0.5, 3


class Responses(NamedTuple):
    """What n filters respond to in the test images.

    ``top`` are the images with the largest z of each, ``(TOP, n)``, largest first, and ``positions`` where it is there.
    ``windows`` are the images there, ``(n, TOP, k, k)``. ``active`` is the share of positions with z above 0, ``(n,)``.
    """

    top: Integers
    positions: Integers
    windows: Array
    active: Array


def show(
    network: Network, first: Convolution, numbers: tuple[int, ...], digit: int, digits: Digits, origin: str, seed: int
) -> Demo:
    """Show filters of a network's first layer, and compare their smoothness with that of shuffled weights."""
    filters = first.w.reshape(first.filters, first.k, first.k)
    found = _responses(filters, first.b, digits)
    image = int(np.argmax(digits.test_labels == digit))
    picture = digits.test_images[image] / 255.0
    maps = responses(filters, first.b, picture[None])[0]
    smooth, chance = smoothness(filters), _shuffled_smoothness(filters, np.random.default_rng(seed))
    labels = digits.test_labels[found.top]
    return Demo(
        idea=say("idea"),
        tables=(
            say.table(
                say("the-test-images-that-excite", count=TOP),
                "filter bias their-digits z-above-0-of-positions smoothness shuffled",
                (
                    (
                        number,
                        float(first.b[number]),
                        " ".join(map(str, labels[:, number])),
                        round(100 * float(found.active[number]), 1),
                        round(float(smooth[number]), 2),
                        round(float(chance[number]), 2),
                    )
                    for number in numbers
                ),
            ),
        ),
        drawing=(
            say("filters-drawn"),
            *_drawn_windows(filters, found, labels, numbers),
            "",
            say("maps-drawn", image=image, digit=with_article(digits.test_labels[image])),
            "",
            *shaded(picture),
            *across([[shaded_signs(maps[number]) for number in numbers]], [f"map {number}" for number in numbers]),
        ),
        findings=(digits.about, origin, *_findings(filters, found.active, smooth, chance)),
        values={
            "data": digits.as_json(),
            "network": str(network),
            "layers": [repr(layer) for layer in network.layers],
            "image": {"index": image, "digit": digit},
            "filters": [
                {
                    "filter": number,
                    "bias": first.b[number],
                    "weights": filters[number],
                    "map": maps[number],
                    "top_images": found.top[:, number],
                    "top_digits": labels[:, number],
                    "top_places": [divmod(place, maps.shape[2]) for place in found.positions[:, number].tolist()],
                    "on": found.active[number],
                    "smoothness": smooth[number],
                }
                for number in numbers
            ],
        },
        figure=_figure(filters, found.windows, maps, digits.test_images[image], image, digit),
        try_next=(f"hidden --digit {(digit + 4) % 10}", "hidden --neurons 3,4,5", "feedforward"),
    )


def _responses(filters: Array, biases: Array, digits: Digits) -> Responses:
    """Apply the filters to all test images."""
    images, n = digits.test_images, len(filters)
    largest, positions = np.empty((len(images), n)), np.empty((len(images), n), int)
    active = np.zeros(n)
    for start in range(0, len(images), PIECE):
        piece = slice(start, start + PIECE)
        z = responses(filters, biases, images[piece] / 255.0)
        largest[piece], positions[piece] = strongest(z)
        active += (z > 0).mean(axis=(2, 3)).sum(axis=0)
    top = np.argsort(-largest, axis=0, kind="stable")[:TOP]
    places = np.take_along_axis(positions, top, axis=0)
    windows = [
        [window(images[i] / 255.0, place, filters.shape[1]) for i, place in zip(some, at, strict=True)]
        for some, at in zip(top.T.tolist(), places.T.tolist(), strict=True)
    ]
    return Responses(top, places, np.array(windows), active / len(images))


def _shuffled_smoothness(filters: Array, rng: np.random.Generator) -> Array:
    """Compute the mean smoothness of each filter over random orders of its weights, ``(n,)``."""
    flat = np.repeat(filters.reshape(1, len(filters), -1), SHUFFLES, axis=0)
    shuffled = rng.permuted(flat, axis=2).reshape(-1, *filters.shape[1:])
    mean: Array = smoothness(shuffled).reshape(SHUFFLES, -1).mean(axis=0)
    return mean


def _findings(filters: Array, active: Array, smooth: Array, chance: Array) -> tuple[str, ...]:
    n = len(filters)
    balance = filters.sum(axis=(1, 2)) / np.maximum(np.abs(filters).sum(axis=(1, 2)), 1e-300)
    edges, ink = int((np.abs(balance) < EDGE).sum()), int((balance >= EDGE).sum())
    learned = "smoothness-learned" if smooth.mean() > chance.mean() else "smoothness-by-chance"
    return (
        say("of-the-filters-with-balanced", count=n, edges=edges, ink=ink, rest=n - edges - ink),
        say(learned, smooth=smooth.mean(), chance=chance.mean()),
        say("silent-filters-with-z-at", share=1 - SILENT, silent=int((active < SILENT).sum()), count=n),
    )


def _drawn_windows(filters: Array, found: Responses, labels: Integers, numbers: tuple[int, ...]) -> list[str]:
    """Draw each filter's weights next to its top windows."""
    lines: list[str] = []
    for number in numbers:
        blocks = [shaded_signs(filters[number]), *map(shaded, found.windows[number, :DRAWN])]
        captions = [f"filter {number}", *(f"in {with_article(label)}" for label in labels[:DRAWN, number])]
        lines += ["", *beside(blocks, captions)]
    return lines


def _figure(filters: Array, windows: Array, maps: Array, picture: Array, image: int, digit: int) -> Figure:
    shown = min(len(filters), MOST_IN_PICTURE)
    columns, last = ceil(sqrt(shown)), shown - 1
    weights, drawn = (_sheet(scaled(some[:shown]), columns) for some in (filters, maps))
    exciting = _sheet(windows[:shown].reshape(-1, *filters.shape[1:]), TOP, line=GREY)
    title = say("test-image", image=image, digit=with_article(digit))
    return Figure(
        (
            say.panel(say("filter-weights", last=last), "blue-positive-red-negative", "", image=weights, signed=True),
            say.panel("windows-that-excite-each-filter", say("filter-rows", last=last), "", image=exciting),
            say.panel(title, "", "", image=picture),
            say.panel(say("feature-maps", last=last), "blue-where-z-is-positive", "", image=drawn, signed=True),
        ),
    )


def _sheet(images: Array, columns: int, **options: float) -> Array:
    """Return a sheet of images whose pixels are repeated, so that the lines between images are narrower than those."""
    enlarged = np.repeat(np.repeat(images, ENLARGED, axis=1), ENLARGED, axis=2)
    return montage(enlarged, columns, **options)
