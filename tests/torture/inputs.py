"""Files that nn did not write, by the command: IDX, gzip, a Keras-style archive, pictures."""

import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from small import SMALL

from nn.stages.store import artifacts
from torture.case import Case
from torture.door import at_once, files_in, nn, nn_forked
from torture.figures import Figure, Size, of
from torture.foreign import input_cases, small_sets
from torture.pictures import picture_cases

SECTION = "F"
MEGABYTES, SECONDS, PICTURE_MEGABYTES = 32, 1.0, 150

Put = Callable[[Case, Path], tuple[str, ...]]
"""Puts a case into a folder, and gives the command that is to refuse it."""


def figures(_: Size) -> Iterator[Figure]:
    """Sets of digits, and pictures."""
    yield from by_the_command("sets of digits", list(input_cases()), fetch, MEGABYTES)
    yield from by_the_command("pictures", list(picture_cases()), predict, PICTURE_MEGABYTES)


def fetch(case: Case, folder: Path) -> tuple[str, ...]:
    """Put a set of digits there, of which one file is the case; give the command that is to refuse it."""
    if case.name.startswith("keras"):
        (folder / "hostile").write_bytes(case.make())
        return ("fetch", "--from", "hostile", "-o", "new.npz")
    (folder / "set").mkdir()
    for name, blob in small_sets().items():
        (folder / "set" / name).write_bytes(blob)
    (folder / "set" / "train-images-idx3-ubyte").write_bytes(case.make())
    return ("fetch", "--from", "set", "-o", "new.npz")


def predict(case: Case, folder: Path) -> tuple[str, ...]:
    """Put the picture there; give the command that is to refuse it."""
    artifacts.save(folder / "w.npz", *SMALL["weights"]())
    (folder / "hostile").write_bytes(case.make())
    return ("predict", "hostile", "--weights", "w.npz")


def by_the_command(
    what: str, cases: list[Case], put: Callable[[Case, Path], tuple[str, ...]], most: float
) -> Iterator[Figure]:
    """Give each case to the command: three figures."""

    def attack(case: Case) -> tuple[bool, bool, float, float]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            words = put(case, folder)
            before = files_in(folder)
            ran = (nn if case.heavy else nn_forked)(*words, folder=folder)
            told = ran.code == 3 and ran.says("nn: ") and re.search(case.reason, ran.err) is not None
            if not told:
                print(f"    {case.name}: {ran.code}, {ran.err[:200]!r}")
            size = sum(length for length, _ in before.values()) / 1e6 if most == MEGABYTES else 0
            return told, files_in(folder) == before, ran.megabytes - size, ran.seconds

    found = at_once(attack, cases)
    for promise, number in (("exit 3, one line with the reason", 0), ("nothing written", 1)):
        good = sum(bool(one[number]) for one in found)
        yield Figure(SECTION, f"hostile {what}: {promise}", of(good, len(found)), "all", good == len(found))
    usual = 0.0
    if most == MEGABYTES:
        with tempfile.TemporaryDirectory() as folder:
            artifacts.save(Path(folder) / "good.npz", *SMALL["dataset"]())
            usual = min(door("show", "good.npz", folder=Path(folder)).megabytes for door in (nn, nn_forked))
    peak = max(one[2] for one in found) - usual
    slow = max(one[3] for one in found)
    of_what = "above the file" if most == MEGABYTES else "in all"
    yield Figure(SECTION, f"hostile {what}: memory {of_what}", f"{peak:.0f} MB", f"<= {most} MB", peak <= most)
    yield Figure(
        SECTION, f"hostile {what}: CPU, the start included", f"{slow:.2f} s", f"<= {SECONDS:g} s", slow <= SECONDS
    )
