"""The test accuracy for every pair of a learning rate and a mini-batch size: which size is best depends on the rate."""

from typing import Any, NamedTuple

from nndigits.stages.demos.shared.texts import Cell, Say, Table, joined, listed
from nndigits.stages.figures.figure import Panel

say = Say("online")

LEARNED = 0.25
"""A learning rate at which no size reaches this accuracy is too small or too large for all, and names no best size."""


class RateGrid(NamedTuple):
    """The test accuracy after the same number of images, a row for each learning rate, a column for each size.

    Without learning rates, there is nothing to show.
    """

    rates: tuple[float, ...]
    sizes: tuple[int, ...]
    images: int
    accuracies: list[list[float]]

    @property
    def by_size(self) -> list[tuple[int, tuple[float, ...]]]:
        """The accuracies at each rate for each size."""
        return list(zip(self.sizes, zip(*self.accuracies, strict=True), strict=True))

    def tables(self) -> tuple[Table, ...]:
        """Return the grid as a table."""
        title = say("test-accuracy-in-after-images", images=self.images)
        heads = ("eta", *(say("mini-batch-2", size=size) for size in self.sizes))
        rows: list[tuple[Cell, ...]] = [
            (f"{rate:g}", *(round(100 * accuracy, 2) for accuracy in row))
            for rate, row in zip(self.rates, self.accuracies, strict=True)
        ]
        return (say.table(title, heads, rows),) if rows else ()

    def findings(self) -> tuple[str, ...]:
        """Say which size is best at which learning rate, and how good each size is at its own best one."""
        if not self.rates or len(self.sizes) < 2:
            return ()
        best: dict[int, list[str]] = {}
        for rate, row in zip(self.rates, self.accuracies, strict=True):
            if max(row) >= LEARNED:
                best.setdefault(self.sizes[row.index(max(row))], []).append(f"{rate:g}")
        named = (say("mini-batches-of-at-eta", size=size, rates=listed(rates)) for size, rates in best.items())
        winners = joined(*named, by="; and ", in_chinese="；")
        which = "the-best-size-depends-on" if len(best) > 1 else "the-most-accurate-are"
        own = (
            say("reaches-accuracy-1-at-rate", size=size, accuracy=max(some), rate=self.rates[some.index(max(some))])
            for size, some in self.by_size
        )
        return (*([say(which, winners=winners)] if best else []), say("each-size-at-its-own", sizes=listed(own)))

    def panels(self) -> tuple[Panel, ...]:
        """Plot the accuracy by learning rate, a curve for each size."""
        if not self.rates:
            return ()
        curves = (
            say.curve(self.rates, [100 * one for one in some], f"{size}", "marked") for size, some in self.by_size
        )
        title = say("after-images-images-mini-batches", images=self.images)
        return (say.panel(title, "eta", "test-accuracy", *curves, log_x=True),)

    def as_json(self) -> dict[str, Any]:
        """Return the grid for ``Demo.values``: an accuracy for each learning rate and size."""
        return {
            "images": self.images,
            "accuracy": [
                {"eta": rate, "size": size, "accuracy": accuracy}
                for rate, row in zip(self.rates, self.accuracies, strict=True)
                for size, accuracy in zip(self.sizes, row, strict=True)
            ],
        }
