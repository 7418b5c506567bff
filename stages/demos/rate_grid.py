"""The test accuracy for every pair of a learning rate and a mini-batch size: which size is best depends on the rate."""

from typing import Any, NamedTuple

from nndigits.stages.demos.shared.demo import Cell, Table
from nndigits.stages.demos.shared.texts import joined, listed, texts
from nndigits.stages.figures.figure import Curve, Panel

say = texts("online")

MOST_IMAGES = 20_000
"""Each network of the grid trains on at most this number of images."""

LEARNED = 0.25
"""A learning rate at which no size reaches this accuracy is too small or too large for all, and names no best size."""


class RateGrid(NamedTuple):
    """The test accuracy after the same number of images, a row for each learning rate, a column for each size."""

    rates: tuple[float, ...]
    sizes: tuple[int, ...]
    images: int
    accuracies: list[list[float]]


def tables(grid: RateGrid) -> tuple[Table, ...]:
    """Return the grid as a table; none without learning rates."""
    if not grid.rates:
        return ()
    title = say("test-accuracy-in-after-images", images=grid.images)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"{rate:g}", *(round(100 * accuracy, 2) for accuracy in row))
        for rate, row in zip(grid.rates, grid.accuracies, strict=True)
    )
    return (Table(title, (say("eta"), *(say("mini-batch-2", size=size) for size in grid.sizes)), rows),)


def findings(grid: RateGrid) -> tuple[str, ...]:
    """Say which size is best at which learning rate, and how good each size is at its own best one."""
    if not grid.rates or len(grid.sizes) < 2:
        return ()
    return (*_best_sizes(grid), say("each-size-at-its-own", sizes=listed(_best_rates(grid))))


def _best_sizes(grid: RateGrid) -> tuple[str, ...]:
    best: dict[int, list[str]] = {}
    for rate, row in zip(grid.rates, grid.accuracies, strict=True):
        if max(row) >= LEARNED:
            best.setdefault(grid.sizes[row.index(max(row))], []).append(f"{rate:g}")
    winners = joined(
        (say("mini-batches-of-at-eta", size=size, rates=listed(rates)) for size, rates in best.items()),
        "; and ",
        "；",
    )
    if len(best) < 2:
        return (say("the-most-accurate-are", winners=winners),) if best else ()
    return (say("the-best-size-depends-on", winners=winners),)


def _best_rates(grid: RateGrid) -> list[str]:
    parts: list[str] = []
    for size, column in zip(grid.sizes, zip(*grid.accuracies, strict=True), strict=True):
        parts.append(
            say(
                "reaches-accuracy-1-at-rate",
                size=size,
                accuracy=max(column),
                rate=grid.rates[column.index(max(column))],
            )
        )
    return parts


def panels(grid: RateGrid) -> tuple[Panel, ...]:
    """Plot the accuracy by learning rate, a curve for each size."""
    if not grid.rates:
        return ()
    curves = tuple(
        Curve(grid.rates, [100 * accuracy for accuracy in column], f"{size}", "marked")
        for size, column in zip(grid.sizes, zip(*grid.accuracies, strict=True), strict=True)
    )
    return (
        Panel(
            say("after-images-images-mini-batches", images=grid.images),
            say("eta"),
            say("test-accuracy"),
            curves,
            log_x=True,
        ),
    )


def as_json(grid: RateGrid) -> dict[str, Any]:
    """Return the grid for ``Demo.values``: an accuracy for each learning rate and size."""
    return {
        "images": grid.images,
        "accuracy": [
            {"eta": rate, "size": size, "accuracy": accuracy}
            for rate, row in zip(grid.rates, grid.accuracies, strict=True)
            for size, accuracy in zip(grid.sizes, row, strict=True)
        ],
    }
