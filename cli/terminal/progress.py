"""Progress bars on stderr, where a person watches; silent elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nn.cli.terminal.output import Output

Advance = Callable[[str, float, float | None], None]
"""Called with what is going on, how far it is, and how far it will go if known."""


@contextmanager
def bar(output: Output, *, of_bytes: bool = False) -> Iterator[Advance]:
    """Yield a function that moves one bar; it is gone when the work is done."""
    if not output.shows_progress:
        yield lambda what, done, total: None
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
        # Lines printed meanwhile go above the bar; where stdout is a file they must reach it instead.
        redirect_stdout=sys.stdout.isatty(),
    )
    task = progress.add_task("", total=None)
    with progress:
        yield lambda what, done, total: progress.update(task, description=what, completed=done, total=total)
