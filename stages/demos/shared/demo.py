"""The report of a demonstration: plain values for the terminal, for JSON and for a picture."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nndigits.stages.figures.figure import Figure

Cell = str | int | float | bool

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
