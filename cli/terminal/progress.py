"""Progress bars on stderr, drawn only in a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nn.cli.terminal.output import Output

Advance = Callable[[str, float, float | None], None]
"""Called with a description, the amount of work done, and the total if known."""


@contextmanager
def bar(output: Output, *, of_bytes: bool = False) -> Iterator[Advance]:
    """Yield a function that updates a progress bar; the bar disappears at the end."""
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
        # Lines printed meanwhile appear above the bar, unless stdout is a file: then they go there.
        redirect_stdout=sys.stdout.isatty(),
    )
    task = progress.add_task("", total=None)
    with progress:
        yield lambda what, done, total: progress.update(task, description=what, completed=done, total=total)
