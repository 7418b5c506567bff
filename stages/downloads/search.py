"""The search for a known set: in a folder that is named, a package, the cache, and the mirrors, in this order."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from nndigits.stages.datasets import known_sets, loaders
from nndigits.stages.datasets.digit_set import DigitSet
from nndigits.stages.datasets.known_files import OnNote, SourceMissing
from nndigits.stages.downloads import download, download_cache
from nndigits.stages.downloads.download import OnBytes
from nndigits.stages.registry.entry import KnownSet
from nndigits.stages.store.errors import InputError, WorldError


def search(
    wanted: KnownSet | None,
    mnist_dir: Path | None,
    folder: Path,
    mirrors: Sequence[str] | None,
    on_bytes: OnBytes | None,
    on_note: OnNote,
    command: str,
) -> tuple[DigitSet, str, list[str]]:
    """Try one source after the other; return the first set found, its source, and the failures before a fallback.

    A folder that the caller named is an error if it fails: nothing else takes its place. ``command`` reads the set from
    a folder, for the error where it is not found.
    """
    known = wanted or known_sets.KNOWN_SETS[0]
    addresses = known.mirrors if mirrors is None else mirrors
    if mnist_dir is not None and known.name == "mnist":
        return loaders.from_path(mnist_dir, wanted, on_note), "NN_MNIST_DIR", []
    candidates: list[tuple[str, Callable[[], DigitSet]]] = [
        *((f"Debian's package {known.package}", partial(_from_package, Path(one), known)) for one in known.folders),
        ("the cache", lambda: download_cache.load(folder, known, on_note)),
        ("a mirror", lambda: download.from_mirrors(folder, known, addresses, on_bytes=on_bytes, on_note=on_note)),
    ]
    tried: list[str] = []
    for name, read in candidates:
        try:
            return read(), name, []
        except SourceMissing as error:
            tried.append(str(error))
    if wanted is not None:
        raise WorldError(
            f"{wanted.title} was not found. Tried: {'; '.join(tried)}. Name a folder of its files: `{command}`"
        )
    return loaders.from_scikit_learn(), "scikit-learn", tried


def _from_package(folder: Path, known: KnownSet) -> DigitSet:
    """Read a set from the folder of a package; raises SourceMissing if it is not there, or has other content."""
    try:
        digits = loaders.from_folder(folder, known)
    except InputError as error:
        raise SourceMissing(str(error)) from None
    if digits.known != known:
        raise SourceMissing(f"{folder}: is not {known.title}")
    return digits
