"""Downloads of a known set from its mirrors. A file is taken only if its content has the known sha256."""

import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from nndigits.models.arrays.types import Bytes
from nndigits.stages.datasets import known_files
from nndigits.stages.datasets.digit_set import DigitSet, make_digit_set
from nndigits.stages.datasets.entry import KnownArchive, KnownSet
from nndigits.stages.datasets.known_files import OnNote, SourceMissing
from nndigits.stages.downloads import archives, download_cache, http_limits
from nndigits.stages.downloads.mirror_address import SCHEMES, problem_of, shown
from nndigits.stages.store import files
from nndigits.stages.store.errors import UsageError, WorldError
from nndigits.stages.store.files import Buffer
from nndigits.stages.words.nouns import listed

TIMEOUT = 10.0  # seconds to wait for the next bytes
DEADLINE = 300.0  # seconds for one file from one mirror
SLOWEST = 200_000.0  # bytes a second, at which an archive may take longer
MOST_HEADERS = 1_000_000  # bytes around an archive

Got = TypeVar("Got")

OnBytes = Callable[[str, int, int | None], None]
"""Called with a file's name, the number of bytes received, and the total if the server says it."""


def from_mirrors(
    into: Path, known: KnownSet, mirrors: Sequence[str], *, on_bytes: OnBytes | None, on_note: OnNote
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
        for part in known.files:
            array = download_cache.load_part(folder, known, part, on_note)
            if array is None:
                packed: Buffer
                if known.archive is None:
                    packed, array = _first_good_copy(mirrors, known, part, on_bytes, on_note)
                else:
                    archive = _archive(folder, known.archive, mirrors, on_bytes, on_note)
                    packed, array = archives.file_and_array(archive, known, part)
                try:
                    download_cache.write_part(folder, known, part, packed)
                except (WorldError, UsageError) as error:
                    on_note(f"Not kept in the cache: {str(error).partition(';')[0]}")
            arrays[part] = array
    return make_digit_set(known.name, arrays, known=known)


def _first_good_copy(
    mirrors: Sequence[str], known: KnownSet, part: str, on_bytes: OnBytes | None, on_note: OnNote
) -> tuple[bytes, Bytes]:
    """Return a file as it was sent, and its array."""

    def get(url: str, redirects: _SafeRedirects) -> tuple[bytes, Bytes]:
        data = b"".join(_pieces(url, known.largest_download, DEADLINE, redirects, on_bytes))
        return data, known_files.known_array(data, known, part)

    return _first_mirror(mirrors, f"{known.files[part].name}.gz", get, on_note)


def _archive(
    folder: Path, known: KnownArchive, mirrors: Sequence[str], on_bytes: OnBytes | None, on_note: OnNote
) -> Path:
    """Return the path of an archive in the cache, downloaded piece by piece if it is not there."""
    path = folder / known.name
    if not archives.is_intact(path, known, on_note):
        text = f"{known.name} has {known.size / 1e6:,.0f} MB; it is kept in {folder}, also for the other sets in it"

        def get(url: str, redirects: _SafeRedirects) -> None:
            seconds = max(DEADLINE, known.size / SLOWEST)
            pieces = _pieces(url, known.size + MOST_HEADERS, seconds, redirects, on_bytes)
            archives.write(path, known, _announced(_with_reasons(pieces), text, on_note))

        _first_mirror(mirrors, known.name, get, on_note)
    return path


def _first_mirror(
    mirrors: Sequence[str], name: str, get: Callable[[str, "_SafeRedirects"], Got], on_note: OnNote
) -> Got:
    """Return what ``get`` makes of the file of this name on the first mirror where it does not fail.

    ``on_note`` is told of the mirrors before it. Raises SourceMissing, with the failure of each, if all fail.
    """
    failures: list[tuple[str, str]] = []
    for mirror in mirrors:
        url, redirects = f"{mirror.rstrip('/')}/{name}", _SafeRedirects()
        try:
            got = get(url, redirects)
        except (OSError, HTTPException, ValueError) as error:
            why = f"redirects to {shown(redirects.url)}: {_why(error)}" if redirects.url else _why(error)
            failures.append((url, why))
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


def _pieces(
    url: str, most_bytes: int, seconds: float, redirects: "_SafeRedirects", on_bytes: OnBytes | None
) -> Iterator[bytes]:
    """Download a file of limited size in limited time, piece by piece; raises OSError, HTTPException or ValueError."""
    request = urllib.request.Request(url, headers={"User-Agent": "nn-digits"})  # noqa: S310 - checked by fetch
    received = 0
    with http_limits.opener(seconds, most_bytes, redirects).open(request, timeout=TIMEOUT) as response:
        expected = response.length
        while chunk := response.read1(2**16):
            received += len(chunk)
            if on_bytes is not None:
                on_bytes(url.rsplit("/", 1)[-1], received, expected)
            yield chunk
    if expected is not None and received != expected:
        raise OSError(f"sends {received:,} bytes, {expected:,} were announced")


def _announced(pieces: Iterator[bytes], text: str, on_note: OnNote) -> Iterator[bytes]:
    """Tell ``on_note`` a text when the first piece arrives."""
    for number, piece in enumerate(pieces):
        if number == 0:
            on_note(text)
        yield piece


def _with_reasons(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Raise ValueError with the reason where a download fails."""
    try:
        yield from pieces
    except (OSError, HTTPException) as error:
        raise ValueError(_why(error)) from None


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follow redirects to http and https only, and never from https to http.

    ``url`` is the address that was asked last, if it is not the first one.
    """

    url = ""

    def redirect_request(  # type: ignore[no-untyped-def]
        self, req, fp, code, msg, headers, newurl
    ):
        allowed = ("https",) if urlsplit(req.full_url).scheme == "https" else SCHEMES
        problem = problem_of(newurl, allowed)
        self.url = newurl
        if problem:
            raise OSError(problem)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


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
