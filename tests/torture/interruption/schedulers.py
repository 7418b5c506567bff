"""Peers that are no honest scheduler: each is one line, in little time and memory."""

import importlib.util
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nndigits.stages.workers import cluster_connection
from torture.harness.folders import digits
from torture.harness.results import Result, Size, all_of, at_most
from torture.harness.run import run

SECTION = "G"
TOLD, ENDED, SECONDS = 0.5, 2.0, 20.0
"""Seconds until the wait is told and ends, instead of 10 and 60, and until the command must have ended."""

MEGABYTES = 400
LENGTH = (3 * 2**30).to_bytes(8, "little")

PEERS: dict[str, Callable[[socket.socket], object]] = {
    "accepts and says nothing": lambda peer: time.sleep(2 * SECONDS),
    "closes at once": lambda peer: peer.close(),
    "announces 3 GiB": lambda peer: (peer.sendall(LENGTH), time.sleep(2 * SECONDS)),
    "announces 3 GiB in a frame": lambda peer: (peer.sendall(frames(3 * 2**30)), time.sleep(2 * SECONDS)),
    "sends zeros without end": lambda peer: [peer.sendall(bytes(2**16)) for _ in range(2**20)],
    "a byte now and then": lambda peer: [(peer.sendall(b"\0"), time.sleep(0.1)) for _ in range(100)],
    "speaks HTTP": lambda peer: peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    "says that it is a list": lambda peer: (peer.sendall(frames(3) + b"\x92\x01\x02"), time.sleep(2 * SECONDS)),
}


def frames(length: int) -> bytes:
    """Return the beginning of a message of Dask with one frame of a length."""
    body = (1).to_bytes(8, "little") + length.to_bytes(8, "little")
    return len(body).to_bytes(8, "little") + body


def results(_: Size) -> Iterator[Result]:
    """Connect to each peer: three results."""
    if importlib.util.find_spec("distributed") is None:
        yield Result(SECTION, "peers that are no scheduler", "distributed is not installed", "all", met=None)
        return
    wrong, longest, most = [], 0.0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = digits(Path(name))
        for what, answer in PEERS.items():
            with listening(answer) as port:
                words = ("sweep", "--data", "data.npz", "--epochs", "1", "--on", f"tcp://127.0.0.1:{port}", "-o", "s")
                done = run(words, folder, seconds=2 * SECONDS, before=in_short)
            lines = [line for line in done.err.splitlines() if "can run code as you" not in line]
            told = what.startswith("accepts") + 1
            if done.code != 1 or len(lines) > 2 or len(lines) < told or "Traceback" in done.err:
                wrong.append(f"{what}: {done.code}, {done.err[-400:]!r}")
            longest, most = max(longest, done.seconds), max(most, done.peak)
    yield all_of(SECTION, "peers that are no scheduler: exit 1, one line", len(PEERS) - len(wrong), len(PEERS), wrong)
    yield at_most(SECTION, "the slowest of them, with 2 s instead of a minute", longest, "s", SECONDS)
    yield at_most(SECTION, "peers that are no scheduler: memory in all", most / 1e6, "MB", MEGABYTES)


def in_short() -> None:
    """Wait for seconds in place of a minute."""
    cluster_connection.TO_TELL, cluster_connection.TO_GIVE_UP, cluster_connection.TO_CONNECT = TOLD, ENDED, ENDED


@contextmanager
def listening(answer: Callable[[socket.socket], object]) -> Iterator[int]:
    """Answer each connection in a thread; yield the port."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=one, args=(server.accept()[0],), daemon=True).start()

    def one(peer: socket.socket) -> None:
        with suppress(OSError), peer:
            answer(peer)

    threading.Thread(target=serve, daemon=True).start()
    with server:
        yield server.getsockname()[1]
