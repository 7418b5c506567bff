"""Measured results of the attacks, each with its target."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Size = Literal["gate", "long"]
"""``gate`` is short enough for every change, ``long`` is for a release."""

COLUMNS = ("", "attack", "found", "target", "met", "s")


@dataclass(frozen=True)
class Result:
    """One promise, measured.

    Attributes
    ----------
    section
        The letter of the section.
    found, target
        As the table prints them: "13,596 of 13,596 refused", "all".
    met
        None where the attack cannot run on this machine; ``found`` says why.
    command
        The command that repeats it, which the runner fills in.
    seconds
        Wall-clock time since the result before, which the runner fills in.
    """

    section: str
    attack: str
    found: str
    target: str
    met: bool | None
    command: str = ""
    seconds: float = 0.0

    @property
    def cells(self) -> tuple[str, ...]:
        """The row of the table, one text for each of COLUMNS."""
        met = {True: "yes", False: "NO", None: "not tried"}[self.met]
        return (self.section, self.attack, self.found, self.target, met, f"{self.seconds:.1f}")


def of(good: int, total: int) -> str:
    """A count and its total: "12 of 15"."""
    return f"{good:,} of {total:,}"


def all_of(section: str, attack: str, good: int, total: int, complaints: Sequence[str] = ()) -> Result:
    """Return a result whose target is that all are good, and print the first complaints."""
    for complaint in complaints[:10]:
        print(f"     {complaint}"[:600])
    return Result(section, attack, of(good, total), "all", good == total)


def at_most(section: str, attack: str, found: float, unit: str, limit: float) -> Result:
    """Return a result that is met if ``found`` is within the limit."""
    return Result(section, attack, f"{found:.2f} {unit}", f"<= {limit:g} {unit}", found <= limit)


def markdown(results: Iterable[Result]) -> str:
    """Return the table as Markdown, each result with the command that repeats it."""
    rows = [(*result.cells, f"`{result.command}`") for result in results]
    lines = [(*COLUMNS, "repeat with"), ("---",) * (len(COLUMNS) + 1), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines) + "\n"
