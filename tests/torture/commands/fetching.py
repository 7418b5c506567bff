"""Fetch from servers that misbehave, twice at once, and over https."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from support import with_content_of

from nndigits.stages.datasets import download, registry
from nndigits.stages.datasets.registry import FASHION
from torture.commands.servers import FAULTS, Address, serving
from torture.harness.folders import contents, tiny_files, warm
from torture.harness.results import Result, Size, all_of, at_most
from torture.harness.run import Child, run_in_parallel

SECTION = "E"
ROUNDS = {"gate": 5, "long": 100}
SILENCE, SLOWEST = 0.3, 1.2  # seconds instead of 10 and 300, to keep the tests short
SPARE = 1.0  # seconds
BYTES = FASHION.largest_download + 8_000_000  # the buffers of the system take more than the limit
MEGABYTES = 64
NEEDS_TLS = "redirect to http://127.0.0.1:1/x.gz"
Before = Callable[[], None]


def results(size: Size) -> Iterator[Result]:
    """Serve a tiny data set that passes for Fashion-MNIST, correctly and with each fault."""
    warm()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        files = tiny_files(place / "mine")
        before = pass_for_fashion(files)
        with serving(files) as server:
            yield from _faults(place, server, before)
            fetch(place, "good", server.of(""), before).wait()
            yield _two_at_once(place, server, before, ROUNDS[size])
        yield _encrypted(place, files, before)


def pass_for_fashion(files: Path) -> Before:
    """Return a function after which a child accepts these files as Fashion-MNIST, and has short timeouts."""
    known = with_content_of(files, FASHION)

    def before() -> None:
        registry.KNOWN_SETS = (known,)
        download.TIMEOUT, download.DEADLINE = SILENCE, SLOWEST

    return before


def fetch(place: Path, name: str, mirror: str, before: Before) -> Child:
    """Start a fetch in a folder, which may exist."""
    folder = place / name
    folder.mkdir(exist_ok=True)
    return Child(["fetch", "--dataset", "fashion-mnist", "--mirror", mirror, "-o", "data.npz"], folder, before=before)


def kept(folder: Path) -> list[str]:
    """Return the files that a fetch left in its folder and its cache."""
    return sorted(contents(folder))


def _faults(place: Path, server: Address, before: Before) -> Iterator[Result]:
    usual = fetch(place, "usual", server.of(""), before).wait().peak
    faults = [fault for fault in FAULTS if fault and fault != NEEDS_TLS]
    starts = [partial(fetch, place, f"fault-{number}", server.of(fault), before) for number, fault in enumerate(faults)]
    wrong: list[str] = []
    ended = {str(child.arguments[4]): child.outcome for child in run_in_parallel(starts, 40, workers=3)}
    outcomes = [ended[server.of(fault)] for fault in faults]
    for number, (fault, outcome) in enumerate(zip(faults, outcomes, strict=True)):
        left = kept(place / f"fault-{number}")
        errors = sum(line.startswith("nn: ") for line in outcome.err.splitlines())  # the rest is a note
        if outcome.code != 1 or left or errors != 1 or "Traceback" in outcome.err:
            wrong.append(f"{fault}: {outcome.code}, {left}, {outcome.err!r}")
        if fault == "one bit changed" and not ("sha256" in outcome.err and "expected" in outcome.err):
            wrong.append(f"{fault}: does not show both hashes")
    what = "servers that misbehave: exit 1, nothing kept"
    yield all_of(SECTION, what, len(faults) - len(wrong), len(faults), wrong)
    bound = SLOWEST + SILENCE + SPARE
    what = f"the slowest of them (timeouts: {SILENCE} s of silence, {SLOWEST} s in all)"
    yield at_most(SECTION, what, max(one.seconds for one in outcomes), "s", bound)
    sent = max(server.count(fault) for fault in faults) / 1e6
    yield at_most(SECTION, "sent by an endless body", sent, "MB", BYTES / 1e6)
    peak = (max(one.peak for one in outcomes) - usual) / 1e6
    yield at_most(SECTION, "memory beyond that of a normal fetch", peak, "MB", MEGABYTES)


def _two_at_once(place: Path, server: Address, before: Before, rounds: int) -> Result:
    good = contents(place / "good")
    right = 0
    for number in range(rounds):
        name = f"twice-{number}"
        both = [fetch(place, name, server.of(""), before) for _ in range(2)]
        codes = [child.wait().code for child in both]
        right += codes == [0, 0] and contents(place / name) == good
    return all_of(SECTION, "two fetches at once: one good file", right, rounds)


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
