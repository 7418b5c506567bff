"""Online learning, with mini-batches of one image, compared with larger mini-batches, at several learning rates."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from nndigits.stages.demos import rate_grid
from nndigits.stages.demos.batch_size_race import MEASUREMENTS, Measurement, accuracy_after, race, train_for
from nndigits.stages.demos.shared import limits, training
from nndigits.stages.demos.shared.data import DATA, read_digits
from nndigits.stages.demos.shared.demo import Demo, Progress, Table, quietly
from nndigits.stages.demos.shared.texts import texts
from nndigits.stages.figures.figure import Curve, Figure, Panel
from nndigits.stages.store.errors import UsageError

say = texts("online")

MOST_SIZES, MOST_RATES, MOST_UPDATES, MOST_IMAGES, MOST_SECONDS = 5, 6, 20_000, 1_000_000, 5.0
ON_TIME = say("an-image-takes-the-same")


def run(
    *,
    sizes: Annotated[tuple[int, ...], "Images in a mini-batch, up to five sizes."] = (1, 10, 20, 100),
    epochs: Annotated[int, "Training epochs of each size, for the comparison by images."] = 3,
    updates: Annotated[int, "Updates of each size, for the comparison by updates."] = 5000,
    seconds: Annotated[
        float, "Seconds for each size, for a comparison by time, which varies from run to run; 0: none."
    ] = 0.0,
    eta: Annotated[float, "The learning rate of the first comparisons, the same for all sizes."] = 3.0,
    rates: Annotated[tuple[float, ...], "Learning rates to compare all sizes at, up to six; empty: none."] = (
        0.3,
        1.0,
        3.0,
        10.0,
        30.0,
    ),
    hidden: Annotated[int, "Hidden neurons."] = 30,
    seed: Annotated[int, "Seed of the first weights and the order of the images."] = 0,
    data: Annotated[Path, "The data set, made by nn fetch."] = DATA,
    progress: Progress = quietly,
) -> Demo:
    """Compare mini-batch sizes after the same images, after the same updates, and at several learning rates."""
    limits.count("sizes", sizes, 1, MOST_SIZES)
    for size in sizes:
        limits.whole("sizes", size, 1, training.MOST_BATCH)
    limits.count("rates", rates, 0, MOST_RATES)
    for rate in rates:
        limits.above_zero("rates", rate, training.LARGEST_ETA)
    limits.whole("updates", updates, MEASUREMENTS, MOST_UPDATES)
    limits.number("seconds", seconds, 0, MOST_SECONDS)
    training.check(hidden=hidden, epochs=epochs, eta=eta, seed=seed)
    sizes, rates = tuple(sorted(set(sizes))), tuple(sorted(set(rates)))
    if updates * sizes[-1] > MOST_IMAGES:
        total = updates * sizes[-1]
        raise UsageError(
            f"with mini-batches of {sizes[-1]}, {total:,} images, at most {MOST_IMAGES:,}", "updates", updates
        )
    digits = read_digits(data)
    runs, pieces = [], len(sizes) + bool(rates)
    for index, size in enumerate(sizes):

        def advance(share: float, index: int = index, size: int = size) -> None:
            progress(f"Mini-batches of {size}", index + share, pieces)

        runs.append(race(digits, size, hidden, eta, seed, epochs * len(digits.train_images), updates, advance))
    images = min(epochs * len(digits.train_images), rate_grid.MOST_IMAGES)
    accuracies = []
    for index, rate in enumerate(rates):
        progress(f"Learning rate {rate:g}", len(sizes) + index / len(rates), pieces)
        accuracies.append([accuracy_after(digits, size, hidden, rate, seed, images) for size in sizes])
    grid = rate_grid.RateGrid(rates, sizes, images, accuracies)
    by_images, by_updates = [run.by_images for run in runs], [run.by_updates for run in runs]
    timed = [train_for(digits, size, hidden, eta, seed, seconds) for size in sizes] if seconds else []
    return Demo(
        idea=(say("idea", eta=eta)),
        tables=(
            _table(
                say("test-accuracy-in-during-epochs", epochs=epochs),
                sizes,
                by_images,
            ),
            _table(say("test-accuracy-in-during-updates", updates=updates), sizes, by_updates),
            *rate_grid.tables(grid),
            *_time_table(sizes, timed, seconds),
        ),
        findings=(
            digits.about,
            *_findings(sizes, eta, by_images, by_updates),
            *rate_grid.findings(grid),
            ON_TIME if not timed else say("by-time"),
        ),
        values={
            "data": digits.as_json(),
            "eta": eta,
            "hidden": hidden,
            "seed": seed,
            "sizes": [
                {
                    "size": size,
                    "by_images": [one._asdict() for one in images],
                    "by_updates": [one._asdict() for one in steps],
                }
                for size, images, steps in zip(sizes, by_images, by_updates, strict=True)
            ],
            "grid": rate_grid.as_json(grid),
        },
        figure=Figure(
            (
                _panel(say("by-images"), say("thousand-images-seen"), sizes, by_images, lambda one: one.images / 1000),
                _panel(say("by-updates"), say("thousand-updates"), sizes, by_updates, lambda one: one.updates / 1000),
                *rate_grid.panels(grid),
            ),
            columns=2,
        ),
        try_next=(
            "online --eta 0.3",
            "online --rates 0.1,1,100 --sizes 1,100,1000",
            "online --seconds 2",
            "sgd",
            "learning-rate",
        ),
    )


def _table(title: str, sizes: tuple[int, ...], measured: list[list[Measurement]]) -> Table:
    """Make a row for each size: images, updates, and the accuracy on the way and at the end."""
    return Table(
        title,
        (
            say("mini-batch"),
            say("images"),
            say("updates"),
            say("after-a-tenth"),
            say("after-half"),
            say("at-the-end"),
            say("largest-drop"),
        ),
        tuple(
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
    if not timed:
        return ()
    rows = tuple(
        (size, f"{one.images:,}", f"{one.updates:,}", round(100 * one.accuracy, 2))
        for size, one in zip(sizes, timed, strict=True)
    )
    title = say("after-seconds", seconds=seconds)
    return (Table(title, (say("mini-batch"), say("images"), say("updates"), say("test-accuracy")), rows),)


def _largest_drop(run: list[Measurement]) -> float:
    """Compute the largest drop of the accuracy from one measurement to the next, 0 if there is none."""
    return max(0.0, *(before.accuracy - after.accuracy for before, after in pairwise(run)))


def _findings(
    sizes: tuple[int, ...], eta: float, by_images: list[list[Measurement]], by_updates: list[list[Measurement]]
) -> list[str]:
    if len(sizes) == 1:
        return [say("one-size", size=sizes[0])]
    findings: list[str] = []
    for which, measured in (("best-by-images", by_images), ("best-by-updates", by_updates)):
        best = max(range(len(sizes)), key=lambda index: measured[index][-1].accuracy)
        findings.append(say(which, eta=eta, size=sizes[best], accuracy=measured[best][-1].accuracy))
    drops = [_largest_drop(run) for run in by_images]
    noisiest = max(range(len(sizes)), key=lambda index: drops[index])
    if drops[noisiest] > 0:
        findings.append(say("mini-batches-of-are-the", size=sizes[noisiest], points=100 * drops[noisiest]))
    return findings


def _panel(
    title: str,
    label: str,
    sizes: tuple[int, ...],
    measured: list[list[Measurement]],
    done: Callable[[Measurement], float],
) -> Panel:
    curves = (
        Curve([done(one) for one in run], [100 * one.accuracy for one in run], f"{size}")
        for size, run in zip(sizes, measured, strict=True)
    )
    return Panel(title, label, say("test-accuracy"), tuple(curves))
