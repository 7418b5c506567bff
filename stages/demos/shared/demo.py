"""The report of a demonstration: plain values for the terminal, for JSON and for a picture."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nndigits.stages.demos.shared.texts import Text, texts
from nndigits.stages.figures.figure import Figure

SHARED = texts("shared")

Cell = str | int | float | bool

PERCENT = re.compile(r"(?<=\d)%")
"""A percent sign as Python's format writes it; nn writes 95.18 %."""

Progress = Callable[[str, float, float | None], None]
"""Progress callback of a demonstration that takes long: ``run(*, ..., progress: Progress = quietly)``.

Its arguments are what is being done, the amount done, and the total amount or None.
"""


def quietly(what: str, done: float, total: float | None) -> None:
    """Report no progress."""


@dataclass(frozen=True)
class Table:
    """A table of results. Its numbers are not rounded; the terminal rounds them."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Demo:
    """The report of one demonstration.

    Attributes
    ----------
    idea
        The idea, in a few sentences.
    tables
        The results.
    drawing
        A drawing for the terminal, line by line; may be empty.
    findings
        Conclusions from the results of this run.
    values
        The results for ``--json``, by name.
    figure
        The picture for ``--plot``.
    try_next
        Suggested next commands, without the leading ``nn demo``.
    missed
        What is wrong with an answer to an exercise; empty if it is right, or if there is none.
    """

    idea: str
    tables: tuple[Table, ...]
    findings: tuple[str, ...]
    values: Mapping[str, Any]
    try_next: tuple[str, ...]
    drawing: tuple[str, ...] = ()
    figure: Figure | None = field(default=None, repr=False)
    missed: str = ""


@dataclass(frozen=True)
class Positional:
    """Marks a parameter as a positional argument: ``Annotated[tuple[int, ...], Positional("help")]``."""

    help: str


def cell_text(value: Cell) -> str:
    """Return a cell of a table as people read it: numbers with six digits, yes or no, and text."""
    if isinstance(value, bool):
        return SHARED("yes" if value else "no")
    return f"{value:.6g}" if isinstance(value, float) else sentence(value if isinstance(value, str) else str(value))


def sentence(text: str) -> str:
    """Return a text with a space before each percent sign."""
    if isinstance(text, Text):
        return Text(PERCENT.sub(" %", text), PERCENT.sub(" %", text.zh))
    return PERCENT.sub(" %", text)
