"""Too little memory, in steps: one line and exit 1, wherever it runs out, and never the fault of a file."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from support import command, seven

from nndigits.stages.classifiers import pictures
from torture.harness.folders import ram_folder, tiny_pipeline
from torture.harness.results import Result, Size, of

SECTION = "K"
SECONDS = 60

LIMITS = {"gate": (20_000, 30_000, 100_000, 150_000, 250_000), "long": tuple(range(20_000, 300_001, 10_000))}
"""Kilobytes of address space (``ulimit -v``)."""

COMMANDS = {
    "gate": ("status", "train --epochs 1 -o new.npz", "predict picture.png"),
    "long": (
        "--version", "train --help", "status", "show artifacts/weights.npz --plot new.png", "eval", "compare",
        "train --epochs 1 -o new.npz", "predict picture.png", "read picture.png", "baseline svm -o svm.npz",
        "baseline darkness -o dark.npz", "fetch --dataset digits -o digits.npz", "demo gates", "demo sigmoid --json",
    ),
}  # fmt: skip


def results(size: Size) -> Iterator[Result]:
    """Run each command with each limit."""
    with tempfile.TemporaryDirectory(dir=ram_folder()) as place:
        folder = tiny_pipeline(Path(place) / "base")
        drawn = (255 * (1 - seven())).astype(np.uint8)
        pictures.save(folder / "picture.png", np.kron(drawn, np.ones((10, 10), np.uint8)))
        limits = [limit for limit in LIMITS[size] if _ended(limit, f"{sys.executable} -c pass", folder) == ""]
        cases = [(limit, line) for limit in limits for line in COMMANDS[size]]
        bad = {case: wrong for case in cases if (wrong := _ended(case[0], f"{command()} {case[1]}", folder))}
    for (limit, line), wrong in list(bad.items())[:10]:
        print(f"     {limit:,} kB, {line}: {wrong}")
    what = f"{limits[0]:,} to {limits[-1]:,} kB of memory: done, or exit 1 and one line"
    yield Result(SECTION, what, of(len(cases) - len(bad), len(cases)), "all", not bad)


def _ended(limit: int, line: str, folder: Path) -> str:
    """Run a command with a limit; return what was wrong with its end, or nothing."""
    try:
        done = subprocess.run(
            ["bash", "-c", f"ulimit -v {limit}; exec {line}"],
            cwd=folder,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "it hangs"
    said = done.stderr.decode(errors="backslashreplace")
    if done.returncode == 0:
        return ""
    is_said = said.count("\n") == 1 and ("nn: there is not enough memory" in said or said.startswith("OpenBLAS"))
    return "" if done.returncode == 1 and is_said else f"exit {done.returncode}, {said[-300:]!r}"
