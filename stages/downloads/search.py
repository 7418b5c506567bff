"""The search for a known set: in the folder of a package, the cache, and the mirrors, in this order."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from nndigits.stages.datasets import loaders
from nndigits.stages.datasets.digit_set import DigitSet
from nndigits.stages.datasets.entry import KnownSet
from nndigits.stages.datasets.known_files import OnNote, SourceMissing
from nndigits.stages.downloads import download, download_cache
from nndigits.stages.downloads.download import OnBytes
from nndigits.stages.store.environment import artifacts_folder
from nndigits.stages.store.errors import InputError, WorldError
from nndigits.stages.words.escaping import shell_word

USUAL_NAME = "data.npz"
"""The name of the default output."""


def search(
    known: KnownSet,
    folder: Path,
    mirrors: Sequence[str] | None,
    on_bytes: OnBytes | None,
    on_note: OnNote,
    command: str,
) -> tuple[DigitSet, str]:
    """Try one source after the other; return the first set found, and its source.

    ``folder`` is the cache. Raises WorldError if no source has the set; the message says what was tried, and gives the
    ``command`` that reads the set from a folder.
    """
    addresses = known.mirrors if mirrors is None else mirrors
    candidates: list[tuple[str, Callable[[], DigitSet]]] = [
        *((f"Debian's package {known.package}", partial(_from_package, Path(one), known)) for one in known.folders),
        ("the cache", lambda: download_cache.load(folder, known, on_note)),
        ("a mirror", lambda: download.from_mirrors(folder, known, addresses, on_bytes=on_bytes, on_note=on_note)),
    ]
    tried: list[str] = []
    for name, read in candidates:
        try:
            return read(), name
        except SourceMissing as error:
            tried.append(str(error))
    raise WorldError(f"{known.title} was not found. Tried: {'; '.join(tried)}. Name a folder of its files: `{command}`")


def command_with_folder(dataset: str, out: Path, validation: int | None, more: Sequence[Path]) -> str:
    """Return the command that fetches from a folder, and in all else does what a call of ``fetch`` did.

    >>> command_with_folder("kmnist", Path("my digits.npz"), 5000, [])
    "nn fetch --dataset kmnist --from FOLDER --validation 5000 -o 'my digits.npz'"
    """
    apart = "" if validation is None else f" --validation {validation}"
    added = "".join(f" --more {shell_word(path)}" for path in more)
    where = "" if out == artifacts_folder() / USUAL_NAME else f" -o {shell_word(out)}"
    return f"nn fetch --dataset {dataset} --from FOLDER{apart}{added}{where}"


def _from_package(folder: Path, known: KnownSet) -> DigitSet:
    """Read a set from the folder of a package; raises SourceMissing if it is not there, or has other content."""
    try:
        digits = loaders.from_folder(folder, known)
    except InputError as error:
        raise SourceMissing(str(error)) from None
    if digits.known != known:
        raise SourceMissing(f"{folder}: is not {known.title}")
    return digits
