"""A data set that no mirror has: one short line, each reason once, and the command with the flags that were given."""

import re
import shlex
import tempfile
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

from nndigits.stages.datasets import known_sets
from torture.environment.fetching import Before, pass_for_mnist
from torture.environment.servers import serving
from torture.harness.child import Child, nothing
from torture.harness.folders import tiny_files, warm
from torture.harness.results import Result, Size, of
from torture.inputs.drawings import document

SECTION = "E"

DEAD = ("http://127.0.0.1:1/", "http://127.0.0.1:1/other/", "http://127.0.0.1:2/")
FAULTS = ("404", "HTML under 200", "one bit changed", "redirect to ftp")
GIVEN = ("--validation", "7", "--more", "my drawings.json", "-o", "my data.npz")
MOST = 480
"""Characters of the line, of which the command takes some 110."""


def results(size: Size) -> Iterator[Result]:
    """Ask for every known set where no mirror answers, and for one set from pairs of mirrors that fail differently."""
    warm()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = tiny_files(folder / "mine")
        (folder / "my drawings.json").write_bytes(document())
        before, good, total = pass_for_mnist(files), 0, 0
        others = [known.name for known in known_sets.KNOWN_SETS if not any(Path(one).is_dir() for one in known.folders)]
        for dataset, count in product(others, range(1, len(DEAD) + 1)):
            child = _fetch(folder, dataset, DEAD[:count])
            good, total = good + _is_short(child, dataset, "connection refused", folder), total + 1
        with serving(files) as server:
            for pair in product(FAULTS, FAULTS):
                child = _fetch(folder, "mnist", [server.of(fault) for fault in pair], before)
                good, total = good + _is_short(child, "mnist", "127.0.0.1", folder), total + 1
    what = "sets that no mirror has: one short line, each reason once, all flags"
    yield Result(SECTION, what, of(good, total), "all", met=good == total)


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
