"""The demonstrations in the chapter's order: a line each, and the section where the book tells of it.

Each stands in a module of its own here, with a function ``run`` whose parameters become the command's flags.
A new demonstration is a new file and a new row.
"""

from importlib import import_module
from typing import NamedTuple


class Entry(NamedTuple):
    """One demonstration: its command, its place in the book, what it shows, and a command worth trying."""

    name: str
    section: str
    line: str
    example: str

    @property
    def module(self) -> str:
        """The module that holds its ``run``."""
        return f"nn.stages.demos.{self.name.replace('-', '_')}"


DEMOS = (
    Entry(
        "perceptron",
        "chapter 1, Perceptrons",
        "weigh the inputs, compare with a threshold: 0 or 1",
        "perceptron --weights 6,2,2 --threshold 5",
    ),
)

BY_NAME = {entry.name: entry for entry in DEMOS}


def load(name: str):  # type: ignore[no-untyped-def]
    """The function ``run`` of a demonstration; its module is imported only now."""
    return import_module(BY_NAME[name].module).run
