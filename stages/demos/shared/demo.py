"""What a demonstration is: plain values that say what a run showed, for a terminal, for JSON, or for a picture."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nn.stages.figures.figure import Figure

Cell = str | int | float | bool

Progress = Callable[[str, float, float | None], None]
"""How a demonstration that takes its time says how far it is: ``run(*, ..., progress: Progress = quietly)``."""


def quietly(what: str, done: float, total: float | None) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Table:
    """Rows of figures under their names; numbers are given as they are, and rounded only when shown."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Demo:
    """What one demonstration showed.

    Attributes
    ----------
    idea
        Two or three plain sentences.
    tables
        The figures.
    drawing
        Lines of a drawing for the terminal; may be empty.
    findings
        What the run showed, each a sentence made of its own figures.
    values
        The figures for ``--json``, by name.
    figure
        What ``--plot`` draws.
    try_next
        Commands worth typing now, without the leading ``nn demo``.
    """

    idea: str
    tables: tuple[Table, ...]
    findings: tuple[str, ...]
    values: Mapping[str, Any]
    try_next: tuple[str, ...]
    drawing: tuple[str, ...] = ()
    figure: Figure | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Positional:
    """Marks a parameter that is given without a flag: ``Annotated[tuple[int, ...], Positional("help")]``."""

    help: str
