"""The same inputs give the same bytes in every environment."""

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

from torture.harness.results import Result, Size, of

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
    "gate": (EVERYTHING,),
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
