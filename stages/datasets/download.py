"""MNIST from the network: mirrors, and the folder in the user's cache that they fill.

A file is kept only when what is inside has MNIST's sha256, and is then never downloaded again. The cache is a
folder of IDX files like any other, and is checked again at each use.
"""

import hashlib
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Sequence
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from nn.stages.datasets import http_deadline, idx
from nn.stages.datasets.digit_set import FILES, MNIST_SHA256, DigitSet
from nn.stages.datasets.loaders import SourceMissing, from_folder
from nn.stages.store import files
from nn.stages.store.errors import InputError

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
SILENCE = 10.0  # seconds that a server may stay silent
SLOWEST = 300.0  # seconds that one file may take from one mirror
LARGEST_DOWNLOAD = 12_000_000  # bytes: MNIST's largest file has 9,912,422 as the mirrors serve it

OnBytes = Callable[[str, int, int | None], None]
"""Called with a file's name, the bytes that have arrived, and how many there will be if known."""

OnNote = Callable[[str], None]
"""Called with one line that says what went wrong and was got round."""


def user_cache() -> Path:
    """The folder of the user's cache that is ours, as the operating system has it."""
    return platformdirs.user_cache_path("nn-digits", appauthor=False)


def from_cache(cache: Path) -> DigitSet:
    """Read what an earlier download left, if it is all there and still MNIST."""
    damaged = [name for part, name in FILES.items() if not _is_kept(cache, part)]
    if damaged:
        raise SourceMissing(f"the cache {cache} (no whole {damaged[0]})")
    return from_folder(cache)


def from_mirrors(
    cache: Path, mirrors: Sequence[str], *, on_bytes: OnBytes | None = None, on_note: OnNote | None = None
) -> DigitSet:
    """Download into ``cache`` what it lacks, each file from the first mirror that serves it right.

    Raises Missing, with what each mirror answered, where none does.
    """
    for part, name in FILES.items():
        if not _is_kept(cache, part):
            data = _first_that_serves(mirrors, part, f"{name}.gz", on_bytes, on_note)
            files.write(cache / f"{name}.gz", [data])
    return from_folder(cache)


def _first_that_serves(
    mirrors: Sequence[str], part: str, file: str, on_bytes: OnBytes | None, on_note: OnNote | None
) -> bytes:
    failures = []
    for mirror in mirrors:
        url = f"{mirror.rstrip('/')}/{file}"
        try:
            data = _download(url, on_bytes)
            _check_mnist(part, data)
        except (OSError, HTTPException, ValueError) as error:
            failures.append(f"{url} ({_why(error)})")
            if on_note is not None:
                on_note(f"{url}: {_why(error)}")
        else:
            return data
    raise SourceMissing(", ".join(failures) or "no mirror (none is named)")


def _download(url: str, on_bytes: OnBytes | None) -> bytes:
    """Fetch a file of limited size in limited time; raises an OSError, an HTTPException or a ValueError."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("not an http or https address")
    request = urllib.request.Request(url, headers={"User-Agent": "nn-digits"})  # noqa: S310 - checked above
    data = bytearray()
    with http_deadline.opener(SLOWEST, _SafeRedirects).open(request, timeout=SILENCE) as answer:
        length = answer.headers.get("Content-Length", "")
        expected = int(length) if length.isdigit() else None
        while chunk := answer.read1(2**16):
            data += chunk
            if len(data) > LARGEST_DOWNLOAD:
                raise OSError(f"sends more than {LARGEST_DOWNLOAD:,} bytes")
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


def _is_kept(cache: Path, part: str) -> bool:
    """Whether the cache holds this file, whole and unchanged."""
    try:
        _check_mnist(part, files.read(cache / f"{FILES[part]}.gz", hint="", limit=LARGEST_DOWNLOAD))
    except (InputError, ValueError):
        return False
    return True


def _check_mnist(part: str, data: bytes) -> None:
    """Raise ValueError where a file, gzipped or not, does not hold this part of MNIST."""
    try:
        content = idx.unpack(data, idx.IMAGES if part.endswith("images") else idx.LABELS)
    except zlib.error as error:
        raise ValueError(f"damaged gzip file, {error}") from None
    found = hashlib.sha256(content).hexdigest()
    if found != MNIST_SHA256[part]:
        raise ValueError(f"not MNIST: sha256 {found[:12]}... inside, expected {MNIST_SHA256[part][:12]}...")


def _why(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"answers {error.code}"
    inner = getattr(error, "reason", None)
    return files.reason(inner if isinstance(inner, Exception) else error)
