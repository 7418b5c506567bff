"""Fetching from servers that misbehave, into caches that are damaged, twice at once, and with no network at all."""

import gzip
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from support import with_content_of

from nn.stages.datasets import download, known_sets
from nn.stages.datasets.known_sets import MNIST
from torture.children import Child
from torture.figures import Figure, Size, of
from torture.places import contents, leftovers, tiny_files, warm
from torture.servers import FAULTS, Address, serving

SECTION = "E"

ROUNDS = {"gate": 5, "long": 100}
SILENCE, SLOWEST = 0.3, 1.2  # seconds in place of 10 and 300, so that the bounds can be waited for
SPARE = 1.0  # seconds
BYTES = MNIST.largest_download + 8_000_000  # what the system's own buffers take beyond
MEMORY = 64 << 20

NEEDS_TLS = "redirect from https to http"

Before = Callable[[], None]


def figures(size: Size) -> Iterator[Figure]:
    """Serve a tiny set that passes for MNIST, rightly and wrongly."""
    warm()
    rng = random.Random(4)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        files = tiny_files(place / "mine")
        before = pretending(files)
        with serving(files) as server:
            yield from _faults(place, server, before)
            yield _damaged_caches(place, server, before)
            yield _two_at_once(place, server, before, ROUNDS[size])
            yield _killed(place, server, before, ROUNDS[size], rng)
            yield _warm_cache(place, server, before)
        yield _encrypted(place, files, before)


def pretending(files: Path) -> Before:
    """What lets a child take these files for MNIST, and lose its patience sooner."""
    known = with_content_of(files, MNIST)

    def before() -> None:
        known_sets.KNOWN_SETS = (known,)
        download.TIMEOUT, download.DEADLINE = SILENCE, SLOWEST

    return before


def fetch(place: Path, name: str, mirror: str, before: Before) -> Child:
    """Start a fetch in a folder, new or not."""
    folder = place / name
    folder.mkdir(exist_ok=True)
    return Child(["fetch", "--dataset", "mnist", "--mirror", mirror, "-o", "data.npz"], folder, before=before)


def kept(folder: Path) -> list[str]:
    """What a fetch left in its folder, and in its cache."""
    return sorted(contents(folder))


def _faults(place: Path, server: Address, before: Before) -> Iterator[Figure]:
    usual = fetch(place, "usual", server.of(""), before).wait().peak
    wrong, slowest, most, peak, total = [], 0.0, 0, 0, 0
    for fault in FAULTS:
        if fault and fault != NEEDS_TLS:
            server.count()
            folder = place / f"fault-{total}"
            ended = fetch(place, folder.name, server.of(fault), before).wait(20)
            sent, total = server.count(), total + 1
            slowest, most, peak = max(slowest, ended.seconds), max(most, sent), max(peak, ended.peak - usual)
            one_line = len(ended.err.splitlines()) <= 2 and "Traceback" not in ended.err  # a note, and the error
            if ended.code != 1 or kept(folder) or not one_line:
                wrong.append(f"{fault}: {ended.code}, {kept(folder)}, {ended.err!r}")
            if fault == "one bit changed" and not ("sha256" in ended.err and "expected" in ended.err):
                wrong.append(f"{fault}: does not show both hashes")
    for line in wrong:
        print(f"     {line}")
    what = f"{total} servers that misbehave: exit 1, nothing kept"
    yield Figure(SECTION, what, of(total - len(wrong), total), "all", met=not wrong)
    bound = SLOWEST + SILENCE + SPARE
    what = f"the longest of them (patience {SILENCE} s, {SLOWEST} s in all)"
    yield Figure(SECTION, what, f"{slowest:.1f} s", f"{bound:.1f} s", met=slowest < bound)
    yield Figure(SECTION, "bytes sent by an endless body", f"{most:,}", f"{BYTES:,}", met=most < BYTES)
    yield Figure(SECTION, "memory beyond a good fetch's", f"{peak >> 20} MB", f"{MEMORY >> 20} MB", met=peak < MEMORY)


