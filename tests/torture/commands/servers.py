"""A local server for the four files of a data set, which misbehaves in named ways.

It runs in its own process. The first part of a path selects the fault: /3/t10k-labels-idx1-ubyte.gz. A fault is the
bytes of an answer, one piece after the other, some without end.
"""

import gzip
import http.server
import mmap
import os
import signal
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, repeat
from pathlib import Path
from typing import NamedTuple

from nndigits.stages.datasets.registry import FASHION
from torture.files.data_sets import gz

DRIP = 0.05  # seconds between two bytes
LINE = b"X: " + b"x" * 60_000 + b"\r\n"
RESET = b""  # in place of a piece: the connection is reset


def head(length: int | None, status: bytes = b"200 OK", more: bytes = b"") -> bytes:
    """Return the head of an answer."""
    told = b"" if length is None else b"Content-Length: %d\r\n" % length
    return b"HTTP/1.1 " + status + b"\r\n" + told + more + b"\r\n"


def whole(body: bytes) -> list[bytes]:
    """Return an answer with this body."""
    return [head(len(body)), body]


def slowly(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pieces now and then."""
    for piece in pieces:
        yield piece
        time.sleep(DRIP)


def one_bit(body: bytes) -> bytes:
    """Return a gzipped file with another last bit."""
    content = gzip.decompress(body)
    return gz(content[:-1] + bytes([content[-1] ^ 1]))


def redirect(location: bytes, body: Iterable[bytes] = (), length: int | None = 0) -> Iterator[bytes]:
    """Yield an answer that redirects."""
    return chain([head(length, b"302 Found", b"Location: " + location + b"\r\n")], body)


CHUNKED = head(None, more=b"Transfer-Encoding: chunked\r\n")
EMPTY = gz(b"")
FAULTS: dict[str, Callable[[bytes, bytes], Iterable[bytes]]] = {
    "": lambda body, _: whole(body),
    "half a body": lambda body, _: [head(len(body)), body[: len(body) // 2]],
    "one bit changed": lambda body, _: whole(one_bit(body)),
    "HTML under 200": lambda *_: whole(b"<html>Please log in</html>" * 9),
    "endless body": lambda body, _: chain([head(None)], repeat(body + bytes(2**16))),
    "a bomb of 256 MB": lambda body, _: whole(gzip.compress(gzip.decompress(body) + bytes(2**28), 1, mtime=0)),
    "stall": lambda body, _: chain([head(len(body)), body[:10]], (time.sleep(5) or b"x" for _ in range(1))),
    "a byte now and then": lambda body, _: chain([head(len(body))], slowly(bytes([one]) for one in body * 1000)),
    "headers, a byte now and then": lambda *_: chain([b"HTTP/1.1 200 OK\r\nX-Slow: "], slowly(repeat(b"x"))),
    "redirect to itself": lambda _, path: redirect(path),
    "reset half-way": lambda body, _: [head(len(body)), body[: len(body) // 2], RESET],
    "a length too large": lambda body, _: [head(len(body) + 7), body],
    "an absurd length": lambda body, _: chain([head(2**62)], repeat(body + bytes(2**16))),
    "trailers without end": lambda body, _: chain([CHUNKED, b"%x\r\n%s\r\n0\r\n" % (len(body), body)], repeat(LINE)),
    "chunk extensions without end": lambda *_: chain([CHUNKED], repeat(b"1;x=" + b"x" * 60_000 + b"\r\nx\r\n")),
    "header lines without end": lambda *_: chain([b"HTTP/1.1 200 OK\r\n"], repeat(LINE)),
    "100 Continue at full speed": lambda *_: repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 2000),
    "a redirect with an endless body": lambda body, path: redirect(path, repeat(body + bytes(2**16)), None),
    "empty gzip members": lambda *_: whole(EMPTY * ((FASHION.largest_download - 10_000) // len(EMPTY))),
    "half a body, no length": lambda body, _: [head(None), body[: len(body) // 2]],
    "another protocol": lambda *_: [b"HTTP/2.0 Hello\r\n\r\n"],
    "404": lambda *_: [head(0, b"404 Not Found")],
    **{
        f"redirect to {address}": lambda *_, address=address: redirect(address.encode())
        for address in (
            "ftp://127.0.0.1/x.gz",
            "http://127.0.0.1:1/x.gz",
            "http://127.0.0.1:99999/",
            "http://u:secret@127.0.0.1/",
        )
    },
}
"""By the name of a fault, the pieces of the answer for a body and the path that was asked; the first is correct."""


class Handler(http.server.BaseHTTPRequestHandler):
    """Answer with the fault that the path selects."""

    content: dict[str, bytes]
    requests: list[str]  # the names that were asked for, where the server runs in this process
    sent: mmap.mmap  # the number of bytes sent with each fault, in memory shared with the attacking process

    def do_GET(self) -> None:
        _, fault, name = self.path.split("/")
        self.requests.append(name)
        self.close_connection = True
        here = slice(8 * int(fault), 8 * int(fault) + 8)
        with suppress(OSError):
            for piece in list(FAULTS.values())[int(fault)](self.content.get(name, b""), self.path.encode()):
                if piece == RESET:
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()
                self.wfile.write(piece)
                self.sent[here] = (int.from_bytes(self.sent[here], "little") + len(piece)).to_bytes(8, "little")

    def log_message(self, *_: object) -> None:
        """Print nothing."""


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


def prepared(content: dict[str, bytes]) -> Server:
    """Return a server of these files, by name, that does not run yet."""
    Handler.content, Handler.requests, Handler.sent = content, [], mmap.mmap(-1, 8 * len(FAULTS))
    return Server(("127.0.0.1", 0), Handler)


@contextmanager
def serving_here(content: dict[str, bytes]) -> Iterator[Address]:
    """Serve files in a thread of this process, where ``Handler.requests`` tells what was asked for."""
    with prepared(content) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield Address(f"http://127.0.0.1:{server.server_address[1]}", Handler.sent)
        server.shutdown()
        thread.join()


@contextmanager
def serving(folder: Path, certificate: Path | None = None) -> Iterator[Address]:
    """Serve the IDX files of a folder gzipped, over https if there is a certificate."""
    server = prepared({f"{name}.gz": gz((folder / name).read_bytes()) for name in FASHION.file_names.values()})
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
