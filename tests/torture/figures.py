"""What an attack found, set beside what was promised."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Size = Literal["gate", "long"]
"""``gate`` is what every change can afford, ``long`` is for a release."""

COLUMNS = ("", "attack", "found", "wanted", "met", "s")


@dataclass(frozen=True)
class Figure:
    """One promise, measured.

    Attributes
    ----------
    section
        The letter of the section.
    found, wanted
        As they stand in the table: "13,596 of 13,596 refused", "all".
    met
        None where it could not be tried here; ``found`` says why then.
    command
        What repeats it. The runner fills in its own command where there is no other.
    seconds
        Of clock time. The runner fills in the time since the figure before.
    """

    section: str
    what: str
    found: str
    wanted: str
    met: bool | None
    command: str = ""
    seconds: float = 0.0

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands under COLUMNS."""
        met = {True: "yes", False: "NO", None: "not tried"}[self.met]
        return (self.section, self.what, self.found, self.wanted, met, f"{self.seconds:.1f}")


def of(good: int, total: int) -> str:
    """A count of a total, as ``found`` gives it."""
    return f"{good:,} of {total:,}"


def markdown(figures: Iterable[Figure]) -> str:
    """The table, each figure with the command that repeats it."""
    rows = [(*figure.cells, f"`{figure.command}`") for figure in figures]
    lines = [(*COLUMNS, "repeat with"), ("---",) * (len(COLUMNS) + 1), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines) + "\n"
