"""A demonstration as the page shows it: its texts in both languages, and its figure as an SVG element."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from html import unescape
from typing import Any

from markupsafe import Markup

from nndigits.stages.demos.shared.demo import Cell, Demo, Table
from nndigits.stages.demos.shared.index import Entry, source
from nndigits.stages.demos.shared.texts import Text, cell_text, sentence
from nndigits.stages.figures.figure import Figure
from nndigits.stages.pages.page import trusted
from nndigits.stages.pages.pictures import inline
from nndigits.stages.pages.texts import both

WORD = re.compile(r"[^\W\d_]{2}")
LABEL = re.compile(r"(<text [^>]*>)([^<]+)(?=</text>)")

LONG = 12
"""A table with more rows is folded."""


@dataclass(frozen=True)
class ShownTable:
    """A table: its title, the heads of its columns, which of them hold words, and its cells."""

    title: Markup
    columns: tuple[Markup, ...]
    words: tuple[bool, ...]
    rows: tuple[tuple[Markup, ...], ...]

    @property
    def is_long(self) -> bool:
        """Whether the table is folded."""
        return len(self.rows) > LONG


@dataclass(frozen=True)
class Shown:
    """A demonstration: its texts, its tables, its figure or else its drawing, and where it comes from."""

    name: str
    line: Markup
    idea: Markup
    tables: tuple[ShownTable, ...]
    findings: tuple[Markup, ...]
    figure: Markup | None
    drawing: str
    source: str
    solves_exercise: bool = False

    def without_solution(self) -> "Shown":
        """Return the demonstration with nothing of its results if it is the solution of an exercise."""
        if not self.solves_exercise:
            return self
        return replace(self, idea=Markup(), tables=(), findings=(), figure=None, drawing="")


def show(entry: Entry, demo: Demo, plain: Callable[[str], str]) -> Shown:
    """Return a demonstration as the page shows it. ``plain`` takes folders out of its texts."""

    def say(text: str, element: str = "span") -> Markup:
        text = sentence(text)
        return both(plain(text), plain(text.zh) if isinstance(text, Text) else None, element)

    return Shown(
        entry.name,
        say(entry.line),
        say(demo.idea),
        tuple(_table(table, say) for table in demo.tables),
        tuple(map(say, demo.findings)),
        None if demo.figure is None else _in_both(demo.figure, entry.name, say),
        "" if demo.figure is not None else "\n".join(line.rstrip() for line in demo.drawing),
        source(entry.name).replace(".", "/") + ".py",
        "exercise" in entry.section,
    )


def _table(table: Table, say: Callable[..., Markup]) -> ShownTable:
    def cell(value: Cell) -> Markup:
        return say(cell_text(value))

    return ShownTable(
        say(table.title),
        tuple(map(say, table.columns)),
        tuple(
            any(isinstance(cell, str) and WORD.search(cell) for cell in column)
            for column in zip(*table.rows, strict=True)
        ),
        tuple(tuple(map(cell, row)) for row in table.rows),
    )


def _in_both(figure: Figure, name: str, say: Callable[..., Markup]) -> Markup:
    """Return a figure whose labels have their Chinese versions."""
    labels: dict[str, Text] = {}
    for text in _texts(figure):
        labels |= zip(text.split("\n"), map(Text, text.split("\n"), text.zh.split("\n")), strict=True)

    def label(found: re.Match[str]) -> str:
        english = unescape(found[2])
        return f"{found[1]}{say(labels.get(english, english), 'tspan')}"

    return trusted(LABEL.sub(label, str(inline(figure, name))))


def _texts(part: Any) -> Iterator[Text]:
    """Yield the texts with Chinese versions in a figure."""
    if isinstance(part, Text):
        yield part
    elif is_dataclass(part):
        for field in fields(part):
            yield from _texts(getattr(part, field.name))
    elif isinstance(part, tuple):
        for one in part:
            yield from _texts(one)
