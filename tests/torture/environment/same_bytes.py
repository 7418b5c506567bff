"""Run every stage in many environments: the same bytes, without a date, a host or user name, or a folder."""

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

from nndigits.stages.store import artifacts
from torture.harness.results import Result, Size, of

SECTION = "D"

MNIST = REPOSITORY.parent / "shared" / "datasets" / "mnist"
KERNELS = ("Prescott", "Nehalem", "Sandybridge", "Haswell", "SkylakeX")
APART = 5  # of 10,000 test images


class Environment(NamedTuple):
    """What can differ between two runs."""

    what: str
    variables: dict[str, str]
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
}

ENVIRONMENTS = {
    "gate": (
        Environment("two runs", {}),
        Environment("all at once", ALL, threads=4, days=1, umask=0o077, folder="ein Ordner/ü", processors=1),
    ),
    "long": (
        Environment("two runs", {}),
        *(Environment(f"hash seed {seed}", {"PYTHONHASHSEED": seed}) for seed in ("1", "2", "random")),
        *(Environment(f"OPENBLAS_NUM_THREADS {n}", {"OPENBLAS_NUM_THREADS": n}) for n in ("1", "2", "8")),
        *(Environment(f"OMP_NUM_THREADS {n}", {"OMP_NUM_THREADS": n}) for n in ("1", "4")),
        *(Environment(f"{n} workers", {}, threads=n) for n in (1, 4)),
        *(
            Environment(f"language {name}", {"LC_ALL": name, "LANG": name})
            for name in ("C", "tr_TR.UTF-8", "de_DE.UTF-8")
        ),
        *(Environment(f"time zone {zone}", {"TZ": zone}) for zone in ("Asia/Tokyo", "America/St_Johns")),
        *(Environment(f"umask {mask:03o}", {}, umask=mask) for mask in (0o002, 0o077)),
        Environment("another folder", {}, folder="ein Ordner/ü"),
        Environment("a day later", {}, days=1),
        Environment("one processor", {}, processors=1),
        Environment("all at once", ALL, threads=4, days=1, umask=0o077, folder="ein Ordner/ü", processors=1),
    ),
}


def results(size: Size) -> Iterator[Result]:
    """Run the pipeline in each environment, and compare the bytes."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        first = Environment("the first run", {})
        usual = _files(first, base / "first")
        environments = ENVIRONMENTS[size]
        with ThreadPoolExecutor(2) as pool:
            others = list(pool.map(lambda item: _files(item[1], base / str(item[0])), enumerate(environments)))
        different = {
            file for other in others for file in usual.keys() | other.keys() if usual.get(file) != other.get(file)
        }
        for environment, other in zip(environments, others, strict=True):
            if other != usual:
                print(f"     {environment.what}: {sorted(file for file in usual if usual[file] != other.get(file))}")
        what = f"files with one sha256 in {len(environments) + 1} environments"
        yield Result(SECTION, what, of(len(usual) - len(different), len(usual)), "all", not different)
        personal = sorted(_personal(base / "first" / first.folder))
        for line in personal:
            print(f"     {line}")
        what = "files with a date, a host or user name, or a folder"
        yield Result(SECTION, what, str(len(personal)), "0", not personal)
        if size == "long":
            yield from _kernels(base)


def _files(environment: Environment, base: Path) -> dict[str, str]:
    """Run the pipeline in an environment; return the sha256 of each file."""
    allowed = (
        sorted(os.sched_getaffinity(0))[: environment.processors or None] if hasattr(os, "sched_getaffinity") else []
    )

    def before() -> None:
        os.umask(environment.umask)
        if allowed:
            os.sched_setaffinity(0, allowed)

    numbers = (str(environment.threads), str(environment.days))
    done = subprocess.run(
        [sys.executable, "-m", "torture.environment.pipeline", str(base / environment.folder), *numbers],
        cwd=REPOSITORY / "tests",
        env={**os.environ, "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", **environment.variables},
        preexec_fn=before,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{environment.what}: {done.stderr[-500:]}")
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def _personal(folder: Path) -> Iterator[str]:
    """Yield what files say about who made them, where and when."""
    names = {str(folder), str(Path.home()), socket.gethostname(), getpass.getuser()} - {"root", "localhost", "/"}
    words = [re.escape(name) for name in names if len(name) > 3]
    pattern = re.compile("|".join([*words, r"\b20[2-9][0-9]-[01][0-9]-[0-3][0-9]\b"]).encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "timings.csv" and (found := pattern.search(path.read_bytes())):
            yield f"{path.name}: {found[0]!r}"


def _kernels(base: Path) -> Iterator[Result]:
    """Evaluate and train the book's network on MNIST with each of OpenBLAS's kernels."""
    evaluated = f"one set of weights on {len(KERNELS)} BLAS kernels: correct of MNIST's 10,000"
    trained = "the book's network trained on each, one epoch in float64: correct, and different weights"
    if not MNIST.exists():
        for what in (evaluated, trained):
            yield Result(SECTION, what, "no MNIST", "close", met=None)
        return
    _nn("SkylakeX", "fetch", "--from", MNIST, "-o", base / "data.npz")
    flags = ("--epochs", "1", "--dtype", "float64", "--data", base / "data.npz")
    for kernel in KERNELS:
        _nn(kernel, "train", *flags, "-o", base / kernel / "weights.npz")
    counts = [_correct(base, kernel, trained_on=KERNELS[-1]) for kernel in KERNELS]
    found = f"{min(counts)} to {max(counts)}"
    yield Result(SECTION, evaluated, found, f"{APART} apart", met=max(counts) - min(counts) <= APART)
    counts = [_correct(base, kernel, trained_on=kernel) for kernel in KERNELS]
    weights = {artifacts.load(base / kernel / "weights.npz").arrays["weights_1"].tobytes() for kernel in KERNELS}
    found = f"{min(counts)} to {max(counts)}, {len(weights)} different"
    yield Result(SECTION, trained, found, f"{APART} apart", met=max(counts) - min(counts) <= APART)


def _correct(base: Path, kernel: str, *, trained_on: str) -> int:
    """Return the number of correct test images with one kernel, for weights trained with the same or another one."""
    weights = base / trained_on / "weights.npz"
    _nn(kernel, "eval", "--data", base / "data.npz", weights, "-o", base / "eval.json")
    return int(json.loads((base / "eval.json").read_text())["correct"])


def _nn(kernel: str, *arguments: str | Path) -> None:
    """Run the installed command with one of OpenBLAS's kernels."""
    command = [installed(), *map(str, arguments), "-q"]
    subprocess.run(command, env={**os.environ, "OPENBLAS_CORETYPE": kernel}, check=True, capture_output=True)
