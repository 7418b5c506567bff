"""Standard streams that are closed or full, and too little memory: one line and exit 1, wherever it runs out."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from support import command, seven

from nndigits.stages.demos.shared.index import DEMOS
from nndigits.stages.own_images import pictures
from torture.commands.arguments import commands
from torture.harness.folders import ram_folder, tiny_pipeline, warm
from torture.harness.results import Result, Size, all_of, of
from torture.harness.run import Child, Outcome, run, run_in_parallel

SECTION = "K"
SECONDS = 60
QUICK = ("gates", "sigmoid")
OTHERS = ((), ("--version",), ("demo",), ("status",), ("recipes", "best"), ("show", "x"))
ASKED = ("", "x", "_", "complete_x", "complete_bash", "complete_zsh", "complete_fish", "source_x", "source_bash")
"""Values of ``_NN_COMPLETE``, most of which no shell sets. The variables with the words to complete are missing."""


def results(size: Size) -> Iterator[Result]:
    """One result for each kind of stream, and one for completion."""
    warm()
    with tempfile.TemporaryDirectory(dir=ram_folder()) as place:
        folder = Path(place)
        typed = list(_commands(size))
        usual = _run(typed, folder, lambda: None)
        for what, before in (("full", full), ("closed", partial(closed, 1))):
            ended = _run(typed, folder, before)
            bad = [words for words in typed if not _is_one_line(ended[words], max(1, usual[words].code))]
            yield _result(f"stdout {what} x every command: exit 1, one line", bad, len(typed))
        for number, what in ((0, "stdin"), (2, "stderr")):
            ended = _run(typed, folder, partial(closed, number))
            bad = [
                words
                for words in typed
                if (ended[words].code, ended[words].out) != (usual[words].code, usual[words].out)
            ]
            yield _result(f"{what} closed x every command: the same result", bad, len(typed))
        shells = [(text,) for text in ASKED]
        done = {asked: run((), folder, environment={"_NN_COMPLETE": asked[0]}) for asked in shells}
        bad = [asked for asked in shells if done[asked].code not in (0, 1) or done[asked].err.count("\n") > 1]
        yield _result("unknown requests for completion: one line, exit 1", bad, len(shells))
    yield little_memory(size)


def full() -> None:
    """Make stdout a full disk."""
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)


def closed(number: int) -> None:
    """Close a standard stream, as ``>&-`` does."""
    setattr(sys, ("stdin", "stdout", "stderr")[number], None)
    os.close(number)


def _commands(size: Size) -> Iterator[tuple[str, ...]]:
    """Yield the help of every command, and commands that print something quickly."""
    yield from ((*path, "--help") for path, _ in commands())
    yield from OTHERS
    for name in QUICK if size == "gate" else [entry.name for entry in DEMOS if entry.name not in ("hidden", "deep")]:
        yield from (("demo", name), ("demo", name, "--json"))


def _run(typed: list[tuple[str, ...]], folder: Path, before: Callable[[], None]) -> dict[tuple[str, ...], Outcome]:
    starts = [partial(Child, words, folder, before=before) for words in typed]
    children = list(run_in_parallel(starts, SECONDS))
    return {tuple(child.arguments): child.outcome for child in children if child.outcome is not None}


def _is_one_line(outcome: Outcome, code: int) -> bool:
    lines = [line for line in outcome.err.splitlines() if line.startswith(("nn: ", '{"error"'))]
    return outcome.code == code and len(lines) == 1 and "bug" not in outcome.err


def _result(what: str, bad: list[tuple[str, ...]], total: int) -> Result:
    for words in bad[:5]:
        print(f"     {what}: {words}")
    return Result(SECTION, what, of(total - len(bad), total), "all", not bad)


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


def little_memory(size: Size) -> Result:
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
    return all_of(SECTION, what, len(cases) - len(bad), len(cases))


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
