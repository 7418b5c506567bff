"""The same inputs give the same bytes in every environment; where other processors give others, versions say so."""

import getpass
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from support import REPOSITORY, command, sha256

from nndigits.stages.store import artifacts
from torture.harness.results import Result, Size, of
from torture.harness.run import map_in_threads

SECTION = "D"


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

EVERYTHING = Environment("all at once", ALL, 4, 1, 0o077, "ein Ordner/ü", 1)
ENVIRONMENTS = {
    "gate": (Environment("two runs", {}), EVERYTHING),
    "long": (
        Environment("two runs", {}),
        *(Environment(f"{name} {value}", {name: value}) for name, value in ALL.items()),
        *(Environment(f"hash seed {seed}", {"PYTHONHASHSEED": seed}) for seed in ("2", "random")),
        *(Environment(f"{n} workers", {}, threads=n) for n in (1, 4)),
        Environment("umask 077", {}, umask=0o077),
        Environment("another folder", {}, folder="ein Ordner/ü"),
        Environment("a day later", {}, days=1),
        Environment("one processor", {}, processors=1),
        EVERYTHING,
    ),
}
"""In the long run, also what differs one by one, which says what a difference comes from."""


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
        yield from other_machines()


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
        [sys.executable, "-m", "torture.commands.pipeline", str(base / environment.folder), *numbers],
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


NETWORKS = {
    "wide.npz": "--hidden 800 --batch 512",
    "deep.npz": "--layers 'dense 30 tanh, dense 10 softmax' --cost log-likelihood --eta 0.1 --dtype float64",
}


class Machine(NamedTuple):
    """A processor as NumPy and BLAS see it: the kernel, vector instructions that are missing, the number of cores."""

    kernel: str
    without: str
    cores: int


def machines() -> list[Machine]:
    """Return machines that this one can play."""
    vectors = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    fewer = [" ".join(vectors[at:]) for at in range(len(vectors) + 1)]
    usual = [Machine("Haswell", "", 2), Machine("Haswell", "", 1), Machine("Prescott", "", 2)]
    return [*usual, *(Machine("Haswell", without, 2) for without in fewer if without), Machine("Sandybridge", "", 2)]


def other_machines() -> Iterator[Result]:
    """Compare the data, and each pair of trained networks."""
    with tempfile.TemporaryDirectory() as name:
        played = machines()
        folders = [Path(name) / str(number) for number in range(len(played))]
        map_in_threads(lambda work: _pipeline(*work, tuple(NETWORKS)), zip(played, folders, strict=True))
        data = {sha256(folder / "data.npz") for folder in folders}
        what = f"data.npz on {len(folders)} machines: different files"
        yield Result(SECTION, what, str(len(data)), "1", len(data) == 1)
        for network in NETWORKS:
            pairs = list(combinations([folder / network for folder in folders], 2))
            differ = [(one, other) for one, other in pairs if _arrays(one) != _arrays(other)]
            told = [_made_with(one) != _made_with(other) for one, other in differ]
            what = f"{network}: pairs of machines with other weights, of {len(pairs)}, whose versions or threads differ"
            yield Result(SECTION, what, of(sum(told), len(told)), "all", all(told))


def _pipeline(machine: Machine, folder: Path, networks: tuple[str, ...]) -> None:
    """Fetch the digits and train the networks in a new folder."""
    folder.mkdir()
    allowed = sorted(os.sched_getaffinity(0))[: machine.cores] if hasattr(os, "sched_getaffinity") else []
    variables = {"OPENBLAS_CORETYPE": machine.kernel, "NPY_DISABLE_CPU_FEATURES": machine.without}
    trained = (f"train --data data.npz --epochs 1 {NETWORKS[network]} -o {network}" for network in networks)
    for line in ("fetch --dataset digits -o data.npz", *trained):
        done = subprocess.run(
            [command(), *shlex.split(line), "-q"],
            cwd=folder,
            env={**os.environ, **variables},
            preexec_fn=lambda: os.sched_setaffinity(0, allowed) if allowed else None,
            check=False,
            capture_output=True,
        )
        if done.returncode not in (0, 5):  # 5: of so few images some of these networks learn nothing in an epoch
            raise RuntimeError(f"{line}: {done.returncode}, {done.stderr!r}")


def _arrays(path: Path) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in artifacts.load(path).arrays.items()}


def _made_with(path: Path) -> Any:
    meta = artifacts.load_metadata(path)
    return json.dumps([meta["versions"], meta["parameters"]["threads"]], sort_keys=True)
