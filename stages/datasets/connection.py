"""What is asked of a mirror: which addresses, and how much time and how many bytes its answer may take.

The standard library takes nearly any text for an address. It connects to port 99999 modulo 65536, looks up
``user:password@host`` as a name, and fails at letters that are not ASCII with an error of its own.

Its timeout limits each wait for the next bytes, and a limit on the body does not see what comes around it. A server
that sends one byte now and then, repeats "100 Continue", or adds headers behind the body without end, exceeds neither.
So the deadline and the limit of bytes are at the socket, below the parser: for bodies, headers, trailers and redirects.
"""

import http.client
import io
import re
import socket
import time
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from nndigits.stages.store.errors import UsageError
from nndigits.stages.words.escaping import printable

SCHEMES = ("http", "https")
ALLOWED = re.compile(r"[!-~]*")
"""The characters of an address: ASCII without spaces and control characters. Others are written %C3%A9 or xn--."""
DRIVE = re.compile(r"[A-Za-z]:(?!//)")
"""How a path of Windows begins; no scheme has one letter."""

MOST_LETTERS, MOST_SHOWN = 2000, 300


def check_address(address: str) -> None:
    """Raise UsageError for an address that cannot be one of a mirror; nothing is asked."""
    problem = problem_of(address)
    if problem:
        raise UsageError(f"{shown(address) or 'an empty address'} {problem}", "mirror")


def problem_of(address: str, schemes: tuple[str, ...] = SCHEMES) -> str:
    """Return what is wrong with an address, or an empty text."""
    if len(address) > MOST_LETTERS:
        return f"has {len(address):,} characters, at most {MOST_LETTERS:,} are expected"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "is not an address"
    if DRIVE.match(address):
        return "is a path on a drive; `nn fetch --from PATH` reads a file or a folder"
    if parts.scheme not in schemes or not host:
        return f"is not an {' or '.join(schemes)} address, such as https://example.org/mnist/"
    if parts.username is not None:
        return "has a user or a password, which nn does not send; leave them out"
    if not ALLOWED.fullmatch(address):
        return "has spaces or characters that are not ASCII, which an address writes as %20 or xn--"
    if any(not 0 < len(label) < 64 for label in host.rstrip(".").split(".")):
        return "has a host name that cannot exist"
    try:
        port = parts.port
    except ValueError:
        port = 0
    return "has a port that cannot exist, expected 1 to 65,535" if port == 0 else ""


def shown(address: str) -> str:
    """Return an address for a message: on one line, not too long, and without a password."""
    scheme, slashes, rest = address.partition("://")
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    _, at, host = authority.rpartition("@")
    text = printable(f"{scheme}{slashes}...@{host}{rest[len(authority) :]}" if at else address)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def opener(seconds: float, most_bytes: int, *handlers: urllib.request.BaseHandler) -> urllib.request.OpenerDirector:
    """Return an opener for one request, which must end ``seconds`` from now and after ``most_bytes``.

    Both include all redirects. Reading then raises TimeoutError or OSError.
    """
    budget = _Budget(seconds, most_bytes)

    def make_response(sock: socket.socket, *args: Any, **kwargs: Any) -> http.client.HTTPResponse:
        response = http.client.HTTPResponse(sock, *args, **kwargs)
        response.fp = io.BufferedReader(_LimitedReader(response.fp.detach(), sock, budget))
        return response

    class HTTPConnection(http.client.HTTPConnection):
        response_class = staticmethod(make_response)  # type: ignore[assignment]

    class HTTPSConnection(http.client.HTTPSConnection):
        response_class = staticmethod(make_response)  # type: ignore[assignment]

    class HTTPHandler(urllib.request.HTTPHandler):
        def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(HTTPConnection, request)

    class HTTPSHandler(urllib.request.HTTPSHandler):
        def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(HTTPSConnection, request)

    return urllib.request.build_opener(HTTPHandler, HTTPSHandler, *handlers)


class SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follow redirects to http and https only, and never from https to http.

    ``url`` is the address that was asked last, if it is not the first one.
    """

    url = ""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        """Return the next request; raises OSError for an address that is not asked."""
        allowed = ("https",) if urlsplit(req.full_url).scheme == "https" else SCHEMES
        problem = problem_of(newurl, allowed)
        self.url = newurl
        if problem:
            raise OSError(problem)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Budget:
    """What is left of the time and the bytes of a request."""

    def __init__(self, seconds: float, most_bytes: int) -> None:
        self._seconds, self._most_bytes = seconds, most_bytes
        self._deadline, self._received = time.monotonic() + seconds, 0

    def seconds_left(self) -> float:
        """Return the time left; raise TimeoutError if there is none."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"takes longer than {self._seconds:.0f} s in all")
        return left

    def receive(self, count: int) -> None:
        """Count bytes that arrived; raise OSError if they are too many."""
        self._received += count
        if self._received > self._most_bytes:
            raise OSError(f"sends more than {self._most_bytes:,} bytes")


class _LimitedReader(io.RawIOBase):
    """A reader of a socket that spends a budget. ``raw`` is the socket's own reader, which keeps the socket open."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, budget: _Budget) -> None:
        self._raw, self._socket, self._budget = raw, sock, budget
        self._timeout = sock.gettimeout() or 0.0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._socket.settimeout(min(self._budget.seconds_left(), self._timeout))
        try:
            count = self._raw.readinto(buffer)
        except TimeoutError:
            self._budget.seconds_left()  # raises the error of the deadline instead, if that is why
            raise
        self._budget.receive(count or 0)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()
