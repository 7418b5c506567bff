"""HTTP that is over by a deadline, whatever the server does.

A timeout of the standard library bounds each wait for the next bytes. A server that sends one byte now and then, or
answers "100 Continue" for ever, keeps within it and never ends. So every read is told how much time is left in all.
"""

import http.client
import io
import socket
import time
import urllib.request
from typing import Any


def opener(seconds: float, *handlers: type[urllib.request.BaseHandler]) -> urllib.request.OpenerDirector:
    """An opener that is to be used once: its answer, with redirects and headers, is over so many seconds from now."""
    deadline = time.monotonic() + seconds

    def answering(sock: socket.socket, *arguments: Any, **named: Any) -> http.client.HTTPResponse:
        answer = http.client.HTTPResponse(sock, *arguments, **named)
        answer.fp = io.BufferedReader(_Reader(answer.fp.detach(), sock, seconds, deadline))
        return answer

    class Plain(http.client.HTTPConnection):
        response_class = staticmethod(answering)  # type: ignore[assignment]

    class Encrypted(http.client.HTTPSConnection):
        response_class = staticmethod(answering)  # type: ignore[assignment]

    class PlainHandler(urllib.request.HTTPHandler):
        def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Plain, request)

    class EncryptedHandler(urllib.request.HTTPSHandler):
        def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Encrypted, request)

    return urllib.request.build_opener(PlainHandler, EncryptedHandler, *handlers)


class _Reader(io.RawIOBase):
    """What a socket sends, until the deadline. ``raw`` is the socket's own reader, which keeps it open."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, seconds: float, deadline: float) -> None:
        self._raw, self._socket, self._seconds, self._deadline = raw, sock, seconds, deadline
        self._patience = sock.gettimeout() or 0.0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left > 0:
            self._socket.settimeout(min(left, self._patience))
            try:
                return self._raw.readinto(buffer)
            except TimeoutError:
                if self._deadline - time.monotonic() > 0:
                    raise
        raise TimeoutError(f"takes longer than {self._seconds:.0f} s in all")

    def close(self) -> None:
        self._raw.close()
        super().close()
