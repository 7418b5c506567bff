"""What files say of versions: weights that differ between processors say so, and data that cannot differ do not."""

import json
import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from support import command, sha256

from nndigits.stages.store import artifacts
from torture.harness.parallel import map_in_threads
from torture.harness.results import Result, Size, of

SECTION = "D"
NETWORKS = {
    "wide.npz": "--hidden 800 --batch 512",
    "deep.npz": "--layers 'dense 30 tanh, dense 10 softmax' --cost log-likelihood --eta 0.1 --dtype float64",
}
USED = {"gate": ("wide.npz",), "long": tuple(NETWORKS)}


class Machine(NamedTuple):
    """A processor as NumPy and BLAS see it: the kernel, vector instructions that are missing, the number of cores."""

    kernel: str
    without: str
    cores: int


def machines(size: Size) -> list[Machine]:
    """Return machines that this one can play."""
    vectors = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    fewer = [" ".join(vectors[at:]) for at in range(len(vectors) + 1)]
    usual = [Machine("Haswell", "", 2), Machine("Haswell", "", 1), Machine("Prescott", "", 2)]
    if size == "gate":
        return [*usual, Machine("Haswell", fewer[0], 2)]
    return [*usual, *(Machine("Haswell", without, 2) for without in fewer if without), Machine("Sandybridge", "", 2)]


def results(size: Size) -> Iterator[Result]:
    """Compare the data, and each pair of trained networks."""
    with tempfile.TemporaryDirectory() as name:
        played = machines(size)
        folders = [Path(name) / str(number) for number in range(len(played))]
        map_in_threads(lambda work: _pipeline(*work, USED[size]), zip(played, folders, strict=True))
        data = {sha256(folder / "data.npz") for folder in folders}
        what = f"data.npz on {len(folders)} machines: different files"
        yield Result(SECTION, what, str(len(data)), "1", len(data) == 1)
        for network in USED[size]:
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
        subprocess.run(
            [command(), *shlex.split(line), "-q"],
            cwd=folder,
            env={**os.environ, **variables},
            preexec_fn=lambda: os.sched_setaffinity(0, allowed) if allowed else None,
            check=True,
            capture_output=True,
        )


def _arrays(path: Path) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in artifacts.load(path).arrays.items()}


def _made_with(path: Path) -> Any:
    meta = artifacts.load_metadata(path)
    return json.dumps([meta["versions"], meta["parameters"]["threads"]], sort_keys=True)
