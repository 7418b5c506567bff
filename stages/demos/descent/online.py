"""Mini-batches of one image, which is online learning, beside mini-batches of more."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from nn.stages.demos.descent.batch_size_race import LOOKS, Look, in_time, race
from nn.stages.demos.shared import limits, training
from nn.stages.demos.shared.data import DATA, read_digits
from nn.stages.demos.shared.demo import Demo, Progress, Table, quietly
from nn.stages.figures.figure import Curve, Figure, Panel
from nn.stages.store.errors import UsageError

MOST_SIZES, MOST_UPDATES, MOST_IMAGES, MOST_SECONDS = 5, 20_000, 1_000_000, 5.0
ON_TIME = (
    "An image takes the same arithmetic in every size, so equal images are equal work. Equal work is not equal time: "
    "a processor is usually faster at one product with 100 images than at 100 products with one. How much differs from "
    "machine to machine; `nn demo online --seconds 2` measures it on this one."
)


def run(
    *,
    sizes: Annotated[tuple[int, ...], "Images in a mini-batch, up to five sizes."] = (1, 10, 20, 100),
    epochs: Annotated[int, "Epochs that each size learns, for the comparison by images."] = 3,
    updates: Annotated[int, "Steps that each size takes, for the comparison by steps."] = 5000,
    seconds: Annotated[float, "Compare by time as well, so long for each size; the outcome varies. 0: do not."] = 0.0,
    eta: Annotated[float, "The learning rate, the same for all."] = 3.0,
    hidden: Annotated[int, "Hidden neurons."] = 30,
    seed: Annotated[int, "Decides the first weights and the order of the images."] = 0,
    data: Annotated[Path, "The digits, made by nn fetch."] = DATA,
    progress: Progress = quietly,
) -> Demo:
    """Train with mini-batches of several sizes, and compare after equal images and after equal steps."""
    limits.count("sizes", sizes, 1, MOST_SIZES)
    for size in sizes:
        limits.whole("sizes", size, 1, training.MOST_BATCH)
    limits.whole("updates", updates, LOOKS, MOST_UPDATES)
    limits.number("seconds", seconds, 0, MOST_SECONDS)
    training.check(hidden=hidden, epochs=epochs, eta=eta, seed=seed)
    sizes = tuple(sorted(set(sizes)))
    if updates * sizes[-1] > MOST_IMAGES:
        raise UsageError(f"times {sizes[-1]} images is more than {MOST_IMAGES:,}; take fewer", "updates", updates)
    digits = read_digits(data)
    runs = []
    for place, size in enumerate(sizes):

        def looked(share: float, place: int = place, size: int = size) -> None:
            progress(f"Mini-batches of {size}", place + share, len(sizes))

        runs.append(race(digits, size, hidden, eta, seed, epochs * len(digits.train_images), updates, looked))
    by_images, by_updates = [run.by_images for run in runs], [run.by_updates for run in runs]
    timed = [in_time(digits, size, hidden, eta, seed, seconds) for size in sizes] if seconds else []
    return Demo(
        idea=(
            "With mini-batches of one image the network changes its weights after every image: online, or incremental, "
            "learning. It takes the most steps for the images it sees, but each step listens to a single image. "
            f"Here each size learns from the same start at eta {eta:g}."
        ),
        tables=(
            _table(f"After the same images, {epochs} epochs in all: % of the test images right", sizes, by_images),
            _table(f"After the same number of steps, {updates:,} in all", sizes, by_updates),
            *_time_table(sizes, timed, seconds),
        ),
        findings=(
            str(digits),
            *_findings(sizes, by_images, by_updates),
            ON_TIME if not timed else "The table by time differs from run to run, and is left out of the JSON output.",
        ),
        values={
            "data": digits.as_json(),
            "eta": eta,
            "hidden": hidden,
            "seed": seed,
            "sizes": [
                {
                    "size": size,
                    "by_images": [look._asdict() for look in images],
                    "by_updates": [look._asdict() for look in steps],
                }
                for size, images, steps in zip(sizes, by_images, by_updates, strict=True)
            ],
        },
        figure=Figure(
            (
                _panel("By images", "thousand images seen", sizes, by_images, lambda look: look.images / 1000),
                _panel("By steps", "thousand steps", sizes, by_updates, lambda look: look.updates / 1000),
            ),
            columns=2,
        ),
        try_next=("online --eta 0.5", "online --seconds 2", "sgd", "learning-rate"),
    )


def _table(title: str, sizes: tuple[int, ...], looks: list[list[Look]]) -> Table:
    """A row for each size: how much it has done, and how well it did on the way and at the end."""
    return Table(
        title,
        ("mini-batch", "images", "steps", "after a tenth", "after half", "at the end", "largest fall"),
        tuple(
            (
                size,
                f"{seen[-1].images:,}",
                f"{seen[-1].updates:,}",
                *(round(100 * seen[place].accuracy, 2) for place in (0, LOOKS // 2 - 1, -1)),
                round(100 * _largest_fall(seen), 2),
            )
            for size, seen in zip(sizes, looks, strict=True)
        ),
    )


def _time_table(sizes: tuple[int, ...], timed: list[Look], seconds: float) -> tuple[Table, ...]:
    if not timed:
        return ()
    rows = tuple(
        (size, f"{look.images:,}", f"{look.updates:,}", round(100 * look.accuracy, 2))
        for size, look in zip(sizes, timed, strict=True)
    )
    title = f"After {seconds:g} seconds each, on this machine, this time"
    return (Table(title, ("mini-batch", "images", "steps", "% right"), rows),)


def _largest_fall(seen: list[Look]) -> float:
    """The largest drop of the accuracy from one look to the next."""
    return max(0.0, *(before.accuracy - after.accuracy for before, after in pairwise(seen)))


def _findings(sizes: tuple[int, ...], by_images: list[list[Look]], by_updates: list[list[Look]]) -> list[str]:
    told = []
    for what, looks in (("images", by_images), ("number of steps", by_updates)):
        best = max(range(len(sizes)), key=lambda place: looks[place][-1].accuracy)
        told.append(
            f"After the same {what}, mini-batches of {sizes[best]} read the most, {looks[best][-1].accuracy:.1%}."
        )
    falls = [_largest_fall(seen) for seen in by_images]
    shaky = max(range(len(sizes)), key=lambda place: falls[place])
    if falls[shaky] > 0:
        told.append(
            f"The least steady, by images, were mini-batches of {sizes[shaky]}: from one look to the next the accuracy "
            f"once fell by {100 * falls[shaky]:.1f} points."
        )
    return told


def _panel(
    title: str, label: str, sizes: tuple[int, ...], looks: list[list[Look]], done: Callable[[Look], float]
) -> Panel:
    curves = (
        Curve([done(look) for look in seen], [100 * look.accuracy for look in seen], f"{size}")
        for size, seen in zip(sizes, looks, strict=True)
    )
    return Panel(f"{title}: mini-batches of", label, "% of the test images right", tuple(curves))
