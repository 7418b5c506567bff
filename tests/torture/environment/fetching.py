"""Fetch from servers that misbehave, into damaged caches, twice at once, and without a network."""

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

from nndigits.stages.datasets import known_sets
from nndigits.stages.datasets.registry import MNIST
from nndigits.stages.downloads import download
from torture.environment.servers import FAULTS, Address, serving
from torture.harness.child import Child
from torture.harness.folders import contents, leftovers, tiny_files, warm
from torture.harness.results import Result, Size, of

SECTION = "E"

ROUNDS = {"gate": 5, "long": 100}
SILENCE, SLOWEST = 0.3, 1.2  # seconds instead of 10 and 300, to keep the tests short
SPARE = 1.0  # seconds
BYTES = MNIST.largest_download + 8_000_000  # the buffers of the system take more than the limit
MEMORY = 64 << 20

NEEDS_TLS = "redirect from https to http"

Before = Callable[[], None]


def results(size: Size) -> Iterator[Result]:
    """Serve a tiny data set that passes for MNIST, correctly and with each fault."""
    warm()
    rng = random.Random(4)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        files = tiny_files(place / "mine")
        before = pass_for_mnist(files)
        with serving(files) as server:
            yield from _faults(place, server, before)
            yield _addresses(place, before)
            yield _damaged_caches(place, server, before)
            yield _obstructed_caches(place, server, before)
            yield _two_at_once(place, server, before, ROUNDS[size])
            yield _killed(place, server, before, ROUNDS[size], rng)
            yield _warm_cache(place, server, before)
        yield _encrypted(place, files, before)


def pass_for_mnist(files: Path) -> Before:
    """Return a function after which a child accepts these files as MNIST, and has short timeouts."""
    known = with_content_of(files, MNIST)

    def before() -> None:
        known_sets.KNOWN_SETS = (known,)
        download.TIMEOUT, download.DEADLINE = SILENCE, SLOWEST

    return before


def fetch(place: Path, name: str, mirror: str, before: Before) -> Child:
    """Start a fetch in a folder, which may exist."""
    folder = place / name
    folder.mkdir(exist_ok=True)
    return Child(["fetch", "--dataset", "mnist", "--mirror", mirror, "-o", "data.npz"], folder, before=before)


def kept(folder: Path) -> list[str]:
    """Return the files that a fetch left in its folder and its cache."""
    return sorted(contents(folder))


def _faults(place: Path, server: Address, before: Before) -> Iterator[Result]:
    usual = fetch(place, "usual", server.of(""), before).wait().peak
    wrong, slowest, most_sent, peak, total = [], 0.0, 0, 0, 0
    for fault in FAULTS:
        if fault and fault != NEEDS_TLS:
            server.count()
            folder = place / f"fault-{total}"
            outcome = fetch(place, folder.name, server.of(fault), before).wait(20)
            sent, total = server.count(), total + 1
            slowest, most_sent, peak = (
                max(slowest, outcome.seconds),
                max(most_sent, sent),
                max(peak, outcome.peak - usual),
            )
            errors = sum(line.startswith("nn: ") for line in outcome.err.splitlines())  # the rest is a note
            one_line = errors == 1 and "Traceback" not in outcome.err
            if outcome.code != 1 or kept(folder) or not one_line:
                wrong.append(f"{fault}: {outcome.code}, {kept(folder)}, {outcome.err!r}")
            if fault == "one bit changed" and not ("sha256" in outcome.err and "expected" in outcome.err):
                wrong.append(f"{fault}: does not show both hashes")
    for line in wrong:
        print(f"     {line}")
    what = f"{total} servers that misbehave: exit 1, nothing kept"
    yield Result(SECTION, what, of(total - len(wrong), total), "all", met=not wrong)
    bound = SLOWEST + SILENCE + SPARE
    what = f"the slowest of them (timeouts: {SILENCE} s of silence, {SLOWEST} s in all)"
    yield Result(SECTION, what, f"{slowest:.1f} s", f"{bound:.1f} s", met=slowest < bound)
    yield Result(SECTION, "bytes sent by an endless body", f"{most_sent:,}", f"{BYTES:,}", met=most_sent < BYTES)
    yield Result(
        SECTION, "memory beyond that of a normal fetch", f"{peak >> 20} MB", f"{MEMORY >> 20} MB", met=peak < MEMORY
    )


ADDRESSES = (
    "", "foo", "//", "http:", "http://", "http:///x", "ftp://x/", "file:///etc/passwd", "javascript:1", "http://h:99999/",
    "http://h:0/", "http://h:-1/", "http://h:1e3/", "http://[::1/", "http://[x]/", "http://u:SECRET@h/", "http://SECRET@/",
    "http://h/\n", "http://h/ x", "http://\x1b[31m/", "http://\u202eh/", "http://caf\xe9/", "http://\uff0e/", "http://a..b/",
    f"http://{'x' * 300}/", f"http://h/{'x' * 10**5}", "https://" + "u:SECRET@" * 1000, "%",
)  # fmt: skip


def _addresses(place: Path, before: Before) -> Result:
    """Name texts that are no addresses of a mirror: a wrong argument, in one short line without their passwords."""
    good = 0
    for number, address in enumerate(ADDRESSES):
        outcome = fetch(place, f"address-{number}", address, before).wait(20)
        is_short = len(outcome.err) < 1000 and "SECRET" not in outcome.err and outcome.is_one_line("nn: ")
        good += outcome.code == 2 and is_short and not kept(place / f"address-{number}")
        if outcome.code != 2 or not is_short:
            print(f"     {address[:60]!r}: {outcome.code}, {outcome.err[:200]!r}")
    what = "texts that are no addresses of a mirror: exit 2, one short line"
    return Result(SECTION, what, of(good, len(ADDRESSES)), "all", met=good == len(ADDRESSES))


