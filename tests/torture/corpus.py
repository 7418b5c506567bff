"""Hostile artifacts through the front door: each refused in one line, within bounds, and nothing written."""

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from small import SMALL

from nn.stages.store import artifacts
from torture import hostile
from torture.case import Case
from torture.door import Ran, at_once, files_in, nn, nn_forked
from torture.figures import Figure, Size, of

SECTION = "A"
GATE = 40
"""At the gate, every so many of the cases are also given to the installed command, and all that are heavy."""

MEGABYTES, SECONDS = 32, 1.0
"""What a refusal may cost; the memory beside the file's size and what `nn show` of a good file needs."""

SHOW = ("show", "{}")
COMMANDS = (
    SHOW,
    ("train", "--data", "{}", "-o", "w.npz"),
    ("eval", "--weights", "{}", "--data", "good-dataset.npz", "-o", "e.json"),
    ("eval", "--weights", "good-weights.npz", "--data", "{}", "-o", "e.json"),
    ("baseline", "darkness", "--data", "{}", "-o", "d.npz"),
)


@dataclass(frozen=True)
class Attack:
    """A case, and how a command that was given it ended."""

    case: Case
    ran: Ran
    is_told: bool
    is_untouched: bool
    megabytes: float
    """The peak, without the file's size."""


def figures(size: Size) -> Iterator[Figure]:
    """One figure a promise over all cases, and one for those that the installed command was given."""
    work = [
        *((case, COMMANDS[number % len(COMMANDS)]) for number, case in enumerate(hostile.containers())),
        *((case, SHOW) for case in hostile.contents()),
    ]
    found = at_once(partial(attack, nn_forked), work)
    total = len(found)
    for what, holds in {
        "exit 3": [one.ran.code == 3 for one in found],
        "one line: the file, the reason, what mends it": [one.is_told for one in found],
        "nothing written, nothing changed": [one.is_untouched for one in found],
    }.items():
        missed = ", ".join(one.case.name for one, held in zip(found, holds, strict=True) if not held)
        yield Figure(
            SECTION, f"hostile files: {what}", f"{of(sum(holds), total)} {missed[:60]}".strip(), "all", not missed
        )
    chosen = work if size == "long" else [w for number, w in enumerate(work) if w[0].heavy or number % GATE == 0]
    started = at_once(partial(attack, nn), chosen)
    good = sum(one.ran.code == 3 and one.is_told and one.is_untouched for one in started)
    yield Figure(
        SECTION, "hostile files: the same by the installed nn", of(good, len(chosen)), "all", good == len(chosen)
    )
    both = [*found, *started]
    megabytes = [max(one.megabytes for one in some) - usual(door) for door, some in ((nn_forked, found), (nn, started))]
    yield most("memory above the file's size", max(megabytes), "MB", MEGABYTES)
    yield most("CPU, the start included", max(one.ran.seconds for one in both), "s", SECONDS)


def attack(door: Callable[..., Ran], work: tuple[Case, Sequence[str]]) -> Attack:
    """Give a command the case, in a folder of its own."""
    case, command = work
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in ("dataset", "weights"):
            artifacts.save(folder / f"good-{kind}.npz", *SMALL[kind]())
        path = folder / "hostile.npz"
        path.write_bytes(case.make())
        before = files_in(folder)
        ran = door(*(part.format("hostile.npz") for part in command), folder=folder)
        is_told = ran.says("nn: hostile.npz: ", "`nn ") and re.search(case.reason, ran.err) is not None
        is_untouched = files_in(folder) == before
        return Attack(case, ran, is_told, is_untouched, ran.megabytes - path.stat().st_size / 1e6)


def usual(door: Callable[..., Ran]) -> float:
    """The megabytes that `nn show` of a good file needs."""
    with tempfile.TemporaryDirectory() as folder:
        artifacts.save(Path(folder) / "good.npz", *SMALL["dataset"]())
        return door("show", "good.npz", folder=Path(folder)).megabytes


def most(what: str, found: float, unit: str, wanted: float) -> Figure:
    """The largest value there was, and whether that is allowed."""
    return Figure(SECTION, f"hostile files: {what}", f"{found:.2f} {unit}", f"<= {wanted:g} {unit}", found <= wanted)
