"""The search for a known set: in the folder of a package, the cache, and the mirrors, in this order.

A file of a mirror is taken only if its content has the known sha256. The library pooch limits neither the time of a
whole download, nor its bytes, nor where redirects lead, and tries no second mirror.
"""

import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from nndigits.models.arrays.types import Bytes
from nndigits.stages.datasets import download_cache, known_files, loaders
from nndigits.stages.datasets.connection import SafeRedirects, opener, shown
from nndigits.stages.datasets.digit_set import DigitSet, make_digit_set
from nndigits.stages.datasets.known_files import OnNote, SourceMissing
from nndigits.stages.datasets.registry_entry import KnownArchive, KnownSet
from nndigits.stages.store import files
from nndigits.stages.store.environment import artifacts_folder
from nndigits.stages.store.errors import InputError, UsageError, WorldError
from nndigits.stages.store.files import Buffer
from nndigits.stages.words.escaping import shell_word
from nndigits.stages.words.nouns import listed

TIMEOUT = 10.0  # seconds to wait for the next bytes
DEADLINE = 300.0  # seconds for one file from one mirror
SLOWEST = 200_000.0  # bytes a second, at which an archive may take longer
MOST_HEADERS = 1_000_000  # bytes around an archive

USUAL_NAME = "data.npz"
"""The name of the default output."""

Got = TypeVar("Got")

OnBytes = Callable[[str, int, int | None], None]
"""Called with a file's name, the number of bytes received, and the total if the server says it."""


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
        ("a mirror", lambda: _from_mirrors(folder, known, addresses, on_bytes, on_note)),
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


def _from_mirrors(
    into: Path, known: KnownSet, mirrors: Sequence[str], on_bytes: OnBytes | None, on_note: OnNote
) -> DigitSet:
    """Download the files that the cache ``into`` lacks, each from the first mirror that serves the right content.

    A download that the cache cannot keep is used all the same. Another process that downloads into the same cache is
    waited for. Raises SourceMissing, with the failure of each mirror, if no mirror serves a file.
    """
    folder = download_cache.folder_of(into, known)
    arrays = {}
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    with files.locked(folder, on_wait=on_note):
        for part, file in known.files.items():
            array = download_cache.load_part(folder, known, part, on_note)
            if array is None:
                name = f"{file.name}.gz"
                packed: Buffer
                if known.archive is None:
                    pieces = partial(_pieces, most_bytes=known.largest_download, seconds=DEADLINE, on_bytes=on_bytes)
                    packed, array = _first_mirror(mirrors, name, pieces, partial(_checked, known, part), on_note)
                else:
                    archive = _archive(folder, known.archive, mirrors, on_bytes, on_note)
                    packed, array = download_cache.from_archive(archive, known, part)
                try:
                    files.write(folder / name, [packed])
                except (WorldError, UsageError) as error:
                    on_note(f"Not kept in the cache: {str(error).partition(';')[0]}")
            arrays[part] = array
    return make_digit_set(known.name, arrays, known=known)


def _checked(known: KnownSet, part: str, pieces: Iterator[bytes]) -> tuple[bytes, Bytes]:
    """Return a file as it was sent, and its array; raises ValueError if it is not that of the known set."""
    data = b"".join(pieces)
    return data, known_files.known_array(data, known, part)


def _archive(
    folder: Path, known: KnownArchive, mirrors: Sequence[str], on_bytes: OnBytes | None, on_note: OnNote
) -> Path:
    """Return the path of an archive in the cache, downloaded piece by piece if it is not there."""
    path = folder / known.name
    if not download_cache.has_archive(path, known, on_note):
        on_note(f"{known.name} has {known.size / 1e6:,.0f} MB; it is kept in {folder}, also for the other sets in it")
        seconds = max(DEADLINE, known.size / SLOWEST)
        pieces = partial(_pieces, most_bytes=known.size + MOST_HEADERS, seconds=seconds, on_bytes=on_bytes)
        _first_mirror(mirrors, known.name, pieces, partial(download_cache.write_archive, path, known), on_note)
    return path


def _first_mirror(
    mirrors: Sequence[str],
    name: str,
    pieces: Callable[[str], Iterator[bytes]],
    use: Callable[[Iterator[bytes]], Got],
    on_note: OnNote,
) -> Got:
    """Return what ``use`` makes of the pieces of this file, from the first mirror where that does not fail.

    ``on_note`` is told of the mirrors before it. Raises SourceMissing, with the failure of each, if all fail.
    """
    failures: list[tuple[str, str]] = []
    for mirror in mirrors:
        url = f"{mirror.rstrip('/')}/{name}"
        try:
            got = use(pieces(url))
        except ValueError as error:
            failures.append((url, str(error)))
            continue
        for failed, why in failures:
            on_note(f"{shown(failed)}: {why}")
        return got
    raise SourceMissing(_in_short(failures) or "no mirror (none is named)")


def _in_short(failures: Sequence[tuple[str, str]]) -> str:
    """Return the addresses that failed by their reasons; of several with the same reason only the hosts."""
    alike: dict[str, list[str]] = {}
    for url, why in failures:
        alike.setdefault(why, []).append(url)
    return ", ".join(
        f"{shown(urls[0]) if len(urls) == 1 else listed(dict.fromkeys(urlsplit(url).netloc for url in urls))} ({why})"
        for why, urls in alike.items()
    )


def _pieces(url: str, most_bytes: int, seconds: float, on_bytes: OnBytes | None) -> Iterator[bytes]:
    """Download a file of limited size in limited time, piece by piece; raises ValueError, with the reason."""
    request = urllib.request.Request(url, headers={"User-Agent": "nn-digits"})  # noqa: S310 - checked by fetch
    received, redirects = 0, SafeRedirects()
    try:
        with opener(seconds, most_bytes, redirects).open(request, timeout=TIMEOUT) as response:
            expected = response.length
            while chunk := response.read1(2**16):
                received += len(chunk)
                if on_bytes is not None:
                    on_bytes(url.rsplit("/", 1)[-1], received, expected)
                yield chunk
        if expected is not None and received != expected:
            raise OSError(f"sends {received:,} bytes, {expected:,} were announced")
    except (OSError, HTTPException, UnicodeError) as error:
        where = f"redirects to {shown(redirects.url)}: " if redirects.url else ""
        raise ValueError(f"{where}{_why(error)}") from None


def _why(error: Exception) -> str:
    """Return the reason of a failure in a few words, which follow the address; no words of the server are in it."""
    inner = getattr(error, "reason", None)
    match inner if isinstance(inner, Exception) else error:
        case urllib.error.HTTPError() as answer:
            return f"answers {answer.code}"
        case IncompleteRead() as cut:
            return f"ends too early, after {len(cut.partial):,} bytes"
        case RemoteDisconnected():
            return "closes the connection without an answer"
        case HTTPException():
            return "does not answer in HTTP"
        case ssl.SSLCertVerificationError() as refused:
            return f"has a certificate that is not accepted ({refused.verify_message})"
        case ssl.SSLError():
            return "does not answer in TLS, as https needs"
        case UnicodeError():
            return "is not an address in ASCII"
        case other:
            return files.reason(other)
