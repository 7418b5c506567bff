"""A log of durations, ``timings.csv``, beside the artifacts.

Artifacts must not depend on the clock, but the comparison of classifiers shows how long each took. So each slow stage
appends a line with the sha256 of the artifact and the seconds. The file may be deleted at any time. The times are then
unknown.
"""

import os
import re
import stat
from contextlib import suppress
from pathlib import Path

from nndigits.stages.parsing.patterns import Text, check_pattern
from nndigits.stages.store import files
from nndigits.stages.store.errors import InputError

NAME = "timings.csv"
LINE = re.compile(rb"[0-9a-f]{1,64},[^,\n]{1,64},[0-9.]+\n")
LARGEST = 2**24  # bytes
MOST_LETTERS = 64
MOST_SECONDS = 1e9

Times = dict[tuple[str, str], float]
"""(sha256, step) -> seconds. A step is ``train``, ``read test``, and so on."""


def record(folder: Path, sha256: str, step: str, seconds: float) -> None:
    """Append a line, unless the file is not a log of nn. A failure is ignored: the time is then unknown."""
    line = f"{sha256},{step},{seconds:.3f}\n"
    with suppress(OSError):
        # One short append, so that several programs can do it at once. Links are not followed, only regular files are
        # written, and a pipe without a reader does not block.
        flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_APPEND | flags, 0o666)
        try:
            status = os.fstat(descriptor)
            if stat.S_ISREG(status.st_mode) and (not status.st_size or LINE.match(os.pread(descriptor, 200, 0))):
                is_cut = status.st_size and os.pread(descriptor, 1, status.st_size - 1) != b"\n"
                os.write(descriptor, ("\n" * is_cut + line).encode())
        finally:
            os.close(descriptor)


def read(folder: Path) -> Times:
    """Read all times; the last of equal keys counts, and malformed lines are ignored."""
    times: Times = {}
    with suppress(InputError):
        text = files.read(folder / NAME, hint="Delete it", limit=LARGEST).decode(errors="replace")
        for line in text.splitlines():
            with suppress(ValueError):
                sha256, step, seconds = line.split(",")
                check_pattern([sha256, step], [Text(MOST_LETTERS)])
                if 0 <= float(seconds) <= MOST_SECONDS:
                    times[sha256, step] = float(seconds)
    return times
