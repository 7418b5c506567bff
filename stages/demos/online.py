"""Online learning, with mini-batches of one image, compared with larger mini-batches, at several learning rates."""

from itertools import pairwise
from pathlib import Path
from typing import Annotated

from nndigits.stages.demos.batch_sizes import MEASUREMENTS, Measurement, Racer, RateGrid
from nndigits.stages.demos.shared.data import DATA, read_digits
from nndigits.stages.demos.shared.demo import Demo, Given, Hidden, Progress, Seed, quietly
from nndigits.stages.demos.shared.texts import Say, Table
from nndigits.stages.figures.figure import Figure, Panel
from nndigits.stages.store.errors import UsageError

say = Say("online")

MOST_IMAGES, MOST_GRID_IMAGES = 1_000_000, 20_000
"""Of the largest mini-batches, and of each network of the grid."""

Measured = list[list[Measurement]]


def run(
    *,
    sizes: Annotated[tuple[int, ...], Given(1, 1000, count=(1, 5))] = (1, 10, 20, 100),
    epochs: Annotated[int, Given(1, 30)] = 3,
    updates: Annotated[int, Given(MEASUREMENTS, 20000)] = 5000,
    seconds: Annotated[float, Given(0, 5)] = 0.0,
    eta: Annotated[float, Given(0, 1000, above=True)] = 3.0,
    rates: Annotated[tuple[float, ...], Given(0, 1000, above=True, count=(0, 6))] = (0.3, 1.0, 3.0, 10.0, 30.0),
    hidden: Hidden = 30,
    seed: Seed = 0,
    data: Path = DATA,
    progress: Progress = quietly,
) -> Demo:
    """Compare mini-batch sizes after the same images, after the same updates, and at several learning rates."""
    sizes, rates = tuple(sorted(set(sizes))), tuple(sorted(set(rates)))
    if updates * sizes[-1] > MOST_IMAGES:
        problem = say("too-many", size=sizes[-1], total=updates * sizes[-1], most=MOST_IMAGES)
        raise UsageError(problem, "updates", updates)
    digits = read_digits(data)
    all_images = epochs * len(digits.train_images)
    raced, pieces = [], len(sizes) + bool(rates)
    for index, size in enumerate(sizes):

        def advance(share: float, index: int = index, size: int = size) -> None:
            progress(say("mini-batch-2", size=size), index + share, pieces)

        raced.append(Racer(digits, size, hidden, eta, seed).race(all_images, updates, advance))
    images = min(all_images, MOST_GRID_IMAGES)
    accuracies = []
    for index, rate in enumerate(rates):
        progress(say("at-rate", rate=rate), len(sizes) + index / len(rates), pieces)
        accuracies.append([Racer(digits, size, hidden, rate, seed).after(images) for size in sizes])
    grid = RateGrid(rates, sizes, images, accuracies)
    by_images, by_updates = ([*one] for one in zip(*raced, strict=True))
    timed = [Racer(digits, size, hidden, eta, seed).train_for(seconds) for size in sizes] if seconds else []
    return Demo(
        idea=say("idea", eta=eta),
        tables=(
            _table(say("test-accuracy-in-during-epochs", epochs=epochs), sizes, by_images),
            _table(say("test-accuracy-in-during-updates", updates=updates), sizes, by_updates),
            *([grid.table()] if rates else []),
            *_time_table(sizes, timed, seconds),
        ),
        findings=(
            digits.about,
            *_findings(sizes, eta, by_images, by_updates),
            *(grid.findings() if rates else ()),
            say("by-time" if timed else "an-image-takes-the-same"),
        ),
        values={
            "data": digits.as_json(),
            "eta": eta,
            "hidden": hidden,
            "seed": seed,
            "sizes": [
                {"size": size, "by_images": one, "by_updates": other}
                for size, one, other in zip(sizes, by_images, by_updates, strict=True)
            ],
            "grid": grid.as_json(),
        },
        figure=Figure(
            (
                _panel("by-images", "thousand-images-seen", sizes, by_images, 0),
                _panel("by-updates", "thousand-updates", sizes, by_updates, 1),
                *([grid.panel()] if rates else []),
            ),
        ),
        try_next=(
            "online --eta 0.3",
            "online --rates 0.1,1,100 --sizes 1,100,1000",
            "online --seconds 2",
            "sgd",
            "learning-rate",
        ),
    )


def _table(title: str, sizes: tuple[int, ...], measured: Measured) -> Table:
    """Make a row for each size: images, updates, and the accuracy on the way and at the end."""
    return say.table(
        title,
        "mini-batch images updates after-a-tenth after-half at-the-end largest-drop",
        (
            (
                size,
                f"{run[-1].images:,}",
                f"{run[-1].updates:,}",
                *(round(100 * run[index].accuracy, 2) for index in (0, MEASUREMENTS // 2 - 1, -1)),
                round(100 * _largest_drop(run), 2),
            )
            for size, run in zip(sizes, measured, strict=True)
        ),
    )


def _time_table(sizes: tuple[int, ...], timed: list[Measurement], seconds: float) -> tuple[Table, ...]:
    rows = (
        (size, f"{one.images:,}", f"{one.updates:,}", round(100 * one.accuracy, 2))
        for size, one in zip(sizes, timed, strict=True)
    )
    title = say("after-seconds", seconds=seconds)
    return (say.table(title, "mini-batch images updates test-accuracy", rows),) if timed else ()


def _largest_drop(run: list[Measurement]) -> float:
    """Compute the largest drop of the accuracy from one measurement to the next, 0 if there is none."""
    return max(0.0, *(before.accuracy - after.accuracy for before, after in pairwise(run)))


def _findings(sizes: tuple[int, ...], eta: float, by_images: Measured, by_updates: Measured) -> list[str]:
    if len(sizes) == 1:
        return [say("one-size", size=sizes[0])]
    findings: list[str] = []
    for which, measured in (("best-by-images", by_images), ("best-by-updates", by_updates)):
        accuracy, size = max(zip((run[-1].accuracy for run in measured), sizes, strict=True), key=lambda one: one[0])
        findings.append(say(which, eta=eta, size=size, accuracy=accuracy))
    drop, size = max(zip(map(_largest_drop, by_images), sizes, strict=True), key=lambda one: one[0])
    return [*findings, say("mini-batches-of-are-the", size=size, points=100 * drop) if drop > 0 else ""]


def _panel(title: str, label: str, sizes: tuple[int, ...], measured: Measured, place: int) -> Panel:
    """Plot the accuracy by the images or, at place 1 of a measurement, by the updates."""
    curves = (
        say.curve([one[place] / 1000 for one in run], [100 * one.accuracy for one in run], f"{size}")
        for size, run in zip(sizes, measured, strict=True)
    )
    return say.panel(title, label, "test-accuracy", *curves)
