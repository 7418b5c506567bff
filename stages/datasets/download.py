"""Downloads of a known set: its mirrors, and the folder of the user's cache where the files are kept.

A file is kept only if its content has the known sha256, and is then not downloaded again. The cache is an ordinary
folder of IDX files and is checked at each use.
"""

import gzip
import hashlib
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from nn.models.arrays.types import Bytes
from nn.stages.datasets import http_deadline, idx
from nn.stages.datasets.digit_set import DigitSet
from nn.stages.datasets.known_sets import KnownSet
from nn.stages.datasets.loaders import SourceMissing, from_folder
from nn.stages.store import files
from nn.stages.store.errors import InputError, UsageError, WorldError

TIMEOUT = 10.0  # seconds to wait for the next bytes
DEADLINE = 300.0  # seconds for one file from one mirror

OnBytes = Callable[[str, int, int | None], None]
"""Called with a file's name, the number of bytes received, and the total if the server says it."""

OnNote = Callable[[str], None]
"""Called with one line about a failure after which the download goes on."""


def user_cache() -> Path:
    """Return the folder for downloads in the user's cache, where the operating system keeps caches."""
    return platformdirs.user_cache_path("nn-digits", appauthor=False)


def from_cache(cache: Path, known: KnownSet) -> DigitSet:
    """Read the files of an earlier download, if all are there and unchanged; raises SourceMissing otherwise."""
    folder = cache / known.cache_folder
    damaged = [file.name for part, file in known.files.items() if not _is_kept(folder, known, part)]
    if damaged:
        raise SourceMissing(f"the cache {folder} (no whole {damaged[0]})")
    return from_folder(folder, known)


def from_mirrors(
    cache: Path,
    known: KnownSet,
    mirrors: Sequence[str],
    *,
    on_bytes: OnBytes | None = None,
    on_note: OnNote | None = None,
) -> DigitSet:
    """Download the files that the cache lacks, each from the first mirror that serves the right content.

    Raises SourceMissing, with the failure of each mirror, if none does.
    """
    folder = cache / known.cache_folder
    for part, file in known.files.items():
        if not _is_kept(folder, known, part):
            data = _first_good_copy(mirrors, known, part, on_bytes, on_note)
            files.write(folder / f"{file.name}.gz", [data])
    return from_folder(folder, known)


def keep(cache: Path, digits: DigitSet) -> None:
    """Write the files of a known set into the cache, where they are missing, as a download would.

    A cache that cannot be written is left as it is: the data set itself was found.
    """
    if digits.known is None:
        return
    folder = cache / digits.known.cache_folder
    with suppress(WorldError, UsageError):
        for part, file in digits.known.files.items():
            if not _is_kept(folder, digits.known, part):
                array: Bytes = getattr(digits, part)
                packed = gzip.compress(idx.header(array.shape) + array.tobytes(), compresslevel=6, mtime=0)
                files.write(folder / f"{file.name}.gz", [packed])


def _first_good_copy(
    mirrors: Sequence[str], known: KnownSet, part: str, on_bytes: OnBytes | None, on_note: OnNote | None
) -> bytes:
    failures = []
    for mirror in mirrors:
        url = f"{mirror.rstrip('/')}/{known.files[part].name}.gz"
        try:
            data = _download(url, known.largest_download, on_bytes)
            _check_content(known, part, data)
        except (OSError, HTTPException, ValueError) as error:
            failures.append(f"{url} ({_why(error)})")
            if on_note is not None:
                on_note(f"{url}: {_why(error)}")
        else:
            return data
    raise SourceMissing(", ".join(failures) or "no mirror (none is named)")


def _download(url: str, most_bytes: int, on_bytes: OnBytes | None) -> bytes:
    """Download a file of limited size in limited time; raises OSError, HTTPException or ValueError."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("not an http or https address")
    request = urllib.request.Request(url, headers={"User-Agent": "nn-digits"})  # noqa: S310 - checked above
    data = bytearray()
    with http_deadline.opener(DEADLINE, _SafeRedirects).open(request, timeout=TIMEOUT) as response:
        length = response.headers.get("Content-Length", "")
        expected = int(length) if length.isdigit() else None
        while chunk := response.read1(2**16):
            data += chunk
            if len(data) > most_bytes:
                raise OSError(f"sends more than {most_bytes:,} bytes")
            if on_bytes is not None:
                on_bytes(url.rsplit("/", 1)[-1], len(data), expected)
    if expected is not None and len(data) != expected:
        raise OSError(f"{len(data):,} bytes came, {expected:,} were announced")
    return bytes(data)


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follow redirects to http and https only, and never from https to http."""

    def redirect_request(  # type: ignore[no-untyped-def]
        self, req, fp, code, msg, headers, newurl
    ):
        allowed = ("https",) if urlsplit(req.full_url).scheme == "https" else ("http", "https")
        if urlsplit(newurl).scheme not in allowed:
            raise OSError(f"redirects to {newurl}, which is not {' or '.join(allowed)}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _is_kept(folder: Path, known: KnownSet, part: str) -> bool:
    """Return whether the folder holds this file, whole and unchanged."""
    path = folder / f"{known.files[part].name}.gz"
    try:
        _check_content(known, part, files.read(path, hint="", limit=known.largest_download))
    except (InputError, ValueError):
        return False
    return True


def _check_content(known: KnownSet, part: str, data: bytes) -> None:
    """Raise ValueError unless a file, gzipped or not, holds this part of the known set."""
    try:
        content = idx.unpack(data, idx.IMAGES if part.endswith("images") else idx.LABELS)
    except zlib.error as error:
        raise ValueError(f"damaged gzip file, {error}") from None
    found, expected = hashlib.sha256(content).hexdigest(), known.files[part].sha256
    if found != expected:
        raise ValueError(f"not {known.title}: sha256 {found[:12]}... inside, expected {expected[:12]}...")


def _why(error: Exception) -> str:
    """Return the reason of a failure in a few words."""
    if isinstance(error, urllib.error.HTTPError):
        return f"answers {error.code}"
    inner = getattr(error, "reason", None)
    return files.reason(inner if isinstance(inner, Exception) else error)
