"""Completion of values in a shell, after `nn --install-completion`: names, and files of the right kind.

A shell puts a completed word into the command line as it is, and some run what is in it. So only paths that need no
quotes are offered; bash then completes the others by itself.
"""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from nndigits.stages.store.environment import PRETRAINED
from nndigits.stages.words.escaping import printable

Complete = Callable[[str], list[str]]
"""Takes the beginning of a word, and returns the words that it can become."""

DATA_SETS = ("dataset",)
NETWORKS = ("weights",)
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".pgm", ".webp", ".gif")
OURS = (".npz", ".json", ".csv", ".html", ".safetensors")

PLAIN = re.compile(r"[\w@%+:,./][\w@%+=:,./-]*")
"""A path that a shell reads as it is, and nn as no option."""


def is_asked_for() -> bool:
    """Return whether a shell asks Typer for completions, or a person for the script that does so."""
    return "_NN_COMPLETE" in os.environ or any(word.endswith("-completion") for word in sys.argv[1:2])


def one_of(names: Callable[[], Iterable[str]]) -> Complete:
    """Return a completion from names, which are looked up when they are needed."""

    def complete(incomplete: str) -> list[str]:
        return [name for name in names() if name.startswith(incomplete)]

    return complete


def recipes(incomplete: str) -> list[str]:
    """Complete the name of a recipe, or of a file of one."""
    from nndigits.stages.runs.recipe import NAMES

    return [name for name in NAMES if name.startswith(incomplete)] + files(".toml")(incomplete)


def files(*endings: str) -> Complete:
    """Return a completion of files with one of these endings."""
    return _paths(lambda path: path.suffix.lower() in endings)


def artifacts(*kinds: str) -> Complete:
    """Return a completion of ``.npz`` files of these kinds."""
    return _paths(lambda path: path.suffix == ".npz" and _kind(path) in kinds)


def networks(incomplete: str) -> list[str]:
    """Complete the name of a network, also of the one that comes with nn."""
    return _pretrained(incomplete) + artifacts(*NETWORKS)(incomplete)


def classifiers(incomplete: str) -> list[str]:
    """Complete the name of a network or a baseline."""
    from nndigits.stages.store.kinds import CLASSIFIER_KINDS

    return _pretrained(incomplete) + artifacts(*CLASSIFIER_KINDS)(incomplete)


def _pretrained(incomplete: str) -> list[str]:
    name = str(PRETRAINED)
    return [name] if name.startswith(incomplete) else []


def folders(incomplete: str) -> list[str]:
    """Complete the name of a folder."""
    return [f"{path}/" for path in _beginning_with(incomplete) if path.is_dir() and _is_plain(path)]


def _paths(wanted: Callable[[Path], bool]) -> Complete:
    """Return a completion of files here and one folder below; if there are none, of folders."""

    def complete(incomplete: str) -> list[str]:
        found = []
        with suppress(OSError):  # a folder that cannot be read
            for path in _beginning_with(incomplete):
                inside = sorted(path.iterdir()) if path.is_dir() else [path]
                found += [str(file) for file in inside if _is_plain(file) and file.is_file() and wanted(file)]
            found = found or folders(incomplete)
        return found

    return complete


def _beginning_with(incomplete: str) -> Iterator[Path]:
    """Yield the paths that begin with the text, without hidden ones."""
    folder = Path(incomplete) if incomplete.endswith("/") else Path(incomplete).parent
    start = "" if incomplete.endswith("/") or not incomplete else Path(incomplete).name
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.startswith(start) and not path.name.startswith("."):
            yield path


def _is_plain(path: Path) -> bool:
    return bool(PLAIN.fullmatch(str(path))) and printable(str(path)) == str(path)


def _kind(path: Path) -> str:
    """Return the kind of an artifact from its metadata alone; empty for another file."""
    from nndigits.stages.store.artifacts import load_metadata
    from nndigits.stages.store.errors import InputError

    try:
        return str(load_metadata(path)["kind"])
    except InputError:
        return ""