def _damaged_caches(place: Path, server: Address, before: Before) -> Result:
    """Damage each file of a cache in each way: it is downloaded again or refused, and never used."""
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
                outcome = fetch(place, folder.name, mirror, before).wait(20)
                is_right = contents(folder) == good if code == 0 else not (folder / "data.npz").exists()
                total, right = total + 1, right + (outcome.code == code and is_right and not leftovers(folder))
    what = "damaged caches, with and without a mirror: repaired, or exit 1"
    return Result(SECTION, what, of(right, total), "all", met=right == total)


def _obstructed_caches(place: Path, server: Address, before: Before) -> Result:
    """Put something else at the place of a cached file, or beside it: the data set is right, and the note says what."""
    good = contents(place / "good")["data.npz"]
    total = right = 0
    for obstruct, needs_mirror in OBSTACLES:
        for name in ("train_images", "test_labels"):
            folder = place / "obstructed"
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(place / "good" / "cache", folder / "cache")
            file = folder / "cache" / "nn-digits" / f"{MNIST.file_names[name]}.gz"
            persons = obstruct(file)
            kind = persons.lstat().st_mode
            outcome = fetch(place, folder.name, server.of("") if needs_mirror else "http://127.0.0.1:1", before).wait(
                20
            )
            is_right = outcome.code == 0 and contents(folder).get("data.npz") == good and not leftovers(folder)
            is_kept = persons.is_symlink() or persons.lstat().st_mode == kind
            total, right = total + 1, right + (is_right and is_kept and "cache: " in outcome.err)
            shutil.rmtree(folder)
    what = "pipes, folders, links, altered files in the cache: the right data, a note"
    return Result(SECTION, what, of(right, total), "all", met=right == total)


def _pipe(path: Path) -> Path:
    path.unlink()
    os.mkfifo(path)
    return path


def _folder(path: Path) -> Path:
    path.unlink()
    path.mkdir()
    (path / "mine").touch()
    return path


def _link_to_device(path: Path) -> Path:
    path.unlink()
    path.symlink_to("/dev/zero")
    return path


def _altered_beside(path: Path) -> Path:
    content = bytearray(gzip.decompress(path.read_bytes()))
    content[-1] ^= 1
    path.with_suffix("").write_bytes(content)
    return path.with_suffix("")


def _pipe_beside(path: Path) -> Path:
    os.mkfifo(path.with_suffix(""))
    return path.with_suffix("")


OBSTACLES: tuple[tuple[Callable[[Path], Path], bool], ...] = (
    (_pipe, True),
    (_folder, True),
    (_link_to_device, True),
    (_altered_beside, False),
    (_pipe_beside, False),
)
"""Functions that obstruct a cached file and return what a person made; whether the file must be downloaded again."""


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


def _two_at_once(place: Path, server: Address, before: Before, rounds: int) -> Result:
    good = contents(place / "good")
    right = 0
    for number in range(rounds):
        name = f"twice-{number}"
        both = [fetch(place, name, server.of(""), before) for _ in range(2)]
        codes = [child.wait().code for child in both]
        right += codes == [0, 0] and contents(place / name) == good
    return Result(SECTION, "two fetches at once: one good file", of(right, rounds), "all", met=right == rounds)


def _killed(place: Path, server: Address, before: Before, rounds: int, rng: random.Random) -> Result:
    """Kill a fetch at a random moment: its files are valid, and the next fetch succeeds."""
    good = contents(place / "good")
    right = 0
    for number in range(rounds):
        name = f"killed-{number}"
        child = fetch(place, name, server.of(""), before)
        child.run_for(rng.uniform(0, 0.1))
        child.send(signal.SIGKILL)
        child.wait()
        folder = place / name
        kept = {file: digest for file, digest in contents(folder).items() if not file.endswith((".tmp", ".lock"))}
        is_right = all(good.get(file) == digest for file, digest in kept.items())
        right += is_right and fetch(place, name, server.of(""), before).wait().code == 0 and contents(folder) == good
    what = "killed at a random moment, then fetched again: the same bytes"
    return Result(SECTION, what, of(right, rounds), "all", met=right == rounds)


def _warm_cache(place: Path, server: Address, before: Before) -> Result:
    def blocked() -> None:
        before()

        class Blocked(socket.socket):
            def __init__(self, *_: object, **__: object) -> None:
                os._exit(77)

        socket.socket = Blocked  # type: ignore[misc]

    (place / "good" / "data.npz").unlink()
    outcomes = [
        fetch(place, "good", server.of(""), blocked).wait(),
        fetch(place, "cold", server.of(""), blocked).wait(),
    ]
    codes = [one.code for one in outcomes]
    what = "a warm cache opens no socket (a cold one does)"
    return Result(SECTION, what, f"exit {codes[0]} ({codes[1]})", "0 (77)", codes == [0, 77])


def _encrypted(place: Path, files: Path, before: Before) -> Result:
    what = "https: fetched; no redirect to http, no unknown certificate"
    if shutil.which("openssl") is None:
        return Result(SECTION, what, "no openssl installed", "exit 0, exit 1", met=None)
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
        redirected = fetch(place, "tls-redirected", server.of(NEEDS_TLS), trusting).wait()
        unknown = fetch(place, "tls-unknown", server.of(""), before).wait()
    codes = (whole.code, redirected.code, unknown.code)
    met = codes == (0, 1, 1) and "redirects to http" in redirected.err and "certificate" in unknown.err
    return Result(SECTION, what, f"exit {codes}", "exit (0, 1, 1)", met)
