"""HTTP with a deadline for the whole response.

The timeout of the standard library limits each wait for the next bytes. A server that sends one byte now and then, or
repeats "100 Continue" forever, never exceeds it. Here every read waits at most until the deadline.
"""

import http.client
import io
import socket
import time
import urllib.request
from typing import Any


def opener(seconds: float, *handlers: type[urllib.request.BaseHandler]) -> urllib.request.OpenerDirector:
    """Return an opener for one request, which must end ``seconds`` from now, with redirects and headers."""
    deadline = time.monotonic() + seconds

    def make_response(sock: socket.socket, *args: Any, **kwargs: Any) -> http.client.HTTPResponse:
        response = http.client.HTTPResponse(sock, *args, **kwargs)
        response.fp = io.BufferedReader(_DeadlineReader(response.fp.detach(), sock, seconds, deadline))
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


class _DeadlineReader(io.RawIOBase):
    """A reader of a socket that raises TimeoutError at the deadline.

    ``raw`` is the socket's own reader. It keeps the socket open.
    """

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, seconds: float, deadline: float) -> None:
        self._raw, self._socket, self._seconds, self._deadline = raw, sock, seconds, deadline
        self._timeout = sock.gettimeout() or 0.0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left > 0:
            self._socket.settimeout(min(left, self._timeout))
            try:
                return self._raw.readinto(buffer)
            except TimeoutError:
                if self._deadline - time.monotonic() > 0:
                    raise
        raise TimeoutError(f"takes longer than {self._seconds:.0f} s in all")

    def close(self) -> None:
        self._raw.close()
        super().close()
