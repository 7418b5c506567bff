"""Progress of slow commands on stderr: a bar in a terminal, and everywhere about how long it will take."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nndigits.cli.terminal.output import Output
from nndigits.stages.words.escaping import printable
from nndigits.stages.words.numbers import about

Advance = Callable[[str, float, float | None], None]
"""Called with a description, the amount of work done, and the total if known."""

MEASURED, LONG = 2.0, 45.0
"""Seconds: the measured piece of work that an estimate needs, and the shortest time that is worth announcing."""


class Estimate:
    """The time that work will take on this machine, measured on its first seconds and announced once.

    Work that is announced by another total, such as a preparation, is measured by itself.
    """

    def __init__(self, announce: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self.announce, self.clock = announce, clock
        self.total: float | None = None
        self.start = self.first = 0.0
        self.announced = False

    def update(self, what: str, done: float, total: float | None) -> None:
        """Announce the time if enough is done to know it."""
        now = self.clock()
        if total != self.total:
            self.total, self.start, self.first, self.announced = total, now, done, False
        if self.announced or not total or done <= self.first or now - self.start < MEASURED:
            return
        self.announced = True
        remaining = (now - self.start) / (done - self.first) * (total - done)
        if remaining >= LONG:
            self.announce(f"{what}: about {about(remaining)} to go at this speed.")


@contextmanager
def bar(output: Output, beginning: str, *, of_bytes: bool = False) -> Iterator[Advance]:
    """Yield a function that updates a progress bar, which disappears at the end; ``beginning`` is its first text."""
    estimate = Estimate(output.note)
    if not output.shows_progress:
        yield estimate.update
        return

    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    figures = (DownloadColumn(), TransferSpeedColumn()) if of_bytes else (TimeRemainingColumn(),)
    progress = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        *figures,
        console=Console(stderr=True),
        transient=True,
        # Lines printed meanwhile appear above the bar, unless stdout is a file: then they go there.
        redirect_stdout=sys.stdout.isatty(),
    )
    task = progress.add_task(beginning, total=None)

    def advance(what: str, done: float, total: float | None) -> None:
        progress.update(task, description=printable(what), completed=done, total=total)
        estimate.update(what, done, total)

    with progress:
        yield advance
