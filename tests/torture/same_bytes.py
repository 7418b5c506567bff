"""The same bytes from every stage, whatever surrounds it; nothing in them of the clock, the machine or the folder."""

import getpass
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from support import REPOSITORY
from support import command as installed

from nn.stages.store import artifacts
from torture.figures import Figure, Size, of

SECTION = "D"

MNIST = REPOSITORY.parent / "shared" / "datasets" / "mnist"
KERNELS = ("Prescott", "Nehalem", "Sandybridge", "Haswell", "SkylakeX")
APART = 5  # of 10,000 test images


class Place(NamedTuple):
    """What surrounds a run."""

    what: str
    environment: dict[str, str]
    threads: int = 2
    days: int = 0
    umask: int = 0o022
    folder: str = "plain"
    processors: int = 0


ALL = {
    "PYTHONHASHSEED": "1",
    "OPENBLAS_NUM_THREADS": "8",
    "OMP_NUM_THREADS": "4",
    "TZ": "Asia/Tokyo",
    "LC_ALL": "tr_TR.UTF-8",
    "LANG": "tr_TR.UTF-8",
    "USER": "somebody",
    "LOGNAME": "somebody",
    "COLUMNS": "50",
}

PLACES = {
    "gate": (
        Place("two runs", {}),
        Place("all at once", ALL, threads=4, days=1, umask=0o077, folder="ein Ordner/ü", processors=1),
    ),
    "long": (
        Place("two runs", {}),
        *(Place(f"hash seed {seed}", {"PYTHONHASHSEED": seed}) for seed in ("1", "2", "random")),
        *(Place(f"OPENBLAS_NUM_THREADS {n}", {"OPENBLAS_NUM_THREADS": n}) for n in ("1", "2", "8")),
        *(Place(f"OMP_NUM_THREADS {n}", {"OMP_NUM_THREADS": n}) for n in ("1", "4")),
        *(Place(f"{n} workers", {}, threads=n) for n in (1, 4)),
        *(Place(f"language {name}", {"LC_ALL": name, "LANG": name}) for name in ("C", "tr_TR.UTF-8", "de_DE.UTF-8")),
        *(Place(f"time zone {zone}", {"TZ": zone}) for zone in ("Asia/Tokyo", "America/St_Johns")),
        *(Place(f"umask {mask:03o}", {}, umask=mask) for mask in (0o002, 0o077)),
        Place("another folder", {}, folder="ein Ordner/ü"),
        Place("a day later", {}, days=1),
        Place("one processor", {}, processors=1),
        Place("all at once", ALL, threads=4, days=1, umask=0o077, folder="ein Ordner/ü", processors=1),
    ),
}


def figures(size: Size) -> Iterator[Figure]:
    """Run the pipeline in each place, and set the bytes side by side."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        first = Place("the first run", {})
        usual = _files(first, base / "first")
        places = PLACES[size]
        with ThreadPoolExecutor(2) as pool:
            others = list(pool.map(lambda item: _files(item[1], base / str(item[0])), enumerate(places)))
        different = {
            file for other in others for file in usual.keys() | other.keys() if usual.get(file) != other.get(file)
        }
        for place, other in zip(places, others, strict=True):
            if other != usual:
                print(f"     {place.what}: {sorted(file for file in usual if usual[file] != other.get(file))}")
        what = f"files with one sha256 in {len(places) + 1} surroundings"
        yield Figure(SECTION, what, of(len(usual) - len(different), len(usual)), "all", not different)
        personal = sorted(_personal(base / "first" / first.folder))
        for line in personal:
            print(f"     {line}")
        what = "files that hold a date, a host's or a user's name, or a folder"
        yield Figure(SECTION, what, str(len(personal)), "0", not personal)
        if size == "long":
            yield from _kernels(base)


def _files(place: Place, base: Path) -> dict[str, str]:
    """The files of the pipeline in a place, by their sha256."""
    allowed = sorted(os.sched_getaffinity(0))[: place.processors or None] if hasattr(os, "sched_getaffinity") else []

    def before() -> None:
        os.umask(place.umask)
        if allowed:
            os.sched_setaffinity(0, allowed)

    done = subprocess.run(
        [sys.executable, "-m", "torture.pipeline", str(base / place.folder), str(place.threads), str(place.days)],
        cwd=REPOSITORY / "tests",
        env={**os.environ, "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", **place.environment},
        preexec_fn=before,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{place.what}: {done.stderr[-500:]}")
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def _personal(folder: Path) -> Iterator[str]:
    """What a file tells of who made it, where and when."""
    names = {str(folder), str(Path.home()), socket.gethostname(), getpass.getuser()} - {"root", "localhost", "/"}
    words = [re.escape(name) for name in names if len(name) > 3]
    told = re.compile("|".join([*words, r"\b20[2-9][0-9]-[01][0-9]-[0-3][0-9]\b"]).encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "timings.csv" and (found := told.search(path.read_bytes())):
            yield f"{path.name}: {found[0]!r}"


def _kernels(base: Path) -> Iterator[Figure]:
    """The book's network on MNIST by each of OpenBLAS's kernels: read and learned."""
    read = f"the same weights read by {len(KERNELS)} kernels of BLAS: right of MNIST's 10,000"
    learned = "the book's network learned by each of them, an epoch in float64: right, and different weights"
    if not MNIST.exists():
        for what in (read, learned):
            yield Figure(SECTION, what, "MNIST is not here", "close", met=None)
        return
    _nn("SkylakeX", "fetch", "--from", MNIST, "-o", base / "data.npz")
    flags = ("--epochs", "1", "--dtype", "float64", "--data", base / "data.npz")
    for kernel in KERNELS:
        _nn(kernel, "train", *flags, "-o", base / kernel / "weights.npz")
    counts = [_right(base, kernel, of=KERNELS[-1]) for kernel in KERNELS]
    found = f"{min(counts)} to {max(counts)}"
    yield Figure(SECTION, read, found, f"{APART} apart", met=max(counts) - min(counts) <= APART)
    counts = [_right(base, kernel, of=kernel) for kernel in KERNELS]
    weights = {artifacts.load(base / kernel / "weights.npz").arrays["weights_1"].tobytes() for kernel in KERNELS}
    found = f"{min(counts)} to {max(counts)}, {len(weights)} different"
    yield Figure(SECTION, learned, found, f"{APART} apart", met=max(counts) - min(counts) <= APART)


def _right(base: Path, kernel: str, *, of: str) -> int:
    """How many test images are read right by a kernel, with the weights that another has learned, or the same."""
    _nn(kernel, "eval", "--data", base / "data.npz", "--weights", base / of / "weights.npz", "-o", base / "eval.json")
    return int(json.loads((base / "eval.json").read_text())["correct"])


def _nn(kernel: str, *arguments: str | Path) -> None:
    """Run the installed command with one of OpenBLAS's kernels."""
    command = [installed(), *map(str, arguments), "-q"]
    subprocess.run(command, env={**os.environ, "OPENBLAS_CORETYPE": kernel}, check=True, capture_output=True)
