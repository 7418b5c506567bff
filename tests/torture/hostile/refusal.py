"""Pass each hostile artifact to a command: exit 3, one line, bounded memory and time, and nothing written."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from small import SMALL

from nndigits.stages.store import artifacts
from torture.harness.child import Outcome
from torture.harness.folders import files_in
from torture.harness.nn_command import RunCommand, nn, nn_forked
from torture.harness.parallel import map_in_threads
from torture.harness.results import Result, Size, of
from torture.hostile import corpus
from torture.hostile.case import Case

SECTION = "A"
GATE = 40
"""In the gate, the installed command gets every 40th case, and all that are heavy."""

MEGABYTES, SECONDS = 32, 1.0
"""Limits for a refusal: memory beyond the file's size and what `nn show` of a valid file needs, and CPU time."""

SHOW = ("show", "{}")
COMMANDS = (
    SHOW,
    ("train", "--data", "{}", "-o", "w.npz"),
    ("eval", "{}", "--data", "good-dataset.npz", "-o", "e.json"),
    ("eval", "good-weights.npz", "--data", "{}", "-o", "e.json"),
    ("baseline", "darkness", "--data", "{}", "-o", "d.npz"),
)


@dataclass(frozen=True)
class Attempt:
    """A case, and how a command that read it ended.

    Attributes
    ----------
    is_explained
        Whether stderr is one line with the file, the reason, and a command that makes a valid file.
    megabytes
        Peak memory without the file's size.
    """

    case: Case
    outcome: Outcome
    is_explained: bool
    is_untouched: bool
    megabytes: float


def results(size: Size) -> Iterator[Result]:
    """One result for each promise over all cases, and one for the cases that the installed command gets."""
    work = [
        *((case, COMMANDS[number % len(COMMANDS)]) for number, case in enumerate(corpus.containers())),
        *((case, SHOW) for case in corpus.contents()),
    ]
    found = map_in_threads(partial(attempt, nn_forked), work)
    total = len(found)
    for promise, kept in {
        "exit 3": [one.outcome.code == 3 for one in found],
        "one line: file, reason, remedy": [one.is_explained for one in found],
        "nothing written, nothing changed": [one.is_untouched for one in found],
    }.items():
        missed = ", ".join(one.case.name for one, is_kept in zip(found, kept, strict=True) if not is_kept)
        count = f"{of(sum(kept), total)} {missed[:60]}".strip()
        yield Result(SECTION, f"hostile files: {promise}", count, "all", not missed)
    chosen = work if size == "long" else [w for number, w in enumerate(work) if w[0].heavy or number % GATE == 0]
    installed = map_in_threads(partial(attempt, nn), chosen)
    good = sum(one.outcome.code == 3 and one.is_explained and one.is_untouched for one in installed)
    what = "hostile files: the same by the installed nn"
    yield Result(SECTION, what, of(good, len(chosen)), "all", good == len(chosen))
    megabytes = [
        max(one.megabytes for one in attempts) - valid_file_megabytes(run)
        for run, attempts in ((nn_forked, found), (nn, installed))
    ]
    yield at_most("memory above the file's size", max(megabytes), "MB", MEGABYTES)
    slowest = max(one.outcome.cpu_seconds for one in (*found, *installed))
    yield at_most("CPU, start-up included", slowest, "s", SECONDS)


def attempt(run: RunCommand, work: tuple[Case, Sequence[str]]) -> Attempt:
    """Run a command on a case, in a new folder."""
    case, command = work
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in ("dataset", "weights"):
            artifacts.save(folder / f"good-{kind}.npz", *SMALL[kind]())
        path = folder / "hostile.npz"
        path.write_bytes(case.make())
        before = files_in(folder)
        outcome = run(*(part.format("hostile.npz") for part in command), folder=folder)
        has_reason = re.search(case.reason, outcome.err) is not None
        is_explained = outcome.is_one_line("nn: hostile.npz: ", "`nn ") and has_reason
        megabytes = (outcome.peak - path.stat().st_size) / 1e6
        return Attempt(case, outcome, is_explained, files_in(folder) == before, megabytes)


def valid_file_megabytes(run: RunCommand) -> float:
    """Return the peak memory of `nn show` of a valid file."""
    with tempfile.TemporaryDirectory() as folder:
        artifacts.save(Path(folder) / "good.npz", *SMALL["dataset"]())
        return run("show", "good.npz", folder=Path(folder)).peak / 1e6


def at_most(what: str, found: float, unit: str, limit: float) -> Result:
    """Return a result that is met if ``found`` is within the limit."""
    return Result(SECTION, f"hostile files: {what}", f"{found:.2f} {unit}", f"<= {limit:g} {unit}", found <= limit)
