"""Pass each costly file to every command that reads it: exit 3, one line, at most 32 MB more than its size, and 1 s."""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nndigits.stages.store import artifacts
from torture.harness.child import Outcome
from torture.harness.folders import files_in
from torture.harness.nn_command import RunCommand, nn, nn_forked
from torture.harness.parallel import map_in_threads
from torture.harness.results import Result, Size, of
from torture.hostile.costly import Costly, costly_cases, good_files, large_data
from torture.hostile.refusal import MEGABYTES, SECONDS, at_most, valid_file_megabytes

SECTION = "A"

TRAINING = (
    ("--hidden", "100000,100000"),
    ("--hidden", "17000,17000", "--optimizer", "adam"),
    ("--layers", "conv 1000 9x9, max 2 relu, dense 10 sigmoid"),
    ("--layers", "conv 999999999 9x9, max 2, dense 10 sigmoid"),
    ("--layers", f"dense {10**40} sigmoid, dense 10 sigmoid"),
    ("--hidden", "3000", "--rejects", "1"),
    ("--hidden", "100000,100000", "--find-eta"),
)
"""Parameters of networks for images of 512 x 512 pixels that would fail after minutes of training."""


@dataclass(frozen=True)
class Refusal:
    """How a command ended that read a costly file. ``megabytes`` is its peak memory without the file's size."""

    what: str
    outcome: Outcome
    is_good: bool
    megabytes: float


def results(size: Size) -> Iterator[Result]:
    """For files, and for trainings: one result for the messages, one for memory and one for time."""
    run = nn if size == "long" else nn_forked
    work = [(case, command) for case in costly_cases() for command in case.commands]
    yield from _results("costly files: exit 3", map_in_threads(partial(attempt, run), work), run)
    yield from _results("costly trainings: exit 2", map_in_threads(partial(train, run), TRAINING), run)


def _results(what: str, found: list[Refusal], run: RunCommand) -> Iterator[Result]:
    good = sum(one.is_good for one in found)
    for one in found:
        if not one.is_good:
            print(f"    {one.what}: {one.outcome.code}, {one.outcome.err[:200]!r}")
    yield Result(SECTION, f"{what}, one line, nothing written", of(good, len(found)), "all", good == len(found))
    usual = valid_file_megabytes(run)
    largest = max(found, key=lambda one: one.megabytes)
    yield at_most(f"memory, {largest.what}", largest.megabytes - usual, "MB", MEGABYTES)
    slowest = max(found, key=lambda one: one.outcome.cpu_seconds)
    yield at_most(f"CPU, {slowest.what}", slowest.outcome.cpu_seconds, "s", SECONDS)


def attempt(run: RunCommand, work: tuple[Costly, tuple[str, ...]]) -> Refusal:
    """Run a command on a case, in a new folder."""
    case, command = work
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        good_files(folder)
        path = folder / case.file
        case.write(path)
        stored = sum(
            min(one.stat().st_size, 512 * one.stat().st_blocks) for one in (path, *path.glob("*")) if one.is_file()
        )
        before = files_in(folder)
        outcome = run(*(part.format(case.file) for part in command), folder=folder)
        is_good = (
            outcome.code == 3
            and outcome.is_one_line("nn: ", case.file)
            and re.search(case.reason, outcome.err) is not None
            and files_in(folder) == before
        )
        return Refusal(f"{case.name} ({command[0]})", outcome, is_good, (outcome.peak - stored) / 1e6)


def train(run: RunCommand, parameters: tuple[str, ...]) -> Refusal:
    """Try to train a network with these parameters, in a new folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        artifacts.save(folder / "large.npz", *large_data((4, 512, 512)))
        before = files_in(folder)
        outcome = run("train", "--data", "large.npz", "-o", "w.npz", *parameters, folder=folder)
        is_good = outcome.code == 2 and outcome.is_one_line("nn: --") and files_in(folder) == before
        size = (folder / "large.npz").stat().st_size
        return Refusal(f"train {' '.join(parameters)[:40]}", outcome, is_good, (outcome.peak - size) / 1e6)
