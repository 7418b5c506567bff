"""Fetch from servers that misbehave, twice at once, killed half-way, and where no mirror answers."""

import os
import random
import re
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from pathlib import Path

from support import with_content_of

from nndigits.stages.datasets import registry
from nndigits.stages.datasets.registry import FASHION
from nndigits.stages.downloads import download
from torture.commands.servers import FAULTS, Address, serving
from torture.files.data_sets import document
from torture.harness.folders import contents, tiny_files, warm
from torture.harness.results import Result, Size, all_of, at_most
from torture.harness.run import Child, nothing, run_in_parallel

SECTION = "E"
ROUNDS = {"gate": 5, "long": 100}
SILENCE, SLOWEST = 0.3, 1.2  # seconds instead of 10 and 300, to keep the tests short
SPARE = 1.0  # seconds
BYTES = FASHION.largest_download + 8_000_000  # the buffers of the system take more than the limit
MEGABYTES = 64
NEEDS_TLS = "redirect from https to http"
Before = Callable[[], None]


def results(size: Size) -> Iterator[Result]:
    """Serve a tiny data set that passes for Fashion-MNIST, correctly and with each fault."""
    warm()
    rng = random.Random(4)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        files = tiny_files(place / "mine")
        before = pass_for_fashion(files)
        with serving(files) as server:
            yield from _faults(place, server, before)
            yield _addresses(place, before)
            fetch(place, "good", server.of(""), before).wait()
            yield _two_at_once(place, server, before, ROUNDS[size])
            yield _killed(place, server, before, ROUNDS[size], rng)
            yield _warm_cache(place, server, before)
        yield _encrypted(place, files, before)
    yield _mirrors()


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
    starts = [partial(fetch, place, f"fault-{fault}", server.of(fault), before) for fault in faults]
    wrong: list[str] = []
    ended = {str(child.arguments[4]): child.outcome for child in run_in_parallel(starts, 40, workers=3)}
    outcomes = [ended[server.of(fault)] for fault in faults]
    for fault, outcome in zip(faults, outcomes, strict=True):
        left = kept(place / f"fault-{fault}")
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
    return all_of(SECTION, what, good, len(ADDRESSES))


def _two_at_once(place: Path, server: Address, before: Before, rounds: int) -> Result:
    good = contents(place / "good")
    right = 0
    for number in range(rounds):
        name = f"twice-{number}"
        both = [fetch(place, name, server.of(""), before) for _ in range(2)]
        codes = [child.wait().code for child in both]
        right += codes == [0, 0] and contents(place / name) == good
    return all_of(SECTION, "two fetches at once: one good file", right, rounds)


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
    return all_of(SECTION, what, right, rounds)


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


DEAD = ("http://127.0.0.1:1/", "http://127.0.0.1:1/other/", "http://127.0.0.1:2/")
PAIRED = ("404", "HTML under 200", "one bit changed", "redirect to ftp")
GIVEN = ("--validation", "7", "--more", "my drawings.json", "-o", "my data.npz")
MOST = 480
"""Characters of the line, of which the command takes some 110."""


def _mirrors() -> Result:
    """Ask for every known set where no mirror answers, and for one set from pairs of mirrors that fail differently."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = tiny_files(folder / "mine")
        (folder / "my drawings.json").write_bytes(document())
        before, good, total = pass_for_fashion(files), 0, 0
        mirrored = (known for known in registry.KNOWN_SETS if known.mirrors)
        others = [known.name for known in mirrored if not any(map(os.path.isdir, known.folders))]
        for dataset, count in product(others, range(1, len(DEAD) + 1)):
            child = _fetch(folder, dataset, DEAD[:count])
            good, total = good + _is_short(child, dataset, "connection refused", folder), total + 1
        with serving(files) as server:
            for pair in product(PAIRED, PAIRED):
                child = _fetch(folder, "fashion-mnist", [server.of(fault) for fault in pair], before)
                good, total = good + _is_short(child, "fashion-mnist", "127.0.0.1", folder), total + 1
    what = "sets that no mirror has: one short line, each reason once, all flags"
    return all_of(SECTION, what, good, total)


def _fetch(folder: Path, dataset: str, mirrors: Sequence[str], before: Before = nothing) -> str:
    """Return what a fetch from these mirrors says on stderr, with its exit code in front."""
    asked = [word for mirror in mirrors for word in ("--mirror", mirror)]
    outcome = Child(["fetch", "--dataset", dataset, *asked, *GIVEN], folder, before=before).wait(20)
    return f"{outcome.code} {outcome.err}"


def _is_short(said: str, dataset: str, word: str, folder: Path) -> bool:
    """Return whether a failed fetch said once what failed and what to type, and wrote nothing."""
    reasons = re.findall(r"\(([^()]+)\)", said)
    command = shlex.split("".join(re.findall(r"`(nn fetch [^`]*)`\n\Z", said)))
    good = (
        said.startswith("1 nn: ")
        and said.count("\n") == 1
        and len(said) <= MOST
        and word in said
        and len(set(reasons)) == len(reasons) > 0
        and command == ["nn", "fetch", "--dataset", dataset, "--from", "FOLDER", *GIVEN]
        and not (folder / "my data.npz").exists()
    )
    if not good:
        print(f"     {dataset}: {said!r}"[:500])
    return good
