"""A mirror on this machine for the tests of downloads; it can misbehave."""

import gzip
import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


def gz(data: bytes) -> bytes:
    """Gzip without the time of day, so that a test has the same name whenever it is collected."""
    return gzip.compress(data, mtime=0)


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves `content`, or misbehaves as `fault` says."""

    content: dict[str, bytes]
    fault = ""
    requests: list[str]

    def do_GET(self) -> None:
        name = self.path.rsplit("/", 1)[-1]
        self.requests.append(name)
        body = self.content.get(name, b"")
        if self.fault == "404":
            self.send_error(404)
            return
        if self.fault == "other protocol":
            self.wfile.write(b"HTTP/2.0 Hello\r\n\r\n")
            return
        if self.fault.startswith("redirect to "):
            self.send_response(302)
            self.send_header("Location", self.fault.removeprefix("redirect to "))
            self.end_headers()
            return
        if self.fault == "redirect":
            self.send_response(302)
            self.send_header("Location", f"ftp://127.0.0.1/{name}")
            self.end_headers()
            return
        if self.fault == "drip":
            self._write_for_ever(b"x", 0.02)
            return
        body = {"tampered": body[:-30] + b"x" * 30, "html": b"<html>Log in</html>"}.get(self.fault, body)
        self.send_response(200)
        if self.fault not in ("short, no length", "endless"):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.fault == "stall":
            time.sleep(1)
        elif self.fault == "endless":
            self._write_for_ever(bytes(2**16), 0)
        else:
            self.wfile.write(body[: len(body) // 2] if self.fault.startswith("short") else body)

    def _write_for_ever(self, piece: bytes, pause: float) -> None:
        try:
            while True:
                self.wfile.write(piece)
                time.sleep(pause)
        except OSError:
            pass

    def log_message(self, *_arguments) -> None:
        """Say nothing."""


@contextmanager
def serving(content: dict[str, bytes]) -> Iterator[str]:
    """Serve these files; yield the address."""
    Handler.content, Handler.fault, Handler.requests = content, "", []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}/mnist"
        running.shutdown()
        thread.join()
