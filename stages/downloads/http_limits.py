"""HTTP with a deadline and a limit of bytes for all that a server sends: bodies, headers, trailers and redirects.

The timeout of the standard library limits each wait for the next bytes, and a limit on the body does not see what comes
around it. A server that sends one byte now and then, repeats "100 Continue", or adds headers behind the body without
end, exceeds neither. So both limits are at the socket, below the parser.
"""

import http.client
import io
import socket
import time
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from nndigits.stages.downloads.mirror_address import SCHEMES, problem_of


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
