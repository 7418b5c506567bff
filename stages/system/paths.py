"""What a path leads to. A file can be written at a free name or over a regular file, not over a device or a folder."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PureWindowsPath

SYSTEM = ("/dev", "/proc", "/sys")
"""Folders of the system, in which no file is written: to replace ``/dev/stdout`` would take it from all programs."""

MEMORY = "/dev/shm"  # noqa: S108 - the exception, an ordinary folder whose files are in memory

MOST_LINKS = 40

IS_WINDOWS = os.name == "nt"

FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f]|[. ]$')
RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\xb9\xb2\xb3]) *(\..*)?", re.IGNORECASE)
"""What a name cannot have on Windows, and the names of its devices, which no ending makes names of files."""

NO_LINKS = getattr(os, "O_NOFOLLOW", 0)
NO_WAIT = getattr(os, "O_NONBLOCK", 0)
AS_BYTES = getattr(os, "O_BINARY", 0)
"""Flags of ``os.open``, none where the system lacks them: follow no link, wait for no pipe, change no ends of lines."""


def obstacle(path: Path) -> str:
    """Return what a path leads to, also through links, if no file can be written there; otherwise an empty text.

    A broken link is no obstacle, unless it leads to a folder of the system.
    """
    try:
        if any(_is_of_system(step) for step in _steps(path)):
            return "a file of the system"
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return ""  # nothing is there, or writing will raise the error
    if stat.S_ISDIR(mode):
        return "a folder"
    return "" if stat.S_ISREG(mode) else "a device or a pipe"


def _steps(path: Path) -> Iterator[Path]:
    """Yield a path, and each path that it leads to as a link."""
    with suppress(OSError):
        for _ in range(MOST_LINKS):
            yield path
            path = path.parent / os.readlink(path)


def _is_of_system(path: Path) -> bool:
    """Return whether a file is in a folder of the system."""
    folder = f"{os.path.realpath(path.parent)}/"
    return not folder.startswith(f"{MEMORY}/") and any(folder.startswith(f"{place}/") for place in SYSTEM)


def forbidden_name(path: Path) -> str:
    """Return the first name in a path that Windows forbids, or would change, if the system is Windows; or nothing."""
    if not IS_WINDOWS:
        return ""
    found = PureWindowsPath(str(path))
    if found.drive and not found.root:  # as a:b, which is a file b in whatever folder is the current one of a drive a
        return str(path)
    names = (name for name in found.parts if name not in (found.anchor, ".."))
    return next((name for name in names if FORBIDDEN.search(name) or RESERVED.fullmatch(name)), "")
