"""How long things took: a log beside the artifacts, ``timings.csv``, and no artifact itself.

An artifact must not depend on the clock, and yet a table of classifiers should say what each costs. So each stage
that takes time adds a line here, which names what it made by its sha256: a time belongs to those bytes and no
others. The file may be deleted at any time; then the times are not known.
"""

import csv
import math
import os
import stat
from contextlib import suppress
from pathlib import Path

from nn.stages.store import files
from nn.stages.store.errors import InputError

NAME = "timings.csv"
LARGEST = 2**24  # bytes that are read of it

Times = dict[tuple[str, str], float]
"""(sha256, what was done) -> seconds."""


def record(folder: Path, sha256: str, what: str, seconds: float) -> None:
    """Add a line; where that cannot be done, the time is not known later, and nothing else is wrong."""
    line = f"{sha256},{what},{seconds:.3f}\n"
    with suppress(OSError):
        # One short write at the end of the file: several programs may do it at once. Never through a link, nor to
        # anything but a file, and without waiting for whoever may read a pipe.
        careful = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND | careful, 0o666)
        try:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)


def read(folder: Path) -> Times:
    """All times that are known, of equal ones the last; lines that are not ours are passed over."""
    times: Times = {}
    with suppress(InputError, UnicodeDecodeError, csv.Error):
        text = files.read(folder / NAME, hint="Delete it", limit=LARGEST).decode()
        for row in csv.reader(text.splitlines()):
            with suppress(ValueError):
                sha256, what, seconds = row
                took = float(seconds)
                if math.isfinite(took):
                    times[sha256, what] = took
    return times
