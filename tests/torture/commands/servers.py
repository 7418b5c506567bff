"""A local server for the four files of a data set, which misbehaves in named ways.

It runs in its own process. The first part of a path selects the fault: /3/t10k-labels-idx1-ubyte.gz.
"""

import gzip
import http.server
import mmap
import os
import signal
import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from nndigits.stages.datasets.registry import FASHION

DRIP = 0.05  # seconds between two bytes


class Handler(http.server.BaseHTTPRequestHandler):
    """Respond with the fault that the path selects."""

    protocol_version = "HTTP/1.1"
    content: dict[str, bytes]
    sent: mmap.mmap  # the number of bytes sent with each fault, in memory shared with the attacking process
    fault = 0

    def do_GET(self) -> None:
        _, fault, name = self.path.split("/")
        self.fault = int(fault)
        self.close_connection = True
        with suppress(OSError):
            list(FAULTS.values())[self.fault](self, self.content.get(name, b""))

    def head(self, length: int | None, status: int = 200) -> None:
        """Send the status and the headers."""
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def send(self, data: bytes) -> None:
        """Send part of a body, and count its bytes."""
        self.wfile.write(data)
        here = slice(8 * self.fault, 8 * self.fault + 8)
        self.sent[here] = (int.from_bytes(self.sent[here], "little") + len(data)).to_bytes(8, "little")

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def _whole(handler: Handler, body: bytes) -> None:
    handler.head(len(body))
    handler.send(body)


def _half(handler: Handler, body: bytes) -> None:
    handler.head(len(body))
    handler.send(body[: len(body) // 2])


def _tampered(handler: Handler, body: bytes) -> None:
    content = bytearray(gzip.decompress(body))
    content[-1] ^= 1
    _whole(handler, gzip.compress(bytes(content), mtime=0))


def _html(handler: Handler, body: bytes) -> None:
    _whole(handler, b"<html>Please log in</html>" * 9)


def _endless(handler: Handler, body: bytes) -> None:
    handler.head(None)
    _endless_body(handler, body)


def _bomb(handler: Handler, body: bytes) -> None:
    _whole(handler, gzip.compress(gzip.decompress(body) + bytes(2**28), 1, mtime=0))


def _stall(handler: Handler, body: bytes) -> None:
    handler.head(len(body))
    handler.send(body[:10])
    time.sleep(5)


def _drip(handler: Handler, body: bytes) -> None:
    handler.head(len(body))
    for byte in body * 1000:
        handler.send(bytes([byte]))
        time.sleep(DRIP)


def _drip_headers(handler: Handler, body: bytes) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        handler.send(b"x")
        time.sleep(DRIP)


def _redirect(location: str) -> Callable[[Handler, bytes], None]:
    def redirect(handler: Handler, body: bytes) -> None:
        handler.send_response(302)
        handler.send_header("Location", location or handler.path)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return redirect


def _reset(handler: Handler, body: bytes) -> None:
    handler.head(len(body))
    handler.send(body[: len(body) // 2])
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def _longer_length(handler: Handler, body: bytes) -> None:
    handler.head(len(body) + 7)
    handler.send(body)


def _absurd_length(handler: Handler, body: bytes) -> None:
    handler.head(2**62)
    _endless_body(handler, body)


def _endless_body(handler: Handler, body: bytes) -> None:
    while True:
        handler.send(body + bytes(2**16))


def _head_of_chunks(handler: Handler, status: int = 200) -> None:
    handler.send_response(status)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()


def _endless_trailers(handler: Handler, body: bytes) -> None:
    _head_of_chunks(handler)
    handler.send(b"%x\r\n%s\r\n0\r\n" % (len(body), body))
    while True:
        handler.send(b"X: " + b"x" * 60_000 + b"\r\n")


def _endless_extensions(handler: Handler, body: bytes) -> None:
    _head_of_chunks(handler)
    while True:
        handler.send(b"1;x=" + b"x" * 60_000 + b"\r\nx\r\n")


def _endless_headers(handler: Handler, body: bytes) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.send(b"X: " + b"x" * 60_000 + b"\r\n")


def _endless_continue(handler: Handler, body: bytes) -> None:
    while True:
        handler.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 2000)


def _redirect_with_endless_body(handler: Handler, body: bytes) -> None:
    handler.send_response(302)
    handler.send_header("Location", handler.path)
    handler.end_headers()
    _endless_body(handler, body)


def _empty_members(handler: Handler, body: bytes) -> None:
    empty = gzip.compress(b"", mtime=0)
    _whole(handler, empty * ((FASHION.largest_download - 10_000) // len(empty)))


def _missing(handler: Handler, body: bytes) -> None:
    handler.head(0, 404)


FAULTS: dict[str, Callable[[Handler, bytes], None]] = {
    "": _whole,
    "half a body": _half,
    "one bit changed": _tampered,
    "HTML under 200": _html,
    "endless body": _endless,
    "a bomb of 256 MB": _bomb,
    "stall": _stall,
    "a byte now and then": _drip,
    "headers, a byte now and then": _drip_headers,
    "redirect to ftp": _redirect("ftp://127.0.0.1/x.gz"),
    "redirect from https to http": _redirect("http://127.0.0.1:1/x.gz"),
    "redirect to itself": _redirect(""),
    "reset half-way": _reset,
    "a length too large": _longer_length,
    "an absurd length": _absurd_length,
    "trailers without end": _endless_trailers,
    "chunk extensions without end": _endless_extensions,
    "header lines without end": _endless_headers,
    "100 Continue at full speed": _endless_continue,
    "a redirect with an endless body": _redirect_with_endless_body,
    "empty gzip members": _empty_members,
    "404": _missing,
}
"""Every response; the first is correct."""


class Server(http.server.ThreadingHTTPServer):
    """A server whose threads end with the process, and which prints nothing when clients disconnect."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Print nothing."""


class Address(NamedTuple):
    """The address of a server, and the number of body bytes it has sent with each fault."""

    base: str
    sent: mmap.mmap

    def of(self, fault: str) -> str:
        """Return the mirror with this fault."""
        return f"{self.base}/{list(FAULTS).index(fault)}"

    def count(self, fault: str) -> int:
        """Return the number of bytes sent with this fault."""
        at = 8 * list(FAULTS).index(fault)
        return int.from_bytes(self.sent[at : at + 8], "little")


@contextmanager
def serving(folder: Path, certificate: Path | None = None) -> Iterator[Address]:
    """Serve the IDX files of a folder gzipped, over https if there is a certificate."""
    Handler.content = {
        f"{name}.gz": gzip.compress((folder / name).read_bytes(), mtime=0) for name in FASHION.file_names.values()
    }
    Handler.sent = mmap.mmap(-1, 8 * len(FAULTS))
    server = Server(("127.0.0.1", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    pid = os.fork()
    if not pid:
        with suppress(BaseException):
            server.serve_forever()
        os._exit(0)
    server.socket.close()
    try:
        scheme = "http" if certificate is None else "https"
        yield Address(f"{scheme}://127.0.0.1:{server.server_address[1]}", Handler.sent)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