def _damaged_caches(place: Path, server: Address, before: Before) -> Figure:
    """Each file of a cache damaged in each way: downloaded again where it can be, and never used."""
    fetch(place, "good", server.of(""), before).wait()
    good = contents(place / "good")
    total = right = 0
    for file in MNIST.file_names.values():
        for damage in DAMAGES:
            for mirror, code in ((server.of(""), 0), ("http://127.0.0.1:1", 1)):
                folder = place / "damaged"
                shutil.rmtree(folder, ignore_errors=True)
                shutil.copytree(place / "good" / "cache", folder / "cache")
                damage(folder / "cache" / "nn-digits" / f"{file}.gz")
                ended = fetch(place, folder.name, mirror, before).wait(20)
                is_right = contents(folder) == good if code == 0 else not (folder / "data.npz").exists()
                total, right = total + 1, right + (ended.code == code and is_right and not leftovers(folder))
    what = "damaged caches, with a mirror and without: mended, or exit 1"
    return Figure(SECTION, what, of(right, total), "all", met=right == total)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def _changed(path: Path) -> None:
    content = bytearray(gzip.decompress(path.read_bytes()))
    content[-1] ^= 1
    path.write_bytes(gzip.compress(bytes(content), mtime=0))


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _gone(path: Path) -> None:
    path.unlink()


DAMAGES = (_cut, _changed, _emptied, _gone)


def _two_at_once(place: Path, server: Address, before: Before, rounds: int) -> Figure:
    good = contents(place / "good")
    right = 0
    for number in range(rounds):
        name = f"twice-{number}"
        both = [fetch(place, name, server.of(""), before) for _ in range(2)]
        codes = [child.wait().code for child in both]
        right += codes == [0, 0] and contents(place / name) == good
    return Figure(SECTION, "two fetches at once: one good file", of(right, rounds), "all", met=right == rounds)


def _killed(place: Path, server: Address, before: Before, rounds: int, rng: random.Random) -> Figure:
    """Kill a fetch at a random moment; what it kept is right, and the next one ends well."""
    good = contents(place / "good")
    right = 0
    for number in range(rounds):
        name = f"killed-{number}"
        child = fetch(place, name, server.of(""), before)
        moment = rng.uniform(0, 0.1)
        while child.seconds < moment and not child.look():
            pass
        child.send(signal.SIGKILL)
        child.wait()
        folder = place / name
        is_right = all(good[file] == digest for file, digest in contents(folder).items() if not file.endswith(".tmp"))
        right += is_right and fetch(place, name, server.of(""), before).wait().code == 0 and contents(folder) == good
    what = "killed at a random moment, then fetched again: the same bytes"
    return Figure(SECTION, what, of(right, rounds), "all", met=right == rounds)


def _warm_cache(place: Path, server: Address, before: Before) -> Figure:
    def blocked() -> None:
        before()

        class Blocked(socket.socket):
            def __init__(self, *_: object, **__: object) -> None:
                os._exit(77)

        socket.socket = Blocked  # type: ignore[misc]

    (place / "good" / "data.npz").unlink()
    ended = [fetch(place, "good", server.of(""), blocked).wait(), fetch(place, "cold", server.of(""), blocked).wait()]
    codes = [one.code for one in ended]
    return Figure(
        SECTION,
        "a warm cache opens no socket (a cold one does)",
        f"exit {codes[0]} ({codes[1]})",
        "0 (77)",
        codes == [0, 77],
    )


def _encrypted(place: Path, files: Path, before: Before) -> Figure:
    what = "over https: fetched, and not led from there to http"
    if shutil.which("openssl") is None:
        return Figure(SECTION, what, "there is no openssl here", "exit 0, exit 1", met=None)
    certificate = place / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", certificate, "-out", place / "public.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    public = (place / "public.pem").read_text()
    certificate.write_text(certificate.read_text() + public)

    def trusting() -> None:
        before()
        os.environ["SSL_CERT_FILE"] = str(place / "public.pem")

    with serving(files, certificate) as server:
        whole = fetch(place, "tls", server.of(""), trusting).wait()
        led = fetch(place, "tls-led", server.of(NEEDS_TLS), trusting).wait()
        strange = fetch(place, "tls-strange", server.of(""), before).wait()
    codes = (whole.code, led.code, strange.code)
    met = codes == (0, 1, 1) and "redirects to http" in led.err and "certificate" in strange.err
    return Figure(SECTION, f"{what}, nor where the certificate is unknown", f"exit {codes}", "exit (0, 1, 1)", met)
