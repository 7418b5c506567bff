"""Measured results of the attacks, each with its target."""

from collections.abc import Iterable
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
        The command that repeats it. The runner fills in its own command by default.
    seconds
        Wall-clock time. The runner fills in the time since the result before.
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


def markdown(results: Iterable[Result]) -> str:
    """Return the table as Markdown, each result with the command that repeats it."""
    rows = [(*result.cells, f"`{result.command}`") for result in results]
    lines = [(*COLUMNS, "repeat with"), ("---",) * (len(COLUMNS) + 1), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines) + "\n"
