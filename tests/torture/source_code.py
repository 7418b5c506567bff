"""The source code: calls that are banned, because with them a file could run code or be written in part."""

import re
from collections.abc import Iterator

from support import REPOSITORY

from torture.harness.results import Result, Size

SECTION = "J"
ROOMS = ("cli", "stages", "models")

BANNED = {
    r"^\s*(import|from) (pickle|shelve|marshal|zipfile|dill)\b": (),
    r"\bjoblib\.(load|dump)|\bfrom joblib import": (),
    r"\bnp\.(load|save|savez|fromfile|memmap)\b|\.tofile\(|allow_pickle": (),
    r"(?<![.\w])(eval|exec|compile|__import__)\(": (),
    r"shell=True|os\.system\(|os\.popen\(": (),
    r"\bopen\([^)]*['\"][wax]b?\+?['\"]|\.write_(text|bytes)\(": ("stages/system/atomic.py",),
    r"\bos\.(replace|rename|unlink|remove)\(": ("stages/system/atomic.py", "stages/system/locks.py"),
}
"""Patterns that must not occur in the code, and the files in which they may."""


def results(_: Size) -> Iterator[Result]:
    """Search the code."""
    yield banned()


def banned() -> Result:
    """Search the code for banned calls."""
    found = [
        f"{path.relative_to(REPOSITORY)}: {line.strip()}"
        for room in ROOMS
        for path in sorted((REPOSITORY / room).rglob("*.py"))
        for line in re.sub(r"``[^`]*``", "", path.read_text()).splitlines()
        for pattern, allowed in BANNED.items()
        if re.search(pattern, line) and str(path.relative_to(REPOSITORY)) not in allowed
    ]
    for line in found:
        print("   ", line)
    what = "no pickle, zipfile, np.load, eval, shell; files written by one room"
    return Result(SECTION, what, f"{len(found)} lines", "0", not found)
